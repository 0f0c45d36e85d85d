//! The first exercise of chapter 7.

use std::sync::{Arc, Mutex, PoisonError};

use super::engine::Unwritten;
use super::report::Report;
use crate::coroutine::{Generator, ValueError, generator};

/// The tasks that a loop takes turns with, each with its name.
type Tasks = Vec<(&'static str, Generator<()>)>;

/// What [`round_robin`] takes: `fn round_robin(tasks: Vec<(&'static str, Generator<()>)>)`.
#[diagnostic::on_unimplemented(
    message = "`round_robin` is to be a `fn(Vec<(&'static str, Generator<()>)>)`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn round_robin(tasks: Vec<(&'static str, Generator<()>)>) {{`"
)]
pub trait RoundRobin: Send + 'static {
    #[doc(hidden)]
    fn run(&self, tasks: Tasks);
}

impl RoundRobin for fn(Tasks) {
    fn run(&self, tasks: Tasks) {
        self(tasks);
    }
}

impl RoundRobin for fn(Unwritten) -> Unwritten {
    fn run(&self, _: Tasks) {
        unreachable!("nobody has an `Unwritten` to return")
    }
}

/// Checks `round_robin`, the first exercise of chapter 7: a loop that resumes its tasks in turns until
/// each of them has ended, however it ends.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::*;
/// use std::collections::VecDeque;
///
/// fn round_robin(tasks: Vec<(&'static str, Generator<()>)>) {
///     let mut queue = VecDeque::from(tasks);
///     while let Some((name, mut task)) = queue.pop_front() {
///         if next(&mut task).is_ok() {
///             queue.push_back((name, task));
///         }
///     }
/// }
/// assert!(check::round_robin(round_robin).passed());
/// ```
pub fn round_robin<A, R>(round_robin: fn(A) -> R) -> Report
where
    fn(A) -> R: RoundRobin,
{
    Report::on(move |cases| {
        let wanted = ["tea 1", "toast 1", "tea 2", "tea 3"];
        let what = "tea in three steps and toast in one";
        cases.expect_value(what, "run as", &words(&wanted), || {
            let steps = Steps::default();
            let (tea, toast) = (steps.task("tea", 3, false), steps.task("toast", 1, false));
            round_robin.run(vec![("tea", tea), ("toast", toast)]);
            steps.taken()
        });
        let wanted = ["toast 1", "tea 1", "soup 1", "tea 2", "soup 2"];
        let what = "toast that fails after its first step, tea and soup in two";
        cases.expect_value(what, "run as", &words(&wanted), || {
            let steps = Steps::default();
            let (tea, soup) = (steps.task("tea", 2, false), steps.task("soup", 2, false));
            let toast = steps.task("toast", 1, true);
            round_robin.run(vec![("toast", toast), ("tea", tea), ("soup", soup)]);
            steps.taken()
        });
        cases.expect_value("no tasks at all", "run as", &words(&[]), || {
            round_robin.run(vec![]);
            vec![]
        });
    })
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The steps that the tasks of a case have taken, in order.
#[derive(Clone, Default)]
struct Steps(Arc<Mutex<Vec<String>>>);

impl Steps {
    /// A task that gives way after each of its steps, then ends, or fails.
    fn task(&self, name: &'static str, count: u32, fails: bool) -> Generator<()> {
        let steps = self.clone();
        generator! {
            for step in 1..=count {
                steps.lock().push(format!("{name} {step}"));
                yield;
            }
            if fails {
                Err(ValueError::new("as it is meant to"))?;
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn taken(&self) -> Vec<String> {
        self.lock().clone()
    }
}
