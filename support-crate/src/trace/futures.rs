//! A future that tells when it is polled and woken.

use std::fmt::{self, Debug};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use pin_project_lite::pin_project;

use super::record::{Lane, What, value};

pin_project! {
    /// A future that a [`Trace`](super::Trace) has wrapped; it does what the future in it does.
    #[must_use = "futures do nothing unless they are polled"]
    pub struct Traced<F> {
        // `None` once the future is ready: nothing is polled after that, and nothing is left to drop.
        #[pin]
        future: Option<F>,
        lane: Lane,
        was_polled: bool,
    }

    impl<F> PinnedDrop for Traced<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.future.is_some() && *this.was_polled {
                this.lane.told(What::Drop);
                this.lane.enters();
                this.future.set(None);
                this.lane.leaves();
            }
        }
    }
}

impl<F> Traced<F> {
    pub(super) fn new(future: F, lane: Lane) -> Self {
        Self {
            future: Some(future),
            lane,
            was_polled: false,
        }
    }
}

impl<F> Future for Traced<F>
where
    F: Future,
    F::Output: Debug,
{
    type Output = F::Output;

    /// # Panics
    ///
    /// When the future is polled again after it was ready: an `async` block panics then, too.
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else {
            panic!("a future was polled after it was ready");
        };
        *this.was_polled = true;
        this.lane.asked(What::Poll, String::new());
        let waker = telling_waker(this.lane, context.waker());
        let unwound = Unwound(this.lane);
        let polled = future.poll(&mut Context::from_waker(&waker));
        match &polled {
            Poll::Pending => this.lane.answers(What::Pending, String::new(), false),
            // An `async` block has dropped its locals by now.
            Poll::Ready(output) => this.lane.answers(What::Ready, value(output), true),
        }
        std::mem::forget(unwound);
        if polled.is_ready() {
            this.future.set(None);
        }
        polled
    }
}

impl<F> Debug for Traced<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced").finish_non_exhaustive()
    }
}

/// Tells of a panic, which drops this on its way out of a poll.
struct Unwound<'a>(&'a Lane);

impl Drop for Unwound<'_> {
    fn drop(&mut self) {
        self.0.answers(What::Panic, String::new(), true);
    }
}

/// A waker that tells when it wakes, and passes the wake on to `waker`.
pub(super) fn telling_waker(lane: &Lane, waker: &Waker) -> Waker {
    Waker::from(Arc::new(Telling {
        lane: lane.clone(),
        waker: waker.clone(),
    }))
}

struct Telling {
    lane: Lane,
    waker: Waker,
}

impl Wake for Telling {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.lane.told(What::Wake);
        self.waker.wake_by_ref();
    }
}
