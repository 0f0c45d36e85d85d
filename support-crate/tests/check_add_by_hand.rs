//! What the check of chapter 10's exercise on the way says.

use std::future::poll_fn;
use std::task::Poll;

use hitchhiker::check;

/// Pending `times` times, then ready with `value`.
async fn ready_after(times: u32, value: u32) -> u32 {
    let mut polls = 0;
    poll_fn(|_| {
        polls += 1;
        match polls > times {
            true => Poll::Ready(value),
            false => Poll::Pending,
        }
    })
    .await
}

fn said(times: u32, value: u32) -> String {
    check::add_by_hand(ready_after(times, value)).to_string()
}

const FIRST: &str = "the first poll answers Pending";
const SECOND: &str = "the second poll answers Pending";
const THIRD: &str = "the third poll answers Ready(42)";

#[test]
fn the_solution_passes() {
    assert_eq!(said(2, 42), format!("✓ {FIRST}\n✓ {SECOND}\n✓ {THIRD}"));
}

#[test]
fn an_answer_too_early_too_late_or_wrong_is_told() {
    assert_eq!(
        said(1, 42),
        format!(
            "✓ {FIRST}\n✗ {SECOND}; yours answers Ready(42)\n✗ {THIRD}; yours was ready before"
        )
    );
    assert!(said(3, 42).ends_with(&format!("✗ {THIRD}; yours answers Pending")));
    assert!(said(2, 2).ends_with(&format!("✗ {THIRD}; yours answers Ready(2)")));
}

#[test]
fn an_arm_that_is_not_written_yet_is_told_after_what_passed() {
    let said = check::add_by_hand(async {
        ready_after(2, 0).await;
        todo!("write this arm")
    });
    assert_eq!(
        said.to_string(),
        format!(
            "✓ {FIRST}\n✓ {SECOND}\n✗ {THIRD}; yours panicked: not yet implemented: write this arm"
        )
    );
}
