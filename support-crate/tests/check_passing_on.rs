//! What the exercise on the way of chapter 5 says to right and to wrong answers.

use hitchhiker::check;
use hitchhiker::coroutine::*;

type Dialogue = Generator<&'static str, &'static str, u32>;

fn checked(passing_on: fn(Dialogue) -> Dialogue) -> Vec<String> {
    let report = check::passing_on(passing_on).to_string();
    report.lines().map(str::to_owned).collect()
}

#[test]
fn the_loop_of_the_chapter_passes() {
    fn passing_on(mut inner: Dialogue) -> Dialogue {
        generator! {
            let mut answer: Option<&'static str> = None;
            loop {
                match inner.send(answer) {
                    Ok(question) => answer = yield question,
                    Err(Raised::StopIteration(stop)) => return stop.value.unwrap_or_default(),
                    Err(raised) => Err(raised)?,
                }
            }
        }
    }
    assert_eq!(
        checked(passing_on),
        [
            "✓ answered [\"42\"], it yields [\"how many towels?\"] and returns 42",
            "✓ answered [\"two\", \"2\"], it yields [\"how many towels?\", \"a number, please\"] and returns 2",
            "✓ answered [\"no\", \"none\", \"0\"], it yields \
             [\"how many towels?\", \"a number, please\", \"a number, please\"] and returns 0",
            "✓ answered [\"stop\"], it yields [\"how many towels?\"] and raises ValueError: stop",
        ],
    );
}

#[test]
fn one_that_drops_the_answer_is_told_that_it_does_not_end() {
    fn passing_on(mut inner: Dialogue) -> Dialogue {
        generator! {
            loop {
                match inner.send(None) {
                    Ok(question) => { yield question; }
                    Err(Raised::StopIteration(stop)) => return stop.value.unwrap_or_default(),
                    Err(raised) => Err(raised)?,
                }
            }
        }
    }
    let lines = checked(passing_on);
    let came = "; yours yields [\"how many towels?\", \"a number, please\"] and does not end";
    assert!(lines.iter().all(|line| line.starts_with('✗')), "{lines:?}");
    assert!(lines[0].ends_with(came), "{lines:?}");
}

#[test]
fn one_that_drops_the_returned_number_is_told_what_it_returns() {
    fn passing_on(mut inner: Dialogue) -> Dialogue {
        generator! {
            let mut answer: Option<&'static str> = None;
            loop {
                match inner.send(answer) {
                    Ok(question) => answer = yield question,
                    Err(Raised::StopIteration(_)) => return 0,
                    Err(raised) => Err(raised)?,
                }
            }
        }
    }
    let lines = checked(passing_on);
    assert!(
        lines[0].ends_with("; yours yields [\"how many towels?\"] and returns 0"),
        "{lines:?}"
    );
    assert!(lines[2].starts_with('✓'), "{lines:?}");
}

#[test]
fn one_that_takes_an_error_for_the_end_is_told_so() {
    fn passing_on(mut inner: Dialogue) -> Dialogue {
        generator! {
            let mut answer: Option<&'static str> = None;
            loop {
                match inner.send(answer) {
                    Ok(question) => answer = yield question,
                    Err(Raised::StopIteration(stop)) => return stop.value.unwrap_or_default(),
                    Err(_) => return 0,
                }
            }
        }
    }
    let lines = checked(passing_on);
    assert!(
        lines[3].ends_with("; yours yields [\"how many towels?\"] and returns 0"),
        "{lines:?}"
    );
}

#[test]
fn one_that_takes_the_end_for_an_error_is_told_the_error() {
    fn passing_on(mut inner: Dialogue) -> Dialogue {
        generator! {
            let mut answer: Option<&'static str> = None;
            loop {
                answer = yield inner.send(answer)?;
            }
        }
    }
    let lines = checked(passing_on);
    let raised = "raises RuntimeError: generator raised StopIteration";
    assert!(lines[0].ends_with(raised), "{lines:?}");
    assert!(lines[3].starts_with('✓'), "{lines:?}");
}

#[test]
fn one_that_passes_on_the_first_answer_only_is_told_what_it_yields() {
    fn passing_on(mut inner: Dialogue) -> Dialogue {
        generator! {
            let question = inner.send(None)?;
            let answer = yield question;
            match inner.send(answer) {
                Err(Raised::StopIteration(stop)) => stop.value.unwrap_or_default(),
                _ => 0,
            }
        }
    }
    let lines = checked(passing_on);
    assert!(lines[0].starts_with('✓'), "{lines:?}");
    assert!(
        lines[1].ends_with("; yours yields [\"how many towels?\"] and returns 0"),
        "{lines:?}"
    );
}
