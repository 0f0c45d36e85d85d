//! The second exercise of chapter 7.

use std::sync::mpsc::{self, Sender};
use std::time::{Duration, Instant};

use super::engine::{Cases, Unwritten};
use super::report::Report;
use crate::coroutine::{Generator, ValueError, generator};

/// The tasks that a loop resumes when their time has come, each with its name.
type Tasks = Vec<(String, Generator<Duration>)>;

/// What [`run_by_deadline`] takes:
/// `fn run_by_deadline(tasks: Vec<(String, Generator<Duration>)>) -> u64`.
#[diagnostic::on_unimplemented(
    message = "`run_by_deadline` is to be a `fn(Vec<(String, Generator<Duration>)>) -> u64`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn run_by_deadline(mut tasks: Vec<(String, Generator<Duration>)>) -> u64 {{`"
)]
pub trait RunByDeadline: Send + 'static {
    #[doc(hidden)]
    fn run(&self, tasks: Tasks) -> u64;
}

impl RunByDeadline for fn(Tasks) -> u64 {
    fn run(&self, tasks: Tasks) -> u64 {
        self(tasks)
    }
}

impl RunByDeadline for fn(Unwritten) -> Unwritten {
    fn run(&self, _: Tasks) -> u64 {
        unreachable!("nobody has an `Unwritten` to return")
    }
}

/// Checks `run_by_deadline`, the second exercise of chapter 7: a loop that resumes each task when the
/// time that it asks for has passed, and that counts its resumes.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::*;
/// use std::time::Duration;
///
/// // This loop sleeps for each task in its turn.
/// fn run_by_deadline(tasks: Vec<(String, Generator<Duration>)>) -> u64 {
///     let mut resumed = 0;
///     for (_, mut task) in tasks {
///         resumed += 1;
///         while let Ok(pause) = next(&mut task) {
///             std::thread::sleep(pause);
///             resumed += 1;
///         }
///     }
///     resumed
/// }
/// assert!(!check::run_by_deadline(run_by_deadline).passed());
/// ```
pub fn run_by_deadline<A, R>(run_by_deadline: fn(A) -> R) -> Report
where
    fn(A) -> R: RunByDeadline,
{
    Report::on(move |cases| {
        goes_by_time(cases, &run_by_deadline);
        goes_on_twice(cases, &run_by_deadline);
        is_not_early(cases, &run_by_deadline);
        counts(cases, &run_by_deadline);
    })
}

fn goes_by_time(cases: &mut Cases, run: &impl RunByDeadline) {
    let wanted = vec!["slept 40 ms", "slept 80 ms", "slept 120 ms"];
    let what = "tasks that ask for 120, 40 and 80 ms, and one that fails,";
    cases.expect_value(what, "tell", &wanted, || {
        let (sender, told) = mpsc::channel();
        let failing: Generator<Duration> = generator! {
            yield Duration::ZERO;
            Err(ValueError::new("as it is meant to"))?
        };
        run.run(vec![
            named("120", task(&[120], "slept 120 ms", &sender)),
            named("failing", failing),
            named("40", task(&[40], "slept 40 ms", &sender)),
            named("80", task(&[80], "slept 80 ms", &sender)),
        ]);
        told.try_iter().collect()
    });
}

fn goes_on_twice(cases: &mut Cases, run: &impl RunByDeadline) {
    let wanted = vec!["slept 80 ms", "slept 60 ms, then 60 ms"];
    let what = "a task that asks for 60 ms twice, and one that asks for 80 ms,";
    cases.expect_value(what, "tell", &wanted, || {
        let (sender, told) = mpsc::channel();
        run.run(vec![
            named("twice", task(&[60, 60], "slept 60 ms, then 60 ms", &sender)),
            named("once", task(&[80], "slept 80 ms", &sender)),
        ]);
        told.try_iter().collect()
    });
}

fn is_not_early(cases: &mut Cases, run: &impl RunByDeadline) {
    cases.expect("a task that asks for 50 ms goes on no earlier", || {
        let (sender, told) = mpsc::channel();
        let start = Instant::now();
        run.run(vec![named("nap", task(&[50], "slept", &sender))]);
        let (told, took) = (told.try_iter().count(), start.elapsed());
        match (told, took >= Duration::from_millis(50)) {
            (1.., true) => Ok(()),
            (0, _) => Err("yours does not go on".into()),
            _ => Err(format!("yours goes on after {} ms", took.as_millis())),
        }
    });
}

fn counts(cases: &mut Cases, run: &impl RunByDeadline) {
    let what = "counting the resumes of two tasks that ask once, and of one that asks twice,";
    cases.expect_value(what, "gives", &7, || {
        let (sender, _told) = mpsc::channel();
        run.run(vec![
            named("once", task(&[10], "", &sender)),
            named("twice", task(&[10, 10], "", &sender)),
            named("once", task(&[10], "", &sender)),
        ])
    });
}

fn named(name: &str, task: Generator<Duration>) -> (String, Generator<Duration>) {
    (name.to_owned(), task)
}

/// A task that asks for these milliseconds one after the other, then tells something.
fn task(
    pauses: &'static [u64],
    tells: &'static str,
    told: &Sender<&'static str>,
) -> Generator<Duration> {
    let told = told.clone();
    generator! {
        for &pause in pauses {
            yield Duration::from_millis(pause);
        }
        let _ = told.send(tells); // the receiver is there as long as the case
    }
}
