//! What the second exercise of chapter 4 says to right and to wrong predictions.

use hitchhiker::check;

/// The bodies of the chapter, with what each takes while it is paused.
const MEASURED: [(&str, usize); 3] = [
    ("fibonacci", 32),
    ("mean_of_16", 144),
    ("least_and_greatest", 24),
];

fn said(predicted: [usize; 3]) -> Vec<String> {
    let report = check::bytes(predicted, MEASURED).to_string();
    report.lines().map(str::to_owned).collect()
}

fn right(name: &str, bytes: usize) -> String {
    format!("✓ {name} takes as many bytes as you predicted: {bytes}")
}

fn wrong(name: &str, bytes: usize, how: &str) -> String {
    format!("✗ {name} takes as many bytes as you predicted; yours, {bytes}, are too {how}")
}

#[test]
fn a_right_prediction_passes_and_is_repeated() {
    assert!(check::bytes([32, 144, 24], MEASURED).passed());
    let lines = MEASURED.map(|(name, bytes)| right(name, bytes));
    assert_eq!(said([32, 144, 24]), lines);
}

#[test]
fn nothing_written_yet_is_too_few_for_each_body_and_gives_no_size_away() {
    let lines = MEASURED.map(|(name, _)| wrong(name, 0, "few"));
    assert_eq!(said([0, 0, 0]), lines);
}

#[test]
fn the_variables_without_what_every_body_keeps_besides_are_too_few() {
    let expected = [
        wrong("fibonacci", 16, "few"),
        wrong("mean_of_16", 128, "few"),
        wrong("least_and_greatest", 8, "few"),
    ];
    assert_eq!(said([16, 128, 8]), expected);
}

#[test]
fn an_array_that_ended_with_its_block_is_too_much() {
    let expected = [
        right("fibonacci", 32),
        right("mean_of_16", 144),
        wrong("least_and_greatest", 88, "many"),
    ];
    assert_eq!(said([32, 144, 88]), expected);
}

#[test]
fn a_value_on_its_way_out_is_too_much() {
    let lines = said([32, 144, 32]);
    assert_eq!(lines[2], wrong("least_and_greatest", 32, "many"));
}

#[test]
fn values_that_are_counted_and_not_their_bytes_are_too_few() {
    let expected = [
        wrong("fibonacci", 2, "few"),
        wrong("mean_of_16", 16, "few"),
        wrong("least_and_greatest", 1, "few"),
    ];
    assert_eq!(said([2, 16, 1]), expected);
}

#[test]
fn predictions_in_another_order_are_held_against_the_bodies_in_theirs() {
    let expected = [
        wrong("fibonacci", 24, "few"),
        wrong("mean_of_16", 32, "few"),
        wrong("least_and_greatest", 144, "many"),
    ];
    assert_eq!(said([24, 32, 144]), expected);
}
