//! The third exercise of chapter 7.

use std::time::{Duration, Instant};

use super::engine::Unwritten;
use super::report::Report;

/// What [`pause`] takes:
/// `fn pause(is_ready: bool, earliest: Option<Instant>, now: Instant) -> Option<Duration>`.
#[diagnostic::on_unimplemented(
    message = "`pause` is to be a `fn(bool, Option<Instant>, Instant) -> Option<Duration>`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn pause(is_ready: bool, earliest: Option<Instant>, now: Instant) -> Option<Duration> {{`"
)]
pub trait Pause: Send + 'static {
    #[doc(hidden)]
    fn of(&self, is_ready: bool, earliest: Option<Instant>, now: Instant) -> Option<Duration>;
}

impl Pause for fn(bool, Option<Instant>, Instant) -> Option<Duration> {
    fn of(&self, is_ready: bool, earliest: Option<Instant>, now: Instant) -> Option<Duration> {
        self(is_ready, earliest, now)
    }
}

impl Pause for fn(Unwritten, Unwritten, Unwritten) -> Unwritten {
    fn of(&self, _: bool, _: Option<Instant>, _: Instant) -> Option<Duration> {
        unreachable!("nobody has an `Unwritten` to return")
    }
}

/// Checks `pause`, the third exercise of chapter 7: how long an event loop may wait for the system,
/// where `None` is for as long as it takes.
///
/// ```
/// use hitchhiker::check;
/// use std::time::{Duration, Instant};
///
/// fn pause(is_ready: bool, earliest: Option<Instant>, now: Instant) -> Option<Duration> {
///     if is_ready {
///         return Some(Duration::ZERO);
///     }
///     Some(earliest?.saturating_duration_since(now))
/// }
/// assert!(check::pause(pause).passed());
/// ```
pub fn pause<A, B, C, R>(pause: fn(A, B, C) -> R) -> Report
where
    fn(A, B, C) -> R: Pause,
{
    Report::on(move |cases| {
        let now = Instant::now();
        let (soon, zero) = (Duration::from_secs(2), Some(Duration::ZERO));
        let later = Some(now + soon);
        let mut case = |what: &str, wanted, is_ready, earliest, now| {
            cases.expect_value(what, "gives", &wanted, || pause.of(is_ready, earliest, now));
        };
        case(
            "the earliest deadline in 2 s",
            Some(soon),
            false,
            later,
            now,
        );
        case("no task that sleeps", None, false, None, now);
        case("a task that is ready", zero, true, None, now);
        case(
            "a task that is ready, and a deadline in 2 s",
            zero,
            true,
            later,
            now,
        );
        case(
            "a deadline that has passed",
            zero,
            false,
            Some(now),
            now + soon,
        );
    })
}
