//! The exercise of chapter 1.

use super::engine::Unwritten;
use super::report::Report;
use crate::coroutine::Generator;

/// What [`countdown`] takes: `fn countdown(start: u32) -> Generator<u32>`.
#[diagnostic::on_unimplemented(
    message = "`countdown` is to be a `fn(u32) -> Generator<u32>`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn countdown(start: u32) -> Generator<u32> {{`"
)]
pub trait Countdown: Send + 'static {
    #[doc(hidden)]
    fn of(&self, start: u32) -> Generator<u32>;
}

impl Countdown for fn(u32) -> Generator<u32> {
    fn of(&self, start: u32) -> Generator<u32> {
        self(start)
    }
}

impl Countdown for fn(Unwritten) -> Unwritten {
    fn of(&self, _: u32) -> Generator<u32> {
        unreachable!("nobody has an `Unwritten` to return")
    }
}

/// Checks `countdown`, the exercise of chapter 1: it yields `start`, then `start - 1`, and so on
/// down to 1.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::*;
///
/// fn countdown(start: u32) -> Generator<u32> {
///     generator! { yield from (1..=start).rev(); }
/// }
/// assert!(check::countdown(countdown).passed());
/// ```
pub fn countdown<A, R>(countdown: fn(A) -> R) -> Report
where
    fn(A) -> R: Countdown,
{
    Report::on(move |cases| {
        for start in [3, 1, 0] {
            let wanted: Vec<u32> = (1..=start).rev().collect();
            let what = format!("countdown({start})");
            // A few more than are wanted, so that an endless body gets an answer as well.
            cases.expect_value(&what, "yields", &wanted, || {
                countdown.of(start).take(9).collect()
            });
        }
    })
}
