//! Which flags of a download are drawn, and how many there are in words.

use crate::flags::outcome::Outcome;

/// How many flags of one run are drawn; of more, those that were asked for first.
pub(super) const MOST_DRAWN: usize = 1_000;

/// The outcomes to draw, in the order in which the first requests went out: a place in it does not
/// tell when the flag arrived, so that the picture can.
pub(super) fn as_asked_for(outcomes: &[Outcome]) -> Vec<&Outcome> {
    let mut ordered: Vec<_> = outcomes.iter().collect();
    ordered.sort_by_key(|outcome| outcome.tries.first().map(|first| first.started));
    ordered.truncate(MOST_DRAWN);
    ordered
}

/// How many flags, in words.
pub(super) fn flags(number: usize) -> String {
    format!("{number} flag{}", if number == 1 { "" } else { "s" })
}
