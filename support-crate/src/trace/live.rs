//! A display that follows a record while it grows.

use std::fmt::{self, Debug};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Trace;
use crate::display::{Show, show};

/// How often the display is drawn anew, at most.
const EVERY: Duration = Duration::from_millis(100);

/// A view of a trace that is drawn again while the trace grows; dropped, it draws the last state. See
/// [`Trace::live`].
///
/// A thread of its own draws. On a kernel that shows things at their cell's end, the last state is
/// shown there.
#[must_use = "the display follows the trace until this is dropped"]
pub struct Live {
    /// The thread ends when this sender is dropped.
    running: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Live {
    pub(super) fn of<V: Show>(trace: Trace, view: impl Fn(&Trace) -> V + Send + 'static) -> Self {
        let shown = show(&view(&trace));
        let (running, ended) = mpsc::channel();
        let follow = move || {
            let mut drawn = 0;
            loop {
                let has_ended = ended.recv_timeout(EVERY) != Err(RecvTimeoutError::Timeout);
                let count = trace.count();
                if count != drawn {
                    drawn = count;
                    shown.update(&view(&trace));
                }
                if has_ended {
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name("live trace".into())
            .spawn(follow);
        Self {
            running: Some(running),
            // Without a thread, what is shown stays as it is: a picture is no reason to fail.
            thread: thread.ok(),
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // a panic of the thread has been printed; nothing is left to draw
        }
    }
}

impl Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}
