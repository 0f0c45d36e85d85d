//! The exercises of chapter 10: three functions that do not compile, to be mended.

use std::cell::Cell;
use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, TryLockError};
use std::task::{Context, Poll, Waker};
use std::thread;

use super::report::Report;

/// How often a future is polled before a check gives up.
const MOST_POLLS: usize = 1_000;

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls until `future` is ready, and gives its value.
fn finish<F: Future + ?Sized>(mut future: Pin<&mut F>) -> Result<F::Output, String> {
    for _ in 0..MOST_POLLS {
        if let Poll::Ready(value) = poll(future.as_mut()) {
            return Ok(value);
        }
    }
    Err(format!("yours is pending after {MOST_POLLS} polls"))
}

/// Checks `note`, the first exercise of chapter 10: a future that may go to another thread, writes 1 and
/// 2 into a list behind a lock, and waits before each of them without the lock.
///
/// ```
/// use hitchhiker::check;
/// use std::sync::{Arc, Mutex};
///
/// fn note(list: Arc<Mutex<Vec<u32>>>) -> impl Future<Output = ()> + Send {
///     async move { list.lock().unwrap().extend([1, 2]) }
/// }
/// let said = check::note(note).to_string();
/// assert!(said.starts_with("✗ the first poll of note answers Pending; yours answers Ready(())"));
/// ```
pub fn note<F>(note: fn(Arc<Mutex<Vec<u32>>>) -> F) -> Report
where
    F: Future<Output = ()> + Send + 'static,
{
    Report::on(move |cases| {
        let list = Arc::default();
        let mut future = Box::pin(note(Arc::clone(&list)));
        let mut pending = false;
        cases.expect("the first poll of note answers Pending", || {
            pending = poll(future.as_mut()).is_pending();
            match pending {
                true => Ok(()),
                false => Err("yours answers Ready(())".to_owned()),
            }
        });
        if !pending {
            return;
        }
        cases.expect("the lock is free while note waits", || {
            match list.try_lock() {
                Err(TryLockError::WouldBlock) => Err("yours holds it".to_owned()),
                _ => Ok(()),
            }
        });
        cases.expect("on another thread, it goes on and writes [1, 2]", || {
            // A panic there goes on here, where the report reads it.
            let thread = thread::spawn(move || finish(future.as_mut()));
            match thread.join() {
                Ok(finished) => finished?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
            let list = list.lock().map_err(|_| "yours panicked with the lock")?;
            match list.as_slice() {
                [1, 2] => Ok(()),
                other => Err(format!("yours writes {other:?}")),
            }
        });
    })
}

/// A future that is pending for some polls, and must not be moved between them: what [`first`] is
/// tried with.
pub struct Waits {
    name: &'static str,
    pending: Cell<u32>,
    /// Where the first poll found this value.
    place: Cell<Option<usize>>,
    _pinned: PhantomPinned,
}

impl Waits {
    fn new(name: &'static str, pending: u32) -> Self {
        Self {
            name,
            pending: Cell::new(pending),
            place: Cell::new(None),
            _pinned: PhantomPinned,
        }
    }
}

impl Future for Waits {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        let here = (&raw const *self).addr();
        let place = self.place.replace(Some(here));
        assert!(
            place.is_none_or(|place| place == here),
            "it moved a future between two polls"
        );
        match self.pending.get().checked_sub(1) {
            Some(left) => self.pending.set(left),
            None => return Poll::Ready(self.name),
        }
        Poll::Pending
    }
}

/// Checks `first`, the second exercise of chapter 10: it polls all futures of a list, and gives the value
/// of the one that is ready first. The futures must not be moved once they have been polled.
///
/// ```
/// use hitchhiker::check;
///
/// async fn first<F: Future>(futures: Vec<F>) -> F::Output {
///     futures.into_iter().next().unwrap().await
/// }
/// let said = check::first(first).to_string();
/// assert_eq!(said, "✗ of slow, quick and slower, first gives \"quick\"; yours gives \"slow\"");
/// ```
pub fn first<F>(first: fn(Vec<Waits>) -> F) -> Report
where
    F: Future<Output = &'static str> + 'static,
{
    Report::on(move |cases| {
        let expected = "of slow, quick and slower, first gives \"quick\"";
        cases.expect(expected, || {
            let futures = [("slow", 3), ("quick", 1), ("slower", 5)];
            let futures = futures.map(|(name, pending)| Waits::new(name, pending));
            match finish(pin!(first(futures.into())))? {
                "quick" => Ok(()),
                other => Err(format!("yours gives {other:?}")),
            }
        });
    })
}

/// Checks `steps`, the third exercise of chapter 10: how many steps it takes from a number to 1, where
/// each step halves an even number, and makes 3n + 1 of an odd one.
///
/// ```
/// use hitchhiker::check;
///
/// async fn steps(n: u64) -> u32 {
///     if n == 1 { 0 } else { 1 + Box::pin(steps(n - 1)).await }
/// }
/// assert!(check::steps(steps).to_string().contains("✗ steps(6) gives 8; yours gives 5"));
/// ```
pub fn steps<F>(steps: fn(u64) -> F) -> Report
where
    F: Future<Output = u32> + 'static,
{
    Report::on(move |cases| {
        for (n, wanted) in [(1, 0), (6, 8), (27, 111)] {
            cases.expect(format!("steps({n}) gives {wanted}"), || {
                match finish(pin!(steps(n)))? {
                    steps if steps == wanted => Ok(()),
                    steps => Err(format!("yours gives {steps}")),
                }
            });
        }
    })
}
