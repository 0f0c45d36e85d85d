//! What Jupyter asks and the kernel answers: passed as it is, one cell after the other.

use std::sync::Arc;

use jupyter_protocol::Header;
use jupyter_zmq_client::{Connection, RawMessage};
use tokio::sync::watch;
use tokio::task::JoinSet;
use zeromq::{
    DealerRecvHalf, DealerSendHalf, DealerSocket, RouterRecvHalf, RouterSendHalf, RouterSocket,
    SocketRecv, SocketSend, ZmqMessage,
};

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

/// What becomes of a request.
pub enum Verdict {
    Passes,
    /// It passes, and those behind it wait until the gate opens.
    Closes(Gate),
    Dropped,
}

/// Passes requests as `judge` says, and all answers.
pub fn pass(
    tasks: &mut JoinSet<()>,
    front_ends: RouterSocket,
    kernel: DealerSocket,
    judge: impl FnMut(&ZmqMessage) -> Verdict + Send + 'static,
) {
    let (to_front_ends, from_front_ends) = front_ends.split();
    let (to_kernel, from_kernel) = kernel.split();
    tasks.spawn(requests(from_front_ends, to_kernel, judge));
    tasks.spawn(answers(from_kernel, to_front_ends));
}

async fn requests(
    mut front_ends: RouterRecvHalf,
    mut kernel: DealerSendHalf,
    mut judge: impl FnMut(&ZmqMessage) -> Verdict,
) {
    while let Ok(message) = front_ends.recv().await {
        let gate = match judge(&message) {
            Verdict::Passes => None,
            Verdict::Closes(gate) => Some(gate),
            Verdict::Dropped => continue,
        };
        if let Some(gate) = &gate {
            gate.close();
        }
        if kernel.send(message).await.is_err() {
            return; // the kernel has ended, and the relay is about to
        }
        if let Some(gate) = gate {
            gate.opened().await;
        }
    }
}

async fn answers(mut kernel: DealerRecvHalf, mut front_ends: RouterSendHalf) {
    while let Ok(message) = kernel.recv().await {
        // A front end may have left without its answer.
        let _ = front_ends.send(message).await;
    }
}

/// Takes a message apart if it is signed with the key of `connection`.
pub fn verifier<S>(
    connection: &Connection<S>,
) -> impl Fn(&ZmqMessage) -> Option<RawMessage> + Send + use<S> {
    let key = connection.mac.clone();
    move |message| {
        RawMessage::from_multipart(message.clone(), &key)
            .inspect_err(|error| {
                eprintln!("a message that is not rightly signed was dropped: {error}")
            })
            .ok()
    }
}

/// The header of a message, if it has one.
pub fn header(message: &RawMessage) -> Option<Header> {
    serde_json::from_slice(&message.jparts[0]).ok()
}
