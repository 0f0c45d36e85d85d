//! The exercise on the way of chapter 5.

use super::report::Report;
use crate::coroutine::{Generator, Raised, ValueError, generator};

/// The type of the generators that chapter 5 talks to: each yields questions, is sent answers, and
/// returns a number.
type Dialogue = Generator<&'static str, &'static str, u32>;

/// What [`passing_on`] takes: a function from one `Generator<&'static str, &'static str, u32>` to
/// another.
#[diagnostic::on_unimplemented(
    message = "`passing_on` is to be a `fn(Dialogue) -> Dialogue`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn passing_on(mut inner: Dialogue) -> Dialogue {{`"
)]
pub trait PassingOn: Send + 'static {
    #[doc(hidden)]
    fn of(&self, inner: Dialogue) -> Dialogue;
}

impl PassingOn for fn(Dialogue) -> Dialogue {
    fn of(&self, inner: Dialogue) -> Dialogue {
        self(inner)
    }
}

/// Checks `passing_on`, the exercise on the way of chapter 5: a generator that yields what `inner`
/// yields, sends it what is sent, returns what it returns and raises its errors.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::*;
///
/// type Dialogue = Generator<&'static str, &'static str, u32>;
///
/// fn passing_on(inner: Dialogue) -> Dialogue {
///     generator! { yield from inner }
/// }
/// assert!(check::passing_on(passing_on).passed());
/// ```
pub fn passing_on<A, R>(passing_on: fn(A) -> R) -> Report
where
    fn(A) -> R: PassingOn,
{
    Report::on(move |cases| {
        let (how_many, again) = ("how many towels?", "a number, please");
        let dialogues: [(&[&str], &[&str], _); 4] = [
            (&["42"], &[how_many], "returns 42"),
            (&["two", "2"], &[how_many, again], "returns 2"),
            (&["no", "none", "0"], &[how_many, again, again], "returns 0"),
            (&["stop"], &[how_many], "raises ValueError: stop"),
        ];
        for (answers, asked, end) in dialogues {
            let wanted = format!("yields {asked:?} and {end}");
            cases.expect(format!("answered {answers:?}, it {wanted}"), || match talk(
                passing_on.of(ask(how_many, again)),
                answers,
            ) {
                came if came == wanted => Ok(()),
                came => Err(format!("yours {came}")),
            });
        }
    })
}

/// Asks until the answer is a number, and returns the number.
fn ask(mut question: &'static str, again: &'static str) -> Dialogue {
    generator! {
        loop {
            let answer = (yield question).unwrap_or_default();
            if answer == "stop" {
                return Err(ValueError::new(answer))?;
            }
            match answer.parse() {
                Ok(number) => return number,
                Err(_) => question = again,
            }
        }
    }
}

/// What a dialogue yields if it is sent these answers, and how it ends.
fn talk(mut dialogue: Dialogue, answers: &[&'static str]) -> String {
    let mut asked = vec![];
    for answer in [None].into_iter().chain(answers.iter().copied().map(Some)) {
        let end = match dialogue.send(answer) {
            Ok(question) => {
                asked.push(question);
                continue;
            }
            Err(Raised::StopIteration(stop)) => match stop.value {
                Some(number) => format!("returns {number}"),
                None => String::from("returns nothing"),
            },
            Err(Raised::Exception(error)) => format!("raises {error}"),
        };
        return format!("yields {asked:?} and {end}");
    }
    format!("yields {asked:?} and does not end")
}
