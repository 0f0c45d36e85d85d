//! Which flags of a download are drawn, and how many there are in words.

use std::fmt::Write as _;

use crate::flags::outcome::{End, Outcome};

/// How many flags of one download are drawn at most.
pub(super) const MOST_DRAWN: usize = 1_000;

/// The outcomes to draw, the first of those that were asked for. They come in the order in which their first
/// requests went out: the place of a flag in it does not tell when the flag arrived, so that the picture can.
pub(super) fn as_asked_for(outcomes: &[Outcome]) -> Vec<&Outcome> {
    let mut ordered: Vec<_> = outcomes.iter().collect();
    ordered.sort_by_key(|outcome| outcome.tries.first().map(|first| first.started));
    ordered.truncate(MOST_DRAWN);
    ordered
}

/// How many flags are not there, in words that follow others; nothing where all are there.
pub(super) fn missing(outcomes: &[Outcome]) -> String {
    let not_found = outcomes.iter().filter(|o| matches!(o.end, End::NotFound));
    let failed = outcomes.iter().filter(|o| matches!(o.end, End::Failed(_)));
    let mut words = String::new();
    for (number, what) in [(not_found.count(), "not found"), (failed.count(), "failed")] {
        if number > 0 {
            let _ = write!(words, ", {number} {what}"); // writing to a string cannot fail
        }
    }
    words
}

/// How many flags, in words.
pub(super) fn flags(number: usize) -> String {
    format!("{number} flag{}", if number == 1 { "" } else { "s" })
}
