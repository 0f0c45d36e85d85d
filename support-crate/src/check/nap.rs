//! The exercise on the way through chapter 8.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::report::Report;

/// How long the nap is that is waited for.
const NAP: Duration = Duration::from_millis(20);

/// How long the check asks before it gives up.
const LONGEST: Duration = Duration::from_millis(500);

/// Checks `nap`, an exercise of chapter 8: `nap(ms)` gives a future that is ready with `"slept"` when `ms`
/// milliseconds have passed.
///
/// ```
/// use hitchhiker::check;
/// use std::future::poll_fn;
/// use std::task::Poll;
/// use std::time::{Duration, Instant};
///
/// fn nap(ms: u64) -> impl Future<Output = &'static str> {
///     let until = Instant::now() + Duration::from_millis(ms);
///     poll_fn(move |_context| {
///         if Instant::now() >= until { Poll::Ready("slept") } else { Poll::Pending }
///     })
/// }
/// assert!(check::nap(nap).passed());
/// ```
pub fn nap<F>(nap: impl Fn(u64) -> F + Send + 'static) -> Report
where
    F: Future<Output = &'static str>,
{
    Report::on(move |cases| {
        let first_answer = |ms| {
            let future = pin!(nap(ms));
            answer(&future.poll(&mut Context::from_waker(Waker::noop())))
        };
        let ready = "Ready(\"slept\")".to_owned();
        let pending = "Pending".to_owned();
        cases.expect_value("the first poll of nap(0)", "answers", &ready, || {
            first_answer(0)
        });
        cases.expect_value("the first poll of nap(60_000)", "answers", &pending, || {
            first_answer(60_000)
        });
        cases.expect(
            "nap(20), asked again and again, is ready after 20 ms",
            || {
                let begun = Instant::now();
                let mut future = pin!(nap(20));
                let mut context = Context::from_waker(Waker::noop());
                while future.as_mut().poll(&mut context).is_pending() {
                    if begun.elapsed() > LONGEST {
                        let waited = LONGEST.as_millis();
                        return Err(format!("yours is still pending after {waited} ms"));
                    }
                }
                match begun.elapsed() {
                    took if took < NAP => {
                        Err(format!("yours is ready after {} ms", took.as_millis()))
                    }
                    _ => Ok(()),
                }
            },
        );
    })
}

fn answer(polled: &Poll<&str>) -> String {
    format!("{polled:?}")
}
