//! What Jupyter asks and the kernel answers: passed as it is, one cell after the other.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, watch};
use tokio::time::timeout;

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

/// How long nobody asks for anything before evcxr reads ahead. Whoever runs all cells at once sends the first
/// one sooner than that, and must not wait.
const READING: Duration = Duration::from_millis(500);

/// The kind of request that runs a cell.
const CELL: &str = "execute_request";

/// What else happens when a request passes.
pub enum Beside {
    Nothing,
    /// A cell closes the gate for the requests behind it. What the relay itself asks goes `ahead` of the first
    /// cell, while the reader still reads.
    Cells {
        gate: Gate,
        ahead: Option<Message>,
    },
    /// A request to shut down is reported.
    Shutdowns(Arc<Notify>),
}

impl Beside {
    /// The next request, from a front end or from the relay itself.
    async fn next(&mut self, front_ends: &mut mpsc::Receiver<Request>) -> Option<Request> {
        let Self::Cells { ahead, .. } = self else {
            return front_ends.recv().await;
        };
        let Some(message) = ahead.take() else {
            return front_ends.recv().await;
        };
        let Ok(next) = timeout(READING, front_ends.recv()).await else {
            let kind = "complete_request".to_owned();
            return Some(Request { kind, message });
        };
        if next.as_ref().is_some_and(|next| next.kind != CELL) {
            *ahead = Some(message);
        }
        next
    }
}

/// Passes requests to the kernel.
pub async fn pass(
    mut requests: mpsc::Receiver<Request>,
    mut kernel: ToKernel,
    mut beside: Beside,
) -> io::Result<()> {
    while let Some(Request { kind, message }) = beside.next(&mut requests).await {
        match &beside {
            Beside::Cells { gate, .. } if kind == CELL => {
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn message(text: &'static str) -> Message {
        vec![Bytes::from_static(text.as_bytes())]
    }

    fn request(kind: &str) -> Request {
        Request {
            kind: kind.to_owned(),
            message: message("a front end's"),
        }
    }

    /// A shell channel whose relay has something to ask.
    struct Shell {
        requests: mpsc::Receiver<Request>,
        beside: Beside,
    }

    impl Shell {
        fn new() -> (mpsc::Sender<Request>, Self) {
            let (sender, requests) = mpsc::channel(8);
            let beside = Beside::Cells {
                gate: Gate::default(),
                ahead: Some(message("the relay's")),
            };
            (sender, Self { requests, beside })
        }

        async fn next(&mut self) -> Option<(String, Message)> {
            let next = self.beside.next(&mut self.requests).await?;
            Some((next.kind, next.message))
        }

        async fn next_kind(&mut self) -> String {
            self.next().await.expect("a request").0
        }
    }

    #[tokio::test(start_paused = true)]
    async fn evcxr_reads_ahead_once_when_nobody_asks_for_anything() {
        let (sender, mut shell) = Shell::new();
        sender
            .send(request("kernel_info_request"))
            .await
            .expect("room");
        assert_eq!(shell.next_kind().await, "kernel_info_request");
        let ahead = shell.next().await.expect("the relay's request");
        assert_eq!(
            ahead,
            ("complete_request".to_owned(), message("the relay's"))
        );
        assert!(timeout(10 * READING, shell.next()).await.is_err());
        sender.send(request(CELL)).await.expect("room");
        assert_eq!(shell.next_kind().await, CELL);
    }

    #[tokio::test(start_paused = true)]
    async fn evcxr_does_not_read_ahead_of_a_cell_that_has_come() {
        let (sender, mut shell) = Shell::new();
        for kind in ["kernel_info_request", CELL] {
            sender.send(request(kind)).await.expect("room");
            assert_eq!(shell.next_kind().await, kind);
        }
        assert!(timeout(10 * READING, shell.next()).await.is_err());
        drop(sender);
        assert!(shell.next().await.is_none());
    }
}
