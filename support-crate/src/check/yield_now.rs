//! The exercise at the end of chapter 9.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::engine::Cases;
use super::report::Report;

/// What [`yield_now`] takes: `async fn yield_now()`.
#[diagnostic::on_unimplemented(
    message = "`yield_now` is to be an `async fn` that takes and returns nothing, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `async fn yield_now() {{`"
)]
pub trait YieldNow: Send + 'static {
    #[doc(hidden)]
    fn begin(&self) -> impl Future<Output = ()> + 'static;
}

impl<Y, F> YieldNow for Y
where
    Y: Fn() -> F + Send + 'static,
    F: Future<Output = ()> + 'static,
{
    fn begin(&self) -> impl Future<Output = ()> + 'static {
        self()
    }
}

/// How often a future is polled before the check gives up.
const MOST_POLLS: u32 = 9;

/// Checks `yield_now`, the exercise of chapter 9: a future that is pending once, has itself polled
/// again, and is ready then.
///
/// ```
/// use hitchhiker::check;
/// use std::future::poll_fn;
/// use std::task::Poll;
///
/// async fn yield_now() {
///     let mut given_way = false;
///     poll_fn(|context| {
///         if given_way {
///             return Poll::Ready(());
///         }
///         given_way = true;
///         context.waker().wake_by_ref();
///         Poll::Pending
///     })
///     .await
/// }
/// assert!(check::yield_now(yield_now).passed());
/// ```
pub fn yield_now(yield_now: impl YieldNow) -> Report {
    Report::on(move |cases| {
        is_polled_twice(cases, &yield_now);
        wakes_itself(cases, &yield_now);
        lets_others_run(cases, &yield_now);
    })
}

fn is_polled_twice(cases: &mut Cases, yield_now: &impl YieldNow) {
    cases.expect("yield_now() is ready at the second poll", || {
        let mut future = pin!(yield_now.begin());
        let mut context = Context::from_waker(Waker::noop());
        let ready = (1..=MOST_POLLS).find(|_| future.as_mut().poll(&mut context).is_ready());
        match ready {
            Some(2) => Ok(()),
            Some(1) => Err("yours is ready at the first".into()),
            Some(poll) => Err(format!("yours is ready at poll {poll}")),
            None => Err(format!("yours is pending after {MOST_POLLS} polls")),
        }
    });
}

fn wakes_itself(cases: &mut Cases, yield_now: &impl YieldNow) {
    cases.expect(
        "it wakes its task once, before the first poll is over",
        || {
            let wakes = Arc::new(Counter::default());
            let waker = Waker::from(wakes.clone());
            let mut future = pin!(yield_now.begin());
            let first = future.as_mut().poll(&mut Context::from_waker(&waker));
            match (first, Counter::count(&wakes)) {
                (Poll::Pending, 1) => Ok(()),
                (Poll::Pending, 0) => Err("yours is pending, and nobody will wake it".into()),
                (Poll::Pending, count) => Err(format!("yours wakes it {count} times")),
                (Poll::Ready(()), _) => Err("yours does not wait at all".into()),
            }
        },
    );
}

fn lets_others_run(cases: &mut Cases, yield_now: &impl YieldNow) {
    let wanted = ["a 1", "b 1", "a 2", "b 2", "a 3", "b 3"].map(str::to_owned);
    cases.expect_value(
        "two tasks that give way in three rounds",
        "run as",
        &Vec::from(wanted),
        || {
            let told = RefCell::new(vec![]);
            let task = |name: &'static str| {
                let told = &told;
                async move {
                    for round in 1..=3 {
                        told.borrow_mut().push(format!("{name} {round}"));
                        yield_now.begin().await;
                    }
                }
            };
            run_in_turns([Box::pin(task("a")), Box::pin(task("b"))]);
            told.into_inner()
        },
    );
}

/// Polls the tasks in turns, each as long as it is woken, and not for ever.
fn run_in_turns<F: Future<Output = ()>>(tasks: [Pin<Box<F>>; 2]) {
    let mut queue: VecDeque<_> = tasks
        .into_iter()
        .map(|task| (task, Arc::default()))
        .collect();
    let mut polls = 0;
    while let Some((mut task, wakes)) = queue.pop_front() {
        let before = Counter::count(&wakes);
        let waker = Waker::from(wakes.clone());
        let answer = task.as_mut().poll(&mut Context::from_waker(&waker));
        polls += 1;
        if answer.is_pending() && Counter::count(&wakes) > before && polls < 4 * MOST_POLLS {
            queue.push_back((task, wakes));
        }
    }
}

/// Counts wakes.
#[derive(Default)]
struct Counter(AtomicU32);

impl Counter {
    fn count(counter: &Arc<Self>) -> u32 {
        counter.0.load(Ordering::Acquire)
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}
