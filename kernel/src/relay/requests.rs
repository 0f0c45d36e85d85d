//! What Jupyter asks and the kernel answers: passed as it is, one cell after the other.

use std::io;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc, watch};

use super::kernel::{FromKernel, ToKernel};
use super::zmtp::{Message, Peers};

/// Holds requests back while a cell runs.
///
/// The kernel answers them one after the other anyway. But it counts what a cell prints last to the next
/// cell once that has begun: a next cell is to begin when everything of the one before is through.
#[derive(Clone, Default)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Gate {
    /// The kernel runs a cell.
    fn close(&self) {
        self.0.send_replace(true);
    }

    /// The cell is done.
    pub fn open(&self) {
        self.0.send_replace(false);
    }

    async fn opened(&self) {
        // It fails when the sender is gone, and that is this one.
        let _ = self.0.subscribe().wait_for(|closed| !closed).await;
    }
}

/// A request that may pass, and its kind.
pub struct Request {
    pub kind: String,
    pub message: Message,
}

/// What happens besides as a request passes.
pub enum Beside {
    Nothing,
    /// A cell closes the gate for what comes behind it.
    Cells(Gate),
    /// A shutdown is told of.
    Shutdowns(Arc<Notify>),
}

/// Passes requests.
pub async fn pass(
    mut requests: mpsc::Receiver<Request>,
    mut kernel: ToKernel,
    beside: Beside,
) -> io::Result<()> {
    while let Some(Request { kind, message }) = requests.recv().await {
        match &beside {
            Beside::Cells(gate) if kind == "execute_request" => {
                gate.close();
                kernel.send(&message).await?;
                gate.opened().await;
                continue;
            }
            Beside::Shutdowns(shutdown) if kind == "shutdown_request" => shutdown.notify_one(),
            _ => {}
        }
        kernel.send(&message).await?;
    }
    Ok(())
}

/// Passes answers.
pub async fn answer(mut kernel: FromKernel, front_ends: Peers) -> io::Result<()> {
    loop {
        front_ends.answer(kernel.receive().await?).await;
    }
}
