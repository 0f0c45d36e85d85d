//! What the check of chapter 1's exercise says.

use hitchhiker::check;
use hitchhiker::coroutine::*;

macro_rules! said {
    (|$start:ident| { $($body:tt)* }) => {{
        fn countdown($start: u32) -> Generator<u32> {
            generator! { $($body)* }
        }
        check::countdown(countdown).to_string()
    }};
}

#[test]
fn a_right_answer_passes() {
    let said = said!(|start| {
        for n in (1..=start).rev() {
            yield n;
        }
    });
    let expected = "\
✓ countdown(3) yields [3, 2, 1]
✓ countdown(1) yields [1]
✓ countdown(0) yields []";
    assert_eq!(said, expected);
}

#[test]
fn nothing_written_is_told_what_is_expected() {
    let said = said!(|_start| {});
    assert!(
        said.starts_with("✗ countdown(3) yields [3, 2, 1]; yours yields []\n"),
        "{said}"
    );
}

#[test]
fn an_endless_body_is_cut_off() {
    let said = said!(|start| {
        loop {
            yield start;
        }
    });
    assert!(
        said.contains("yours yields [3, 3, 3, 3, 3, 3, 3, 3, 3]"),
        "{said}"
    );
}

#[test]
fn a_panic_is_told() {
    let said = said!(|start| {
        for n in (0..start).rev() {
            yield n / (n - n);
        }
    });
    assert_eq!(
        said,
        "✗ countdown(3) yields [3, 2, 1]; yours panicked: attempt to divide by zero"
    );
}

#[allow(clippy::while_immutable_condition)] // a mistake that readers make
#[test]
fn a_body_that_never_yields_gets_an_answer_within_two_seconds() {
    let said = said!(|start| {
        let mut n = start;
        while n > 0 {
            n = n.max(start); // it forgets to count
            std::thread::yield_now();
        }
    });
    assert!(
        said.starts_with(
            "✗ countdown(3) yields [3, 2, 1]; yours gave no answer within 1.5 seconds"
        ),
        "{said}"
    );
}
