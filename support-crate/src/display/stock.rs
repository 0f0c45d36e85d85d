//! A kernel that shows one result a cell, at its end.
//!
//! The result is put together of all that the cell shows and given to the kernel anew each time: of
//! several results the last one counts.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::destination::{BarKind, Destination};
use super::evcxr;
use super::html::escape;
use super::output::Output;

/// What this cell has shown, with the ids of what may change. The kernel compiles this crate into each
/// cell, so that each begins with none.
static SHOWN: Mutex<Vec<(Option<u64>, Output)>> = Mutex::new(vec![]);

/// A kernel that shows one result a cell.
pub(super) struct Stock;

impl Destination for Stock {
    fn show(&self, id: u64, output: &Output) {
        change(|shown| shown.push((Some(id), output.clone())));
    }

    fn update(&self, id: u64, output: &Output) {
        change(
            |shown| match shown.iter_mut().find(|(other, _)| *other == Some(id)) {
                Some((_, there)) => *there = output.clone(),
                None => shown.push((Some(id), output.clone())), // an earlier cell showed the display
            },
        );
    }

    fn clear(&self, id: u64) {
        change(|shown| shown.retain(|(other, _)| *other != Some(id)));
    }

    /// The one result of the cell also holds what the cell has shown before.
    fn show_as_result(&self, output: &Output) {
        change(|shown| shown.push((None, output.clone())));
    }

    fn bar(&self) -> BarKind {
        BarKind::Tenths
    }
}

fn change(change: impl FnOnce(&mut Vec<(Option<u64>, Output)>)) {
    // Stdout is locked before the list. A thread that shows something while it holds stdout locks both in
    // that order, and in the other order the two threads would wait for each other.
    let _order = io::stdout().lock();
    // A poisoned list is whole: nothing below panics halfway through a change.
    let mut shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    change(&mut shown);
    let outputs: Vec<_> = shown.iter().map(|(_, output)| output).collect();
    evcxr::give_result(&together(&outputs));
}

/// One output that holds all of them, below each other.
fn together(outputs: &[&Output]) -> Output {
    if let [output] = outputs {
        return (*output).clone();
    }
    let texts: Vec<_> = outputs.iter().map(|output| output.as_text()).collect();
    let html = |output: &&Output| match output.as_html() {
        Some(html) => format!("<div>{html}</div>\n"),
        None => format!("<pre>{}</pre>\n", escape(output.as_text())),
    };
    Output::text(texts.join("\n")).html(outputs.iter().map(html).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_output_stays_as_it_is() {
        let flag = Output::text("KR").gif(*b"GIF");
        assert_eq!(together(&[&flag]), flag);
    }

    #[test]
    fn several_outputs_are_one_below_the_other() {
        let (flag, text) = (Output::text("KR").html("<img>"), Output::text("a < b"));
        assert_eq!(
            together(&[&flag, &text]),
            Output::text("KR\na < b").html("<div><img></div>\n<pre>a &lt; b</pre>\n")
        );
    }
}
