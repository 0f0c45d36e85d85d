//! Runs what a reader wrote, on a thread of its own and not for ever.

use std::any::Any;
use std::cell::Cell;
use std::fmt::Debug;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::report::{Line, Report};

/// How long a check waits for what the reader wrote, all that it tries taken together: less than the
/// two seconds after which a cell seems to hang.
pub const PATIENCE: Duration = Duration::from_millis(1_500);

thread_local! {
    /// Whether a panic of this thread is part of a report, and is not printed.
    static IS_REPORTED: Cell<bool> = const { Cell::new(false) };
}

/// No exercise is written with this type. Each trait of a signature has an implementation for it beside
/// the wanted one: where there is a single implementation, the compiler takes for granted that it is
/// meant, and then says nothing of the trait.
#[derive(Debug)]
pub enum Unwritten {}

/// What the thread that runs the reader's code tells the one that waits for it.
enum News {
    /// Something is tried now: `expected` says what is to come, and `late` what to say if time is up first.
    Tries {
        expected: String,
        late: Late,
    },
    Came(Line),
    Panicked(String),
}

/// Says how far something has come that has given no answer when time is up. `None` stands for the
/// usual words.
type Late = Option<Box<dyn FnOnce() -> String + Send>>;

/// What is tried, one thing after the other.
pub(super) struct Cases {
    news: Sender<News>,
}

impl Cases {
    /// Tries something: `expected` is a sentence that says what was done and what is expected.
    /// `came` does it, and gives what came where something else did: a sentence that begins with
    /// `yours`.
    pub(super) fn expect(
        &mut self,
        expected: impl Into<String>,
        came: impl FnOnce() -> Result<(), String>,
    ) {
        self.try_out(expected.into(), None, came);
    }

    /// [`expect`](Self::expect), of something that may be under way when time is up: then `late` says
    /// how far it has come.
    #[cfg(feature = "flags")]
    pub(super) fn expect_in_time(
        &mut self,
        expected: impl Into<String>,
        late: impl FnOnce() -> String + Send + 'static,
        came: impl FnOnce() -> Result<(), String>,
    ) {
        self.try_out(expected.into(), Some(Box::new(late)), came);
    }

    fn try_out(&mut self, expected: String, late: Late, came: impl FnOnce() -> Result<(), String>) {
        let tries = News::Tries {
            expected: expected.clone(),
            late,
        };
        // This fails where the receiver has given up waiting, and needs to know nothing more.
        let _ = self.news.send(tries);
        let came = came();
        let _ = self.news.send(News::Came(Line {
            passed: came.is_ok(),
            expected,
            came: came.err().unwrap_or_default(),
        }));
    }

    /// [`expect`](Self::expect), where `wanted` is to come: `{what} {wanted:?}; yours {verb} {came:?}`.
    pub(super) fn expect_value<V: PartialEq + Debug>(
        &mut self,
        what: &str,
        verb: &str,
        wanted: &V,
        came: impl FnOnce() -> V,
    ) {
        self.expect(format!("{what} {verb} {wanted:?}"), || {
            let came = came();
            match came == *wanted {
                true => Ok(()),
                false => Err(format!("yours {verb} {came:?}")),
            }
        });
    }
}

impl Report {
    /// The report of what `cases` tries, which runs on a thread of its own for at most [`PATIENCE`].
    pub(super) fn on(cases: impl FnOnce(&mut Cases) + Send + 'static) -> Self {
        let deadline = Instant::now() + PATIENCE;
        let (send, news) = mpsc::channel();
        let thread = thread::Builder::new().name("check".into()).spawn(move || {
            leave_panics_to_the_report();
            let mut tried = Cases { news: send.clone() };
            let result = panic::catch_unwind(AssertUnwindSafe(|| cases(&mut tried)));
            if let Err(payload) = result {
                let _ = send.send(News::Panicked(message(&*payload))); // this may fail as in `try_out`
            }
        });
        let mut lines = vec![];
        let mut tries = (String::from("your code runs"), None);
        if let Err(error) = thread {
            let came = format!("no thread could be started: {error}; restart the kernel");
            lines.push(failed(tries.0, came));
            return Self::of(lines);
        }
        loop {
            match news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(News::Tries { expected, late }) => tries = (expected, late),
                Ok(News::Came(line)) => lines.push(line),
                Ok(News::Panicked(message)) => {
                    lines.push(failed(tries.0, format!("yours panicked: {message}")));
                    break;
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    let (expected, late) = tries;
                    let came = late.map_or_else(no_answer, |late| late());
                    lines.push(failed(expected, came));
                    break;
                }
            }
        }
        Self::of(lines)
    }
}

fn no_answer() -> String {
    let seconds = PATIENCE.as_secs_f64();
    format!(
        "yours gave no answer within {seconds} seconds: it sleeps, or a loop in it never comes to an end \
         or a `yield`. It still runs; restart the kernel to end it"
    )
}

fn failed(expected: String, came: String) -> Line {
    Line {
        passed: false,
        expected,
        came,
    }
}

/// What a panic said.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("it gave no reason").to_owned()
}

/// Lets no panic of this thread be printed: the report has its message. A kernel would print a
/// backtrace of the crate's own frames.
fn leave_panics_to_the_report() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // A thread that is ending has no `IS_REPORTED` any more, and runs no check.
            if !IS_REPORTED.try_with(Cell::get).unwrap_or(false) {
                others(info);
            }
        }));
    });
    IS_REPORTED.set(true);
}
