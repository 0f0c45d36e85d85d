//! What the exercise of chapter 6 says to right and to wrong answers.

use std::sync::atomic::{AtomicUsize, Ordering};

use hitchhiker::check;
use hitchhiker::coroutine::*;

type Stage = Generator<(), String>;

fn checked(every: fn(usize, Stage) -> Stage) -> Vec<String> {
    let report = check::every(every).to_string();
    report.lines().map(str::to_owned).collect()
}

#[test]
fn the_stage_of_the_chapter_passes() {
    fn every(n: usize, mut target: Stage) -> Stage {
        generator! {
            next(&mut target)?;
            let mut count = 0;
            while let Some(line) = (yield) {
                count += 1;
                if count == n {
                    target.send(line)?;
                    count = 0;
                }
            }
        }
    }
    assert_eq!(
        checked(every),
        [
            "✓ every(3, target), sent 7 lines, sends on [\"three\", \"six\"]",
            "✓ every(1, target), sent 7 lines, sends on \
             [\"one\", \"two\", \"three\", \"four\", \"five\", \"six\", \"seven\"]",
            "✓ every(9, target), sent 7 lines, sends on []",
            "✓ closed, it lets go of its target",
            "✓ an error of its target reaches whoever sends",
        ],
    );
}

#[test]
fn one_that_does_not_start_its_target_is_told_the_error() {
    fn every(n: usize, mut target: Stage) -> Stage {
        generator! {
            let mut count = 0;
            while let Some(line) = (yield) {
                count += 1;
                if count % n == 0 {
                    target.send(line)?;
                }
            }
        }
    }
    let error = "; yours sends on [] and raises \
                 TypeError: can't send non-None value to a just-started generator";
    let lines = checked(every);
    assert!(lines[0].ends_with(error), "{lines:?}");
}

#[test]
fn one_that_begins_with_the_first_line_is_told_what_came() {
    fn every(n: usize, mut target: Stage) -> Stage {
        generator! {
            next(&mut target)?;
            let mut count = 0;
            while let Some(line) = (yield) {
                if count % n == 0 {
                    target.send(line)?;
                }
                count += 1;
            }
        }
    }
    let lines = checked(every);
    assert!(
        lines[0].ends_with("; yours sends on [\"one\", \"four\", \"seven\"]"),
        "{lines:?}"
    );
}

#[test]
fn one_that_takes_a_single_line_is_told_that_it_ends_too_early() {
    fn every(n: usize, mut target: Stage) -> Stage {
        generator! {
            next(&mut target)?;
            for _ in 1..n {
                yield;
            }
            if let Some(line) = (yield) {
                target.send(line)?;
            }
        }
    }
    let lines = checked(every);
    assert!(
        lines[0].ends_with("; yours sends on [\"three\"] and raises StopIteration"),
        "{lines:?}"
    );
}

#[test]
fn one_that_swallows_errors_of_its_target_is_told_so() {
    fn every(n: usize, mut target: Stage) -> Stage {
        generator! {
            next(&mut target)?;
            let mut count = 0;
            while let Some(line) = (yield) {
                count += 1;
                if count % n == 0 {
                    let _ = target.send(line);
                }
            }
        }
    }
    assert_eq!(
        checked(every)[4],
        "✗ an error of its target reaches whoever sends; yours raises nothing",
    );
}

#[test]
fn one_that_goes_on_when_it_is_closed_is_told_so() {
    fn every(n: usize, mut target: Stage) -> Stage {
        generator! {
            next(&mut target)?;
            let mut count = 0;
            loop {
                if let Ok(Some(line)) = try { yield } {
                    count += 1;
                    if count % n == 0 {
                        target.send(line)?;
                    }
                }
            }
        }
    }
    assert_eq!(
        checked(every)[3],
        "✗ closed, it lets go of its target; \
         yours raises RuntimeError: generator ignored GeneratorExit",
    );
}

#[test]
fn one_that_counts_for_all_stages_together_is_told_what_came() {
    static COUNT: AtomicUsize = AtomicUsize::new(1);
    fn every(n: usize, mut target: Stage) -> Stage {
        generator! {
            next(&mut target)?;
            while let Some(line) = (yield) {
                let count = COUNT.fetch_add(1, Ordering::Relaxed);
                if count.is_multiple_of(n) {
                    target.send(line)?;
                }
            }
        }
    }
    let lines = checked(every);
    assert!(
        lines[2].ends_with("; yours sends on [\"four\"]"),
        "{lines:?}"
    );
}

#[test]
fn one_that_never_yields_is_told_so() {
    fn every(_: usize, _: Stage) -> Stage {
        generator! { loop { std::thread::yield_now(); } }
    }
    let lines = checked(every);
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("yours gave no answer within 1.5 seconds"),
        "{lines:?}"
    );
}
