//! The exercise of chapter 10.

use super::report::Report;

/// How far from the measured number of bytes a prediction may lie: what the compiler adds to a
/// buffer of 1,000 bytes is less, and a buffer too many or too few is more.
const MARGIN: usize = 100;

/// A name, and a number of bytes.
type Named = (&'static str, usize);

/// What [`largest`] takes: `fn largest() -> (&'static str, usize)`.
#[diagnostic::on_unimplemented(
    message = "`largest` is to be a `fn() -> (&'static str, usize)`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn largest() -> (&'static str, usize) {{`"
)]
pub trait Largest: Send + 'static {
    #[doc(hidden)]
    fn prediction(&self) -> Named;
}

impl Largest for fn() -> Named {
    fn prediction(&self) -> Named {
        self()
    }
}

/// Checks `largest`, the exercise of chapter 10: it predicts which of four futures is the largest, and
/// by how many bytes it is larger than the second largest. `measured` holds the name of each and its
/// size in bytes. A prediction may differ from what was measured by 100 bytes.
///
/// ```
/// use hitchhiker::check;
///
/// fn largest() -> (&'static str, usize) {
///     ("long", 1_000)
/// }
/// let measured = [("short", 12), ("middle", 1_012), ("other", 1_020), ("long", 2_032)];
/// assert!(check::largest(largest, measured).passed());
/// ```
pub fn largest<R>(largest: fn() -> R, mut measured: [Named; 4]) -> Report
where
    fn() -> R: Largest,
{
    measured.sort_by_key(|(_, bytes)| *bytes);
    let [smallest, _, second, first] = measured;
    Report::on(move |cases| {
        let mut predicted = None;
        let (name, size) = first;
        cases.expect(
            format!("the largest is `{name}`, with {size} bytes"),
            || {
                let (guess, _) = *predicted.insert(largest.prediction());
                match measured.iter().find(|(name, _)| *name == guess) {
                    _ if guess == name => Ok(()),
                    Some((_, bytes)) => Err(format!("yours is `{guess}`, which has {bytes}")),
                    None if guess.is_empty() => Err("yours has no name yet".to_owned()),
                    None => Err(format!("yours is `{guess}`, which is none of the four")),
                }
            },
        );
        let apart = size - second.1;
        let expected = format!(
            "it has {apart} bytes more than `{}`, the second largest",
            second.0
        );
        cases.expect(expected, || match predicted {
            Some((_, guess)) if guess.abs_diff(apart) <= MARGIN => Ok(()),
            Some((_, guess)) => Err(format!(
                "yours says {guess}{}",
                hint(guess, size, smallest.1)
            )),
            None => Err("yours predicted nothing".to_owned()),
        });
    })
}

/// What a wrong number of bytes may have been meant for.
fn hint(guess: usize, largest: usize, smallest: usize) -> &'static str {
    match guess {
        _ if guess.abs_diff(largest) <= MARGIN => ", which is about the whole of it",
        _ if guess.abs_diff(largest - smallest) <= MARGIN => {
            ", which is about what it has more than the smallest"
        }
        _ => "",
    }
}
