//! The exercise of chapter 6.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use super::report::Report;
use crate::coroutine::{Generator, ValueError, generator, next};

/// What [`every`] takes:
/// `fn every(n: usize, target: Generator<(), String>) -> Generator<(), String>`.
#[diagnostic::on_unimplemented(
    message = "`every` is to be a `fn(usize, Generator<(), String>) -> Generator<(), String>`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn every(n: usize, target: Generator<(), String>) -> Generator<(), String> {{`"
)]
pub trait Every: Send + 'static {
    #[doc(hidden)]
    fn of(&self, n: usize, target: Generator<(), String>) -> Generator<(), String>;
}

impl Every for fn(usize, Generator<(), String>) -> Generator<(), String> {
    fn of(&self, n: usize, target: Generator<(), String>) -> Generator<(), String> {
        self(n, target)
    }
}

/// Checks `every`, the exercise of chapter 6: a stage that sends every `n`th line on to `target`,
/// which it starts, and that ends together with it.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::*;
///
/// fn every(n: usize, mut target: Generator<(), String>) -> Generator<(), String> {
///     generator! {
///         next(&mut target)?;
///         for count in 1.. {
///             let Some(line) = (yield) else { return };
///             if count % n == 0 {
///                 target.send(line)?;
///             }
///         }
///     }
/// }
/// assert!(check::every(every).passed());
/// ```
pub fn every<A, B, R>(every: fn(A, B) -> R) -> Report
where
    fn(A, B) -> R: Every,
{
    Report::on(move |cases| {
        for n in [3, 1, 9] {
            let lines = ["one", "two", "three", "four", "five", "six", "seven"];
            let wanted: Vec<_> = lines.iter().skip(n - 1).step_by(n).copied().collect();
            let what = format!("every({n}, target), sent {} lines,", lines.len());
            cases.expect(format!("{what} sends on {wanted:?}"), || {
                let events = Events::default();
                let mut stage = every.of(n, target(&events, None));
                let raised = next(&mut stage).err().or_else(|| {
                    lines
                        .iter()
                        .find_map(|line| stage.send((*line).to_owned()).err())
                });
                let mut sent = events.take();
                sent.retain(|event| event != GONE);
                match raised {
                    None if sent == wanted => Ok(()),
                    None => Err(format!("yours sends on {sent:?}")),
                    Some(raised) => Err(format!("yours sends on {sent:?} and raises {raised}")),
                }
            });
        }
        cases.expect("closed, it lets go of its target", || {
            let events = Events::default();
            let mut stage = every.of(2, target(&events, None));
            next(&mut stage).map_err(|raised| format!("yours raises {raised}"))?;
            events.take();
            stage
                .close()
                .map_err(|error| format!("yours raises {error}"))?;
            match &events.take()[..] {
                [gone] if gone == GONE => Ok(()),
                _ => Err(String::from("yours keeps it")),
            }
        });
        cases.expect("an error of its target reaches whoever sends", || {
            let mut stage = every.of(1, target(&Events::default(), Some("full")));
            let answer = next(&mut stage).and_then(|()| stage.send(String::from("one")));
            match answer {
                Err(raised) if raised.is::<ValueError>() => Ok(()),
                Err(raised) => Err(format!("yours raises {raised}")),
                Ok(()) => Err(String::from("yours raises nothing")),
            }
        });
    })
}

const GONE: &str = "(the target is gone)";

/// What becomes of a target.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    fn push(&self, event: String) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }

    fn take(&self) -> Vec<String> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells when it is dropped.
struct Goes(Events);

impl Drop for Goes {
    fn drop(&mut self) {
        self.0.push(GONE.to_owned());
    }
}

/// A stage that tells what it is sent, or answers it with a `ValueError`.
fn target(events: &Events, error: Option<&'static str>) -> Generator<(), String> {
    let goes = Goes(events.clone());
    generator! {
        while let Some(line) = (yield) {
            if let Some(error) = error {
                Err::<(), _>(ValueError::new(error))?;
            }
            goes.0.push(line);
        }
    }
}
