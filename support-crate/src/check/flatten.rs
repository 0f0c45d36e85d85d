//! The exercise of chapter 5.

use std::fmt::{self, Debug};

use super::report::Report;
use crate::coroutine::{Generator, Raised, next};

/// A number, or a list of numbers and further lists: what [`flatten`] is tried on.
///
/// ```
/// use hitchhiker::check::Nested;
///
/// let nested = Nested::Many(vec![
///     Nested::One(1),
///     Nested::Many(vec![Nested::One(2), Nested::One(3)]),
/// ]);
/// assert_eq!(format!("{nested:?}"), "[1, [2, 3]]");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum Nested {
    /// A number.
    One(i32),
    /// A list.
    Many(Vec<Nested>),
}

impl Debug for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(number) => write!(f, "{number}"),
            Self::Many(list) => {
                // The list stays on one line, whatever a `{:#?}` around it asks for.
                f.write_str("[")?;
                for (nth, inner) in list.iter().enumerate() {
                    let comma = if nth == 0 { "" } else { ", " };
                    write!(f, "{comma}{inner:?}")?;
                }
                f.write_str("]")
            }
        }
    }
}

/// What [`flatten`] takes: `fn flatten(nested: Nested) -> Generator<i32, (), usize>`.
#[diagnostic::on_unimplemented(
    message = "`flatten` is to be a `fn(Nested) -> Generator<i32, (), usize>`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn flatten(nested: Nested) -> Generator<i32, (), usize> {{`"
)]
pub trait Flatten: Send + 'static {
    #[doc(hidden)]
    fn of(&self, nested: Nested) -> Generator<i32, (), usize>;
}

impl Flatten for fn(Nested) -> Generator<i32, (), usize> {
    fn of(&self, nested: Nested) -> Generator<i32, (), usize> {
        self(nested)
    }
}

/// Checks `flatten`, the exercise of chapter 5: it yields the numbers of a nested list from left to
/// right, and returns how many there were.
///
/// ```
/// use hitchhiker::check::{self, Nested};
/// use hitchhiker::coroutine::*;
///
/// fn flatten(nested: Nested) -> Generator<i32, (), usize> {
///     generator! {
///         let Nested::Many(list) = nested else {
///             let Nested::One(number) = nested else { unreachable!() };
///             yield number;
///             return 1;
///         };
///         let mut count = 0;
///         for inner in list {
///             count += yield from flatten(inner);
///         }
///         count
///     }
/// }
/// assert!(check::flatten(flatten).passed());
/// ```
pub fn flatten<A, R>(flatten: fn(A) -> R) -> Report
where
    fn(A) -> R: Flatten,
{
    Report::on(move |cases| {
        let one = Nested::One;
        let many = Nested::Many;
        let deep = (0..3).fold(one(7), |inner, _| many(vec![inner]));
        for nested in [
            one(5),
            many(vec![one(1), many(vec![one(2), one(3)])]),
            many(vec![
                many(vec![]),
                many(vec![one(4), many(vec![one(4)])]),
                one(0),
            ]),
            deep,
            many(vec![]),
        ] {
            let wanted = in_words(&numbers(&nested), &Ok(numbers(&nested).len()));
            cases.expect(format!("flatten({nested:?}) {wanted}"), || {
                let (yielded, returned) = run(flatten.of(nested));
                match in_words(&yielded, &returned) {
                    came if came == wanted => Ok(()),
                    came => Err(format!("yours {came}")),
                }
            });
        }
    })
}

/// The numbers of a list, from left to right.
fn numbers(nested: &Nested) -> Vec<i32> {
    match nested {
        Nested::One(number) => vec![*number],
        Nested::Many(list) => list.iter().flat_map(numbers).collect(),
    }
}

/// What a generator yields, at most nine values, and what it returns then.
fn run(mut generator: Generator<i32, (), usize>) -> (Vec<i32>, Result<usize, String>) {
    let mut yielded = vec![];
    while yielded.len() < 9 {
        match next(&mut generator) {
            Ok(number) => yielded.push(number),
            Err(Raised::StopIteration(stop)) => {
                return (yielded, stop.value.ok_or_else(|| "returns nothing".into()));
            }
            Err(Raised::Exception(error)) => return (yielded, Err(format!("raises {error}"))),
        }
    }
    (yielded, Err(String::from("does not end")))
}

fn in_words(yielded: &[i32], returned: &Result<usize, String>) -> String {
    match returned {
        Ok(count) => format!("yields {yielded:?} and returns {count}"),
        Err(instead) => format!("yields {yielded:?} and {instead}"),
    }
}
