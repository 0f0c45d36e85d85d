//! The exercise at the end of chapter 8.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use super::engine::Cases;
use super::report::Report;

/// What is sent here.
const VALUE: i64 = 42;

/// Checks a channel for one value, the exercise of chapter 8. `channel` gives both ends. `send` sends the value, and
/// the receiver is a future that is ready with it.
///
/// ```
/// use hitchhiker::check;
/// use tokio::sync::oneshot;
///
/// fn channel() -> (oneshot::Sender<i64>, impl Future<Output = i64>) {
///     let (sender, receiver) = oneshot::channel();
///     (sender, async { receiver.await.unwrap_or(0) })
/// }
/// fn send(sender: oneshot::Sender<i64>, value: i64) {
///     let _ = sender.send(value);
/// }
/// assert!(check::one_shot(channel, send).passed());
/// ```
pub fn one_shot<S, R>(
    channel: impl Fn() -> (S, R) + Send + 'static,
    send: impl Fn(S, i64) + Send + Sync + 'static,
) -> Report
where
    S: Send + 'static,
    R: Future<Output = i64> + 'static,
{
    Report::on(move |cases| {
        is_ready_at_once(cases, &channel, &send);
        waits_and_is_woken(cases, &channel, &send);
        wakes_the_latest(cases, &channel, &send);
        crosses_threads(cases, &channel, &send);
    })
}

fn is_ready_at_once<S, R: Future<Output = i64>>(
    cases: &mut Cases,
    channel: &impl Fn() -> (S, R),
    send: &impl Fn(S, i64),
) {
    let what = "the first poll after send(42)";
    cases.expect_value(what, "answers", &Poll::Ready(VALUE), || {
        let (sender, receiver) = channel();
        send(sender, VALUE);
        pin!(receiver).poll(&mut Context::from_waker(Waker::noop()))
    });
}

fn waits_and_is_woken<S, R: Future<Output = i64>>(
    cases: &mut Cases,
    channel: &impl Fn() -> (S, R),
    send: &impl Fn(S, i64),
) {
    cases.expect(
        "a receiver that waits is woken once, by send, and is ready then",
        || {
            let (sender, receiver) = channel();
            let (mut receiver, task) = (pin!(receiver), Counter::new());
            if task.poll(receiver.as_mut()).is_ready() {
                return Err("yours is ready before anything was sent".into());
            }
            if task.wakes() > 0 {
                return Err("yours wakes its task before anything was sent".into());
            }
            send(sender, VALUE);
            match (task.wakes(), task.poll(receiver)) {
                (1, Poll::Ready(VALUE)) => Ok(()),
                (0, _) => Err("yours is not woken".into()),
                (1, Poll::Pending) => Err("yours is woken, and is pending then".into()),
                (1, Poll::Ready(value)) => Err(format!("yours is ready with {value}")),
                (wakes, _) => Err(format!("yours is woken {wakes} times")),
            }
        },
    );
}

fn wakes_the_latest<S, R: Future<Output = i64>>(
    cases: &mut Cases,
    channel: &impl Fn() -> (S, R),
    send: &impl Fn(S, i64),
) {
    cases.expect(
        "a receiver polled by a first task, then by a second one: send wakes the second",
        || {
            let (sender, receiver) = channel();
            let (mut receiver, first, second) = (pin!(receiver), Counter::new(), Counter::new());
            let _ = first.poll(receiver.as_mut());
            let _ = second.poll(receiver);
            send(sender, VALUE);
            match (first.wakes(), second.wakes()) {
                (0, 1) => Ok(()),
                (0, 0) => Err("yours wakes neither".into()),
                (_, 0) => Err("yours wakes the first".into()),
                (0, many) => Err(format!("yours wakes it {many} times")),
                _ => Err("yours wakes both".into()),
            }
        },
    );
}

fn crosses_threads<S: Send, R: Future<Output = i64>>(
    cases: &mut Cases,
    channel: &impl Fn() -> (S, R),
    send: &(impl Fn(S, i64) + Sync),
) {
    let what = "a receiver that waits while another thread sends 42";
    cases.expect_value(what, "gives", &VALUE, || {
        let (sender, receiver) = channel();
        thread::scope(|scope| {
            let (waits, is_waiting) = mpsc::channel();
            scope.spawn(move || {
                // It fails where the receiver panicked, and then nobody waits for a value.
                if is_waiting.recv().is_ok() {
                    send(sender, VALUE);
                }
            });
            // A queue, not `thread::park`: the end of a scoped thread unparks the one that waits for it.
            let (wakes, woken) = mpsc::channel();
            let waker = Waker::from(Arc::new(Bell(wakes)));
            let mut receiver = pin!(receiver);
            loop {
                let answer = receiver.as_mut().poll(&mut Context::from_waker(&waker));
                if let Poll::Ready(value) = answer {
                    return value;
                }
                let _ = waits.send(()); // from the second time on, nobody needs to know
                let _ = woken.recv(); // the waker outlives this, so there is a sender
            }
        })
    });
}

/// A task that only counts how often it is woken.
struct Counter(Arc<Wakes>);

#[derive(Default)]
struct Wakes(AtomicU32);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

impl Counter {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn poll<R: Future>(&self, future: Pin<&mut R>) -> Poll<R::Output> {
        let waker = Waker::from(self.0.clone());
        future.poll(&mut Context::from_waker(&waker))
    }

    fn wakes(&self) -> u32 {
        self.0.0.load(Ordering::Acquire)
    }
}

struct Bell(mpsc::Sender<()>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let _ = self.0.send(()); // it fails where the receiver has its value already
    }
}
