//! What the check of chapter 2's exercise says.

use hitchhiker::check;
use hitchhiker::coroutine::*;

macro_rules! said {
    ($($body:tt)*) => {{
        fn average() -> Generator<Option<f64>, f64> {
            generator! { $($body)* }
        }
        check::average(average).to_string()
    }};
}

#[test]
fn a_right_answer_passes() {
    let said = said! {
        let (mut sum, mut count) = (0.0, 0.0);
        let mut mean = None;
        while let Some(n) = yield mean {
            sum += n;
            count += 1.0;
            mean = Some(sum / count);
        }
    };
    let expected = "\
✓ sent None, average answers None
✓ sent Some(10.0), average answers Some(10.0)
✓ sent Some(20.0), average answers Some(15.0)
✓ sent Some(30.0), average answers Some(20.0)
✓ sent None, average answers StopIteration";
    assert_eq!(said, expected);
}

#[test]
fn nothing_written_has_ended_when_it_is_started() {
    let said = said! {};
    assert!(
        said.starts_with("✗ sent None, average answers None; yours answers StopIteration\n"),
        "{said}"
    );
}

#[test]
fn an_error_that_leaves_the_body_is_the_answer() {
    let said = said! { Err("not yet")? };
    assert!(
        said.starts_with("✗ sent None, average answers None; yours answers Exception: not yet\n"),
        "{said}"
    );
}

#[test]
fn a_panic_ends_the_report_where_it_happens() {
    let said = said! {
        let n: Option<f64> = yield None;
        yield n;
        panic!("I have no idea");
    };
    let expected = "\
✓ sent None, average answers None
✓ sent Some(10.0), average answers Some(10.0)
✗ sent Some(20.0), average answers Some(15.0); yours panicked: I have no idea";
    assert_eq!(said, expected);
}

#[test]
fn a_body_that_sleeps_gets_an_answer_within_two_seconds() {
    let said = said! { std::thread::sleep(std::time::Duration::from_secs(3)); };
    let came = "yours gave no answer within 1.5 seconds";
    assert!(
        said.starts_with(&format!("✗ sent None, average answers None; {came}")),
        "{said}"
    );
}
