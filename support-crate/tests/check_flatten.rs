//! What the exercise of chapter 5 says to right and to wrong answers.

use hitchhiker::check::{self, Nested};
use hitchhiker::coroutine::*;

type Flat = Generator<i32, (), usize>;

fn checked(flatten: fn(Nested) -> Flat) -> Vec<String> {
    let report = check::flatten(flatten).to_string();
    report.lines().map(str::to_owned).collect()
}

#[test]
fn the_flatten_of_the_chapter_passes() {
    fn flatten(nested: Nested) -> Flat {
        generator! {
            match nested {
                Nested::One(number) => {
                    yield number;
                    1
                }
                Nested::Many(list) => {
                    let mut count = 0;
                    for inner in list {
                        count += yield from flatten(inner);
                    }
                    count
                }
            }
        }
    }
    assert_eq!(
        checked(flatten),
        [
            "✓ flatten(5) yields [5] and returns 1",
            "✓ flatten([1, [2, 3]]) yields [1, 2, 3] and returns 3",
            "✓ flatten([[], [4, [4]], 0]) yields [4, 4, 0] and returns 3",
            "✓ flatten([[[7]]]) yields [7] and returns 1",
            "✓ flatten([]) yields [] and returns 0",
        ],
    );
}

#[test]
fn one_that_calls_itself_without_yield_from_is_told_what_is_missing() {
    #[allow(unused_must_use)]
    fn flatten(nested: Nested) -> Flat {
        generator! {
            match nested {
                Nested::One(number) => {
                    yield number;
                    1
                }
                Nested::Many(list) => {
                    let count = list.len();
                    for inner in list {
                        flatten(inner);
                    }
                    count
                }
            }
        }
    }
    let lines = checked(flatten);
    assert!(lines[0].starts_with("✓"), "{lines:?}");
    assert!(
        lines[1].ends_with("; yours yields [] and returns 2"),
        "{lines:?}"
    );
}

#[test]
fn one_that_passes_on_by_for_is_told_that_the_count_is_lost() {
    fn flatten(nested: Nested) -> Flat {
        generator! {
            match nested {
                Nested::One(number) => {
                    yield number;
                    1
                }
                Nested::Many(list) => {
                    let mut count = 0;
                    for inner in list {
                        for number in flatten(inner) {
                            yield number;
                        }
                        count += 1;
                    }
                    count
                }
            }
        }
    }
    assert!(checked(flatten)[1].ends_with("; yours yields [1, 2, 3] and returns 2"));
}

#[test]
fn one_that_counts_lists_as_well_is_told_its_count() {
    fn flatten(nested: Nested) -> Flat {
        generator! {
            match nested {
                Nested::One(number) => {
                    yield number;
                    1
                }
                Nested::Many(list) => {
                    let mut count = 1;
                    for inner in list {
                        count += yield from flatten(inner);
                    }
                    count
                }
            }
        }
    }
    assert!(checked(flatten)[4].ends_with("; yours yields [] and returns 1"));
}

#[test]
fn one_that_takes_the_last_first_is_told_the_order_that_came() {
    fn flatten(nested: Nested) -> Flat {
        generator! {
            let (mut waiting, mut count) = (vec![nested], 0);
            while let Some(nested) = waiting.pop() {
                match nested {
                    Nested::One(number) => {
                        yield number;
                        count += 1;
                    }
                    Nested::Many(list) => waiting.extend(list),
                }
            }
            count
        }
    }
    assert!(checked(flatten)[1].ends_with("; yours yields [3, 2, 1] and returns 3"));
}

#[test]
fn one_without_an_end_is_told_so() {
    fn flatten(_: Nested) -> Flat {
        generator! { loop { yield 5; } }
    }
    let lines = checked(flatten);
    assert_eq!(lines.len(), 5, "every line gets an answer");
    assert!(
        lines[0].ends_with("; yours yields [5, 5, 5, 5, 5, 5, 5, 5, 5] and does not end"),
        "{lines:?}"
    );
}

#[test]
fn one_that_raises_is_told_the_error() {
    fn flatten(nested: Nested) -> Flat {
        generator! {
            let Nested::One(number) = nested else { Err(ValueError::new("a list"))? };
            yield number;
            1
        }
    }
    assert!(checked(flatten)[1].ends_with("; yours yields [] and raises ValueError: a list"));
}
