//! What the check of `wake_once`, on the way through chapter 9, says.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use hitchhiker::check;

const QUEUED: &str = "a wake of task 7 leaves in the queue [7]";
const ONCE: &str = "three wakes before a poll leave in the queue [7]";
const TOLD: &str = "three wakes before a poll return [true, false, false]";
const AGAIN: &str = "a wake, a poll that resets the flag, and a wake leave in the queue [7, 7]";
const GONE: &str = "a wake after the executor is gone returns false";

#[track_caller]
fn assert_says(said: &str, line: &str, came: &str) {
    let whole = format!("✗ {line}; {came}");
    assert!(said.lines().any(|line| line.starts_with(&whole)), "{said}");
}

#[test]
fn the_solution_passes() {
    fn wake_once(woken: &AtomicBool, queue: &Sender<usize>, id: usize) -> bool {
        !woken.swap(true, Ordering::AcqRel) && queue.send(id).is_ok()
    }
    let said = check::wake_once(wake_once).to_string();
    let all = [QUEUED, ONCE, TOLD, AGAIN, GONE].map(|line| format!("✓ {line}"));
    assert_eq!(said, all.join("\n"));
}

#[test]
fn to_queue_it_at_each_wake_is_told() {
    let said = check::wake_once(|_, queue, id| queue.send(id).is_ok()).to_string();
    assert_says(&said, ONCE, "yours leave in the queue [7, 7, 7]");
    assert_says(&said, TOLD, "yours return [true, true, true]");
}

#[test]
fn a_flag_that_is_never_set_is_told() {
    let said = check::wake_once(|woken, queue, id| {
        !woken.load(Ordering::Acquire) && queue.send(id).is_ok()
    });
    assert_says(
        &said.to_string(),
        ONCE,
        "yours leave in the queue [7, 7, 7]",
    );
}

#[test]
fn a_flag_that_is_set_and_no_number_in_the_queue_is_told() {
    let said = check::wake_once(|woken, _, _| !woken.swap(true, Ordering::AcqRel)).to_string();
    assert_says(&said, QUEUED, "yours leaves in the queue []");
    assert_says(&said, GONE, "yours returns true");
}

#[test]
fn what_the_flag_was_before_is_told_apart_from_what_it_is() {
    let said = check::wake_once(|woken, queue, id| {
        woken.swap(true, Ordering::AcqRel) && queue.send(id).is_ok()
    });
    assert_says(&said.to_string(), QUEUED, "yours leaves in the queue []");
}

#[test]
fn another_number_is_told() {
    let said = check::wake_once(|woken, queue, _| {
        !woken.swap(true, Ordering::AcqRel) && queue.send(0).is_ok()
    });
    assert_says(&said.to_string(), QUEUED, "yours leaves in the queue [0]");
}

#[test]
fn to_answer_true_always_is_told() {
    let said = check::wake_once(|woken, queue, id| {
        if !woken.swap(true, Ordering::AcqRel) {
            let _ = queue.send(id);
        }
        true
    })
    .to_string();
    assert_says(&said, TOLD, "yours return [true, true, true]");
    assert_says(&said, GONE, "yours returns true");
}

#[test]
fn a_panic_when_the_executor_is_gone_is_told() {
    let said = check::wake_once(|woken, queue, id| {
        if woken.swap(true, Ordering::AcqRel) {
            return false;
        }
        queue.send(id).unwrap();
        true
    });
    assert_says(&said.to_string(), GONE, "yours panicked: ");
}
