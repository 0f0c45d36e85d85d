//! What the check of the exercise at the end of chapter 9 says.

use std::future::poll_fn;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use hitchhiker::check;

const POLLS: &str = "yield_now() is ready at the second poll";
const WAKES: &str = "it wakes its task once, before the first poll is over";
const TURNS: &str = "two tasks that give way in three rounds run as \
                     [\"a 1\", \"b 1\", \"a 2\", \"b 2\", \"a 3\", \"b 3\"]";

#[track_caller]
fn assert_says(said: &str, line: &str, came: &str) {
    let whole = format!("✗ {line}; {came}");
    assert!(said.lines().any(|line| line.starts_with(&whole)), "{said}");
}

/// Gives way `times` times, and wakes its task `wakes` times each time.
async fn giving_way(times: u32, wakes: u32) {
    let mut given_way = 0;
    poll_fn(|context| {
        if given_way == times {
            return Poll::Ready(());
        }
        given_way += 1;
        (0..wakes).for_each(|_| context.waker().wake_by_ref());
        Poll::Pending
    })
    .await;
}

#[test]
fn the_solution_passes() {
    let said = check::yield_now(async || giving_way(1, 1).await).to_string();
    assert_eq!(said, format!("✓ {POLLS}\n✓ {WAKES}\n✓ {TURNS}"));
}

#[test]
fn nothing_written_is_ready_at_once() {
    async fn yield_now() {}
    let said = check::yield_now(yield_now).to_string();
    assert_says(&said, POLLS, "yours is ready at the first");
    assert_says(&said, WAKES, "yours does not wait at all");
    assert_says(
        &said,
        TURNS,
        "yours run as [\"a 1\", \"a 2\", \"a 3\", \"b 1\"",
    );
}

#[test]
fn a_forgotten_wake_is_told() {
    let said = check::yield_now(async || giving_way(1, 0).await).to_string();
    assert_says(&said, WAKES, "yours is pending, and nobody will wake it");
    assert_says(&said, TURNS, "yours run as [\"a 1\", \"b 1\"]");
}

#[test]
fn a_future_that_is_never_ready_is_told() {
    let said = check::yield_now(async || giving_way(u32::MAX, 1).await).to_string();
    assert_says(&said, POLLS, "yours is pending after 9 polls");
    assert_says(&said, TURNS, "yours run as [\"a 1\", \"b 1\"]");
}

#[test]
fn giving_way_twice_is_told() {
    let said = check::yield_now(async || giving_way(2, 1).await).to_string();
    assert_says(&said, POLLS, "yours is ready at poll 3");
}

#[test]
fn waking_twice_is_told() {
    let said = check::yield_now(async || giving_way(1, 2).await).to_string();
    assert_says(&said, WAKES, "yours wakes it 2 times");
}

#[test]
fn a_thread_that_wakes_later_is_told() {
    async fn yield_now() {
        let mut given_way = false;
        poll_fn(|context| {
            if given_way {
                return Poll::Ready(());
            }
            given_way = true;
            let waker = context.waker().clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(200));
                waker.wake();
            });
            Poll::Pending
        })
        .await
    }
    let said = check::yield_now(yield_now).to_string();
    assert_says(&said, WAKES, "yours is pending, and nobody will wake it");
}

#[test]
fn sleeping_in_place_of_giving_way_is_told() {
    async fn yield_now() {
        thread::sleep(Duration::from_secs(60));
    }
    let said = check::yield_now(yield_now).to_string();
    assert_says(&said, POLLS, "yours gave no answer within 1.5 seconds");
}
