//! The exercise of chapter 2.

use super::engine::Unwritten;
use super::report::Report;
use crate::coroutine::{Generator, Raised};

/// What [`average`] takes: `fn average() -> Generator<Option<f64>, f64>`.
#[diagnostic::on_unimplemented(
    message = "`average` is to be a `fn() -> Generator<Option<f64>, f64>`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn average() -> Generator<Option<f64>, f64> {{`"
)]
pub trait Average: Send + 'static {
    #[doc(hidden)]
    fn start(&self) -> Generator<Option<f64>, f64>;
}

impl Average for fn() -> Generator<Option<f64>, f64> {
    fn start(&self) -> Generator<Option<f64>, f64> {
        self()
    }
}

impl Average for fn() -> Unwritten {
    fn start(&self) -> Generator<Option<f64>, f64> {
        unreachable!("nobody has an `Unwritten` to return")
    }
}

/// Checks `average`, the exercise of chapter 2: it answers each number that it is sent with the mean
/// of all numbers so far, `None` before the first one, and ends when nothing is sent.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::*;
///
/// fn average() -> Generator<Option<f64>, f64> {
///     generator! {
///         let mut numbers = vec![];
///         let mut mean = None;
///         while let Some(number) = yield mean {
///             numbers.push(number);
///             mean = Some(numbers.iter().sum::<f64>() / numbers.len() as f64);
///         }
///     }
/// }
/// assert!(check::average(average).passed());
/// ```
pub fn average<R>(average: fn() -> R) -> Report
where
    fn() -> R: Average,
{
    Report::on(move |cases| {
        let mut started = None;
        for (sent, wanted) in [
            (None, "None"),
            (Some(10.0), "Some(10.0)"),
            (Some(20.0), "Some(15.0)"),
            (Some(30.0), "Some(20.0)"),
            (None, "StopIteration"),
        ] {
            cases.expect(format!("sent {sent:?}, average answers {wanted}"), || {
                let came = match started.get_or_insert_with(|| average.start()).send(sent) {
                    Ok(mean) => format!("{mean:?}"),
                    Err(Raised::StopIteration(_)) => String::from("StopIteration"),
                    Err(error) => error.to_string(),
                };
                match came == wanted {
                    true => Ok(()),
                    false => Err(format!("yours answers {came}")),
                }
            });
        }
    })
}
