//! What the check of chapter 7's third exercise says.

use std::time::{Duration, Instant};

use hitchhiker::check;

/// What is said to an answer, by line.
fn said(pause: fn(bool, Option<Instant>, Instant) -> Option<Duration>) -> Vec<String> {
    let said = check::pause(pause).to_string();
    said.lines().map(str::to_owned).collect()
}

#[test]
fn a_right_answer_passes() {
    let said = said(|is_ready, earliest, now| match is_ready {
        true => Some(Duration::ZERO),
        false => earliest.map(|time| time.saturating_duration_since(now)),
    });
    let expected = "\
✓ the earliest deadline in 2 s gives Some(2s)
✓ no task that sleeps gives None
✓ a task that is ready gives Some(0ns)
✓ a task that is ready, and a deadline in 2 s gives Some(0ns)
✓ a deadline that has passed gives Some(0ns)";
    assert_eq!(said.join("\n"), expected);
}

#[test]
fn to_wait_without_a_limit_is_right_only_where_nobody_sleeps() {
    let said = said(|_, _, _| None);
    assert_eq!(
        said[0],
        "✗ the earliest deadline in 2 s gives Some(2s); yours gives None"
    );
    assert!(said[1].starts_with('✓'), "{}", said[1]);
    assert_eq!(
        said[2],
        "✗ a task that is ready gives Some(0ns); yours gives None"
    );
}

#[test]
fn never_to_wait_is_told() {
    let said = said(|_, _, _| Some(Duration::ZERO));
    assert_eq!(
        said[1],
        "✗ no task that sleeps gives None; yours gives Some(0ns)"
    );
}

#[test]
fn a_loop_that_keeps_ready_tasks_waiting_is_told() {
    let said = said(|_, earliest, now| earliest.map(|time| time.saturating_duration_since(now)));
    assert!(said[3].ends_with("; yours gives Some(2s)"), "{}", said[3]);
}

#[test]
fn a_deadline_that_has_passed_is_told() {
    let said = said(|is_ready, earliest, now| match is_ready {
        true => Some(Duration::ZERO),
        false => Some(
            earliest?
                .checked_duration_since(now)
                .unwrap_or(Duration::MAX),
        ),
    });
    let (last, before) = said.split_last().unwrap();
    assert!(
        before.iter().all(|line| line.starts_with('✓')),
        "{before:?}"
    );
    assert!(
        last.starts_with("✗ a deadline that has passed gives Some(0ns)"),
        "{last}"
    );
}

#[test]
fn a_panic_is_told() {
    let said = said(|_, earliest, now| Some(earliest.unwrap() - now));
    assert_eq!(said.len(), 2);
    assert!(
        said[1].contains("; yours panicked: called `Option::unwrap()`"),
        "{}",
        said[1]
    );
}
