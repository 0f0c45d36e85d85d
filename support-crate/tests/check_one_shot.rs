//! What the check of the exercise at the end of chapter 8 says.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use hitchhiker::check;

const AT_ONCE: &str = "the first poll after send(42) answers Ready(42)";
const WOKEN: &str = "a receiver that waits is woken once, by send, and is ready then";
const LATEST: &str =
    "a receiver polled by a first task, then by a second one: send wakes the second";
const THREADS: &str = "a receiver that waits while another thread sends 42 gives 42";

#[track_caller]
fn assert_says(said: &str, line: &str, came: &str) {
    let whole = format!("✗ {line}; {came}");
    assert!(said.lines().any(|line| line.starts_with(&whole)), "{said}");
}

#[derive(Default)]
struct Shared {
    value: Option<i64>,
    wakers: Vec<Waker>,
}

/// What a receiver does with the waker of a poll, and a sender with those that it finds.
#[derive(Clone, Copy)]
struct Channel {
    keep: fn(&mut Vec<Waker>, &Waker),
    wake: fn(Vec<Waker>),
}

struct Sender(Arc<Mutex<Shared>>, Channel);

struct Receiver(Arc<Mutex<Shared>>, Channel);

impl Future for Receiver {
    type Output = i64;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<i64> {
        let mut shared = self.0.lock().unwrap();
        if let Some(value) = shared.value {
            return Poll::Ready(value);
        }
        (self.1.keep)(&mut shared.wakers, context.waker());
        Poll::Pending
    }
}

fn latest(wakers: &mut Vec<Waker>, waker: &Waker) {
    *wakers = vec![waker.clone()];
}

fn wake_all(wakers: Vec<Waker>) {
    wakers.into_iter().for_each(Waker::wake);
}

fn said_to(channel: Channel) -> String {
    let both = move || {
        let shared = Arc::new(Mutex::new(Shared::default()));
        (Sender(shared.clone(), channel), Receiver(shared, channel))
    };
    let send = |sender: Sender, value| {
        let mut shared = sender.0.lock().unwrap();
        shared.value = Some(value);
        let wakers = std::mem::take(&mut shared.wakers);
        drop(shared);
        (sender.1.wake)(wakers);
    };
    check::one_shot(both, send).to_string()
}

#[test]
fn the_solution_passes() {
    let said = said_to(Channel {
        keep: latest,
        wake: wake_all,
    });
    let all = [AT_ONCE, WOKEN, LATEST, THREADS].map(|line| format!("✓ {line}"));
    assert_eq!(said, all.join("\n"));
}

#[test]
fn a_waker_that_is_not_kept_is_told() {
    let said = said_to(Channel {
        keep: |_, _| {},
        wake: wake_all,
    });
    assert_says(&said, WOKEN, "yours is not woken");
    assert_says(&said, LATEST, "yours wakes neither");
    assert_says(&said, THREADS, "yours gave no answer within 1.5 seconds");
}

#[test]
fn a_waker_that_is_kept_and_never_called_is_told() {
    let said = said_to(Channel {
        keep: latest,
        wake: drop,
    });
    assert_says(&said, WOKEN, "yours is not woken");
}

#[test]
fn to_keep_the_first_waker_is_told() {
    let said = said_to(Channel {
        keep: |wakers, waker| {
            if wakers.is_empty() {
                wakers.push(waker.clone());
            }
        },
        wake: wake_all,
    });
    assert_says(&said, LATEST, "yours wakes the first");
}

#[test]
fn to_keep_all_wakers_is_told() {
    let said = said_to(Channel {
        keep: |wakers, waker| wakers.push(waker.clone()),
        wake: wake_all,
    });
    assert_says(&said, LATEST, "yours wakes both");
}

#[test]
fn to_wake_at_once_is_told() {
    let said = said_to(Channel {
        keep: |_, waker| waker.wake_by_ref(),
        wake: wake_all,
    });
    assert_says(
        &said,
        WOKEN,
        "yours wakes its task before anything was sent",
    );
}

#[test]
fn to_wake_twice_is_told() {
    let said = said_to(Channel {
        keep: latest,
        wake: |wakers| {
            wakers.iter().for_each(Waker::wake_by_ref);
            wake_all(wakers);
        },
    });
    assert_says(&said, WOKEN, "yours is woken 2 times");
}

#[test]
fn a_value_made_up_is_told() {
    let both = || ((), std::future::poll_fn(|_| Poll::Ready(0)));
    let said = check::one_shot(both, |(), _| {}).to_string();
    assert_says(&said, AT_ONCE, "yours answers Ready(0)");
    assert_says(&said, WOKEN, "yours is ready before anything was sent");
    assert_says(&said, THREADS, "yours gives 0");
}

#[test]
fn nothing_written_is_pending_for_ever() {
    let said = check::one_shot(|| ((), std::future::pending()), |(), _| {}).to_string();
    assert_says(&said, AT_ONCE, "yours answers Pending");
    assert_says(&said, WOKEN, "yours is not woken");
}
