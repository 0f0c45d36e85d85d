//! What the check of `nap`, on the way through chapter 8, says.

use std::future::{pending, poll_fn, ready};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use hitchhiker::check;

const READY: &str = "the first poll of nap(0) answers \"Ready(\\\"slept\\\")\"";
const PENDING: &str = "the first poll of nap(60_000) answers \"Pending\"";
const LATER: &str = "nap(20), asked again and again, is ready after 20 ms";

#[track_caller]
fn assert_says(said: &str, line: &str, came: &str) {
    let whole = format!("✗ {line}; {came}");
    assert!(said.lines().any(|line| line.starts_with(&whole)), "{said}");
}

/// Ready with `value` when `when` says so, which is given the time at which the nap is over.
fn napping(
    ms: u64,
    value: &'static str,
    when: fn(Instant) -> bool,
) -> impl Future<Output = &'static str> {
    let until = Instant::now() + Duration::from_millis(ms);
    poll_fn(move |_| match when(until) {
        true => Poll::Ready(value),
        false => Poll::Pending,
    })
}

#[test]
fn the_solution_passes() {
    let said = check::nap(|ms| napping(ms, "slept", |until| Instant::now() >= until)).to_string();
    assert_eq!(said, format!("✓ {READY}\n✓ {PENDING}\n✓ {LATER}"));
}

#[test]
fn nothing_written_is_pending_for_ever() {
    let said = check::nap(|_| pending()).to_string();
    assert_says(&said, READY, "yours answers \"Pending\"");
    assert_says(&said, LATER, "yours is still pending after 500 ms");
}

#[test]
fn to_be_ready_at_once_is_told() {
    let said = check::nap(|_| ready("slept")).to_string();
    assert_says(&said, PENDING, "yours answers \"Ready(\\\"slept\\\")\"");
    assert_says(&said, LATER, "yours is ready after 0 ms");
}

#[test]
fn the_comparison_the_other_way_round_is_told() {
    let said = check::nap(|ms| napping(ms, "slept", |until| Instant::now() < until)).to_string();
    assert_says(&said, READY, "yours answers \"Pending\"");
}

#[test]
fn another_value_is_told() {
    let said = check::nap(|ms| napping(ms, "slpet", |until| Instant::now() >= until)).to_string();
    assert_says(&said, READY, "yours answers \"Ready(\\\"slpet\\\")\"");
}

#[test]
fn a_panic_is_told() {
    let said = check::nap(|_| poll_fn(|_| panic!("not yet"))).to_string();
    assert_says(&said, READY, "yours panicked: not yet");
}

#[test]
fn to_block_in_the_poll_is_told() {
    let said = check::nap(|_| {
        poll_fn(|_| {
            thread::sleep(Duration::from_secs(60));
            Poll::Ready("slept")
        })
    });
    assert_says(
        &said.to_string(),
        READY,
        "yours gave no answer within 1.5 seconds",
    );
}
