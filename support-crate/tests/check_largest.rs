//! What the check of chapter 10's exercise says to predictions that are wrong.

use hitchhiker::check;

const MEASURED: [(&str, usize); 4] = [
    ("early", 12),
    ("across", 1_012),
    ("in_turn", 1_020),
    ("together", 2_032),
];

fn said(largest: fn() -> (&'static str, usize)) -> Vec<String> {
    let report = check::largest(largest, MEASURED).to_string();
    report.lines().map(str::to_owned).collect()
}

const FIRST: &str = "the largest is `together`, with 2032 bytes";
const SECOND: &str = "it has 1012 bytes more than `in_turn`, the second largest";

#[test]
fn a_prediction_that_is_near_passes() {
    assert!(check::largest(|| ("together", 920), MEASURED).passed());
    assert!(check::largest(|| ("together", 1_100), MEASURED).passed());
    assert!(!check::largest(|| ("together", 900), MEASURED).passed());
}

#[test]
fn nothing_written_yet_is_told_so() {
    let expected = [
        format!("✗ {FIRST}; yours has no name yet"),
        format!("✗ {SECOND}; yours says 0"),
    ];
    assert_eq!(said(|| ("", 0)), expected);
}

#[test]
fn another_of_the_four_is_told_with_its_size() {
    let expected = [
        format!("✗ {FIRST}; yours is `in_turn`, which has 1020"),
        format!("✓ {SECOND}"),
    ];
    assert_eq!(said(|| ("in_turn", 1_000)), expected);
}

#[test]
fn a_name_that_is_none_of_the_four_is_told_so() {
    let lines = said(|| ("Together", 1_000));
    assert_eq!(
        lines[0],
        format!("✗ {FIRST}; yours is `Together`, which is none of the four")
    );
}

#[test]
fn the_whole_size_is_not_the_difference() {
    let lines = said(|| ("together", 2_000));
    assert_eq!(
        lines[1],
        format!("✗ {SECOND}; yours says 2000, which is about the whole of it")
    );
}

#[test]
fn a_difference_of_nothing_is_told_what_was_measured() {
    let lines = said(|| ("together", 8));
    assert_eq!(
        lines,
        [format!("✓ {FIRST}"), format!("✗ {SECOND}; yours says 8")]
    );
}

#[test]
#[allow(clippy::empty_loop)] // a mistake that readers make
fn a_panic_and_an_endless_loop_are_told_in_a_line() {
    let panicked = said(|| todo!());
    assert_eq!(
        panicked,
        [format!("✗ {FIRST}; yours panicked: not yet implemented")]
    );
    let endless = said(|| loop {});
    assert!(
        endless[0].starts_with(&format!("✗ {FIRST}; yours gave no answer")),
        "{endless:?}"
    );
}
