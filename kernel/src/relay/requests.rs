//! What Jupyter asks and the kernel answers: passed as it is, one cell after the other.

use std::io;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc, watch};

use super::kernel::{FromKernel, ToKernel};
use super::zmtp::{Message, Peers};

/// Holds requests back while a cell runs.
///
/// The kernel runs cells one after the other anyway. But once the next cell has begun, the kernel counts what
/// still comes from the cell before to the next one. So the next cell begins when everything that the cell
/// before has printed is through.
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
        // This fails only when the sender is gone, and `self` holds the sender.
        let _ = self.0.subscribe().wait_for(|closed| !closed).await;
    }
}

/// A request that may pass, and its kind.
pub struct Request {
    pub kind: String,
    pub message: Message,
}

/// What else happens when a request passes.
pub enum Beside {
    Nothing,
    /// A cell closes the gate for the requests behind it.
    Cells(Gate),
    /// A request to shut down is reported.
    Shutdowns(Arc<Notify>),
}

/// Passes requests to the kernel.
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

/// Passes answers to the front ends.
pub async fn answer(mut kernel: FromKernel, front_ends: Peers) -> io::Result<()> {
    loop {
        front_ends.answer(kernel.receive().await?).await;
    }
}
