//! The exercise of chapter 7.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::engine::Cases;
use super::report::Report;
use crate::coroutine::{Generator, ValueError, generator};

/// A task of the exercise of chapter 7: it yields what it asks of the loop, and is sent the number
/// of each job that it has spawned.
pub type Job = Generator<Ask, usize>;

/// What a [`Job`] asks of the loop that resumes it.
#[derive(Debug)]
pub enum Ask {
    /// The job asks to be resumed after this time, and not before.
    Sleep(Duration),
    /// The job asks the loop to run this job as well. The loop answers by sending the new job's number.
    Spawn(Job),
    /// The job asks to be resumed when the job of this number has ended; at once, if it has ended already.
    Join(usize),
}

/// What [`spawn_and_join`] takes: `fn run(first: Job)`.
#[diagnostic::on_unimplemented(
    message = "`run` is to be a `fn(Job)`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn run(first: Job) {{`"
)]
pub trait SpawnAndJoin: Send + 'static {
    #[doc(hidden)]
    fn run(&self, first: Job);
}

impl SpawnAndJoin for fn(Job) {
    fn run(&self, first: Job) {
        self(first);
    }
}

/// Checks `run`, the exercise of chapter 7: a loop that runs a job, and all that it spawns, until
/// they have ended.
///
/// ```
/// use hitchhiker::check::{self, Ask, Job};
/// use hitchhiker::coroutine::*;
///
/// // This loop has never heard of `Ask`.
/// fn run(mut first: Job) {
///     while next(&mut first).is_ok() {}
/// }
/// assert!(!check::spawn_and_join(run).passed());
/// ```
pub fn spawn_and_join<A, R>(run: fn(A) -> R) -> Report
where
    fn(A) -> R: SpawnAndJoin,
{
    Report::on(move |cases| {
        let run = |job| run.run(job);
        answers_with_a_number(cases, &run);
        goes_on_first(cases, &run);
        waits_at_the_same_time(cases, &run);
        joins_what_has_ended(cases, &run);
        joins_what_fails(cases, &run);
        runs_what_nobody_joins(cases, &run);
    })
}

fn answers_with_a_number(cases: &mut Cases, run: &impl Fn(Job)) {
    let what = "a job spawns two others: each time it is sent a number, and the two differ";
    cases.expect(what, || {
        let told = Told::default();
        run(told.job(|told| {
            generator! {
                let first = yield Ask::Spawn(told.job(|_| generator! {}));
                let second = yield Ask::Spawn(told.job(|_| generator! {}));
                let good = first.is_some() && second.is_some() && first != second;
                told.tell(if good { "good".into() } else { format!("yours sends {first:?}, then {second:?}") });
            }
        }));
        match told.all().pop() {
            Some(answers) if answers == "good" => Ok(()),
            Some(answers) => Err(answers),
            None => Err("yours does not resume it after both".into()),
        }
    });
}

fn goes_on_first(cases: &mut Cases, run: &impl Fn(Job)) {
    let wanted = words(["both spawned", "child 1", "child 2", "both joined"]);
    cases.expect_value("a job that spawns two and joins them", "gives", &wanted, || {
        let told = Told::default();
        run(told.job(|told| {
            generator! {
                let first = yield Ask::Spawn(told.job(|told| generator! { told.tell("child 1"); }));
                let second = yield Ask::Spawn(told.job(|told| generator! { told.tell("child 2"); }));
                told.tell("both spawned");
                yield Ask::Join(first.unwrap_or(1));
                yield Ask::Join(second.unwrap_or(2));
                told.tell("both joined");
            }
        }));
        told.all()
    });
}

fn waits_at_the_same_time(cases: &mut Cases, run: &impl Fn(Job)) {
    let what = "two jobs that sleep 300 ms each are joined after 300 to 400 ms";
    cases.expect(what, || {
        let (told, start) = (Told::default(), Instant::now());
        run(told.job(|told| {
            generator! {
                let mut children = vec![];
                for nth in 1..=2 {
                    let child = told.job(|_| generator! { yield Ask::Sleep(Duration::from_millis(300)); });
                    children.push((yield Ask::Spawn(child)).unwrap_or(nth));
                }
                for child in children {
                    yield Ask::Join(child);
                }
                told.tell(start.elapsed().as_millis().to_string());
            }
        }));
        match told.all().first().map(|ms| ms.parse()) {
            Some(Ok(300..400)) => Ok(()),
            Some(Ok::<u128, _>(ms)) => Err(format!("yours are joined after {ms} ms")),
            _ => Err("yours never come to the end of the joins".into()),
        }
    });
}

fn joins_what_has_ended(cases: &mut Cases, run: &impl Fn(Job)) {
    let wanted = words(["the child ends", "joined"]);
    let what = "a job that joins a child 20 ms after the child's end";
    cases.expect_value(what, "gives", &wanted, || {
        let told = Told::default();
        run(told.job(|told| {
            generator! {
                let child = told.job(|told| generator! { told.tell("the child ends"); });
                let child = (yield Ask::Spawn(child)).unwrap_or(1);
                yield Ask::Sleep(Duration::from_millis(20));
                yield Ask::Join(child);
                told.tell("joined");
            }
        }));
        told.all()
    });
}

fn joins_what_fails(cases: &mut Cases, run: &impl Fn(Job)) {
    let wanted = words(["the child fails", "joined"]);
    cases.expect_value(
        "a job that joins a child that fails",
        "gives",
        &wanted,
        || {
            let told = Told::default();
            run(told.job(|told| {
                generator! {
                    let child = told.job(|told| generator! {
                        yield Ask::Sleep(Duration::from_millis(20));
                        told.tell("the child fails");
                        Err(ValueError::new("as it is meant to"))?
                    });
                    let child = (yield Ask::Spawn(child)).unwrap_or(1);
                    yield Ask::Join(child);
                    told.tell("joined");
                }
            }));
            told.all()
        },
    );
}

fn runs_what_nobody_joins(cases: &mut Cases, run: &impl Fn(Job)) {
    let wanted = words(["the parent ends", "the child ends"]);
    cases.expect_value("a job that ends before its child", "gives", &wanted, || {
        let told = Told::default();
        run(told.job(|told| {
            generator! {
                let child = told.job(|told| generator! {
                    yield Ask::Sleep(Duration::from_millis(20));
                    told.tell("the child ends");
                });
                yield Ask::Spawn(child);
                told.tell("the parent ends");
            }
        }));
        told.all()
    });
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}

/// What the jobs of a case tell, in order.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    /// The job that `body` makes of a handle of its own.
    fn job(&self, body: impl FnOnce(Told) -> Job) -> Job {
        body(self.clone())
    }

    fn tell(&self, what: impl Into<String>) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(what.into());
    }

    fn all(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
