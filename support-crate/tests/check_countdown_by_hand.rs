//! What the first exercise of chapter 4 says to right and to wrong answers.

use std::sync::atomic::{AtomicU32, Ordering};

use hitchhiker::check;
use hitchhiker::coroutine::CoroutineState::{self, Complete, Yielded};

/// What a reader writes, with a field that is enough for each of the answers below.
struct Countdown {
    n: u32,
    resumed: bool,
}

fn checked(resume: fn(&mut Countdown) -> CoroutineState<u32, ()>) -> Vec<String> {
    let start = |n| Countdown { n, resumed: false };
    let report = check::countdown_by_hand(start, resume).to_string();
    report.lines().map(str::to_owned).collect()
}

#[test]
fn the_countdown_of_the_chapter_passes() {
    let lines = checked(|it| {
        if it.resumed {
            it.n -= 1;
        }
        it.resumed = true;
        if it.n > 0 {
            Yielded(it.n)
        } else {
            Complete(())
        }
    });
    assert_eq!(
        lines,
        [
            "✓ countdown(3) answers [Yielded(3), Yielded(2), Yielded(1), Complete(())]",
            "✓ countdown(1) answers [Yielded(1), Complete(())]",
            "✓ countdown(0) answers [Complete(())]",
            "✓ countdown(30) and countdown(20), resumed in turn, answer \
             [Yielded(30), Yielded(20), Yielded(29), Yielded(19)]",
        ],
    );
}

#[test]
fn one_that_stays_in_its_state_is_told_that_it_repeats_itself() {
    let lines = checked(|it| Yielded(it.n));
    assert!(lines[0].starts_with("✗"), "{lines:?}");
    assert!(lines[0].ends_with("yours answers [Yielded(3), Yielded(3), Yielded(3), Yielded(3), Yielded(3), Yielded(3), Yielded(3), Yielded(3), Yielded(3)]"), "{lines:?}");
}

#[test]
fn one_that_goes_down_before_the_first_value_is_told_what_came() {
    let lines = checked(|it| {
        it.n = it.n.saturating_sub(1);
        if it.n > 0 {
            Yielded(it.n)
        } else {
            Complete(())
        }
    });
    assert!(
        lines[0].ends_with("yours answers [Yielded(2), Yielded(1), Complete(())]"),
        "{lines:?}"
    );
}

#[test]
fn one_that_yields_zero_is_told_what_came() {
    let lines = checked(|it| {
        if it.resumed && it.n == 0 {
            return Complete(());
        }
        if it.resumed {
            it.n -= 1;
        }
        it.resumed = true;
        Yielded(it.n)
    });
    assert!(
        lines[2].ends_with("yours answers [Yielded(0), Complete(())]"),
        "{lines:?}"
    );
}

#[test]
fn one_that_subtracts_from_zero_is_told_its_panic() {
    let lines = checked(|it| {
        let n = it.n;
        it.n = n.checked_sub(1).expect("attempt to subtract with overflow");
        Yielded(n)
    });
    assert!(
        lines[0].ends_with("yours panicked: attempt to subtract with overflow"),
        "{lines:?}"
    );
}

#[test]
fn one_that_counts_in_its_own_loop_never_comes_back_and_is_told_so() {
    let lines = checked(|_| {
        loop {
            std::thread::yield_now()
        }
    });
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("yours gave no answer within 1.5 seconds"),
        "{lines:?}"
    );
}

#[test]
fn one_that_keeps_its_number_outside_is_told_that_two_disturb_each_other() {
    static N: AtomicU32 = AtomicU32::new(0);
    let lines = checked(|it| {
        if !it.resumed {
            N.store(it.n, Ordering::Relaxed);
            it.resumed = true;
        }
        match N.load(Ordering::Relaxed) {
            0 => Complete(()),
            n => {
                N.store(n - 1, Ordering::Relaxed);
                Yielded(n)
            }
        }
    });
    assert!(
        lines[..3].iter().all(|line| line.starts_with("✓")),
        "{lines:?}"
    );
    assert!(
        lines[3].ends_with("yours answer [Yielded(30), Yielded(20), Yielded(19), Yielded(18)]"),
        "{lines:?}"
    );
}
