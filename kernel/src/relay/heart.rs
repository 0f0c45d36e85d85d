//! The kernel's heart. A front end that asks whether it beats is answered when the kernel itself has answered.

use std::io;
use std::pin::pin;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::kernel::Link;

/// How many front ends may wait until their question is passed on.
const QUEUE: usize = 64;

/// Where front ends ask.
#[derive(Clone)]
pub struct Heart(mpsc::Sender<oneshot::Sender<()>>);

/// The front ends that have asked.
pub struct Questions(mpsc::Receiver<oneshot::Sender<()>>);

impl Heart {
    pub fn new() -> (Self, Questions) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        (Self(sender), Questions(receiver))
    }

    /// Waits until the heart has beaten. The heart of a kernel that hangs never does.
    pub async fn beat(&self) {
        let (answer, answered) = oneshot::channel();
        // Both fail when the relay is about to end.
        let _ = self.0.send(answer).await;
        let _ = answered.await;
    }
}

/// Asks the kernel one question for all that wait.
pub async fn pass(Questions(mut questions): Questions, kernel: Link) -> io::Result<()> {
    let (from_kernel, mut to_kernel) = kernel.split();
    let mut beat = pin!(from_kernel.next());
    let ping = vec![Bytes::new(), Bytes::from_static(b"ping")];
    let mut waiting = Vec::new();
    loop {
        tokio::select! {
            asked = questions.recv_many(&mut waiting, QUEUE) => match asked {
                0 => return Ok(()),
                _ => to_kernel.send(&ping).await?,
            },
            // Nobody has asked, so no answer can come: nearly always the kernel has closed the connection.
            (from_kernel, unasked) = &mut beat => {
                unasked?;
                beat.set(from_kernel.next());
                continue;
            }
        }
        let (from_kernel, answer) = (&mut beat).await;
        answer?;
        beat.set(from_kernel.next());
        for asker in waiting.drain(..) {
            // The front end that has asked may have left.
            let _ = asker.send(());
        }
    }
}
