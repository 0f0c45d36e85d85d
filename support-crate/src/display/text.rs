//! A terminal, a pipe or a file: each state of a display is a line of text.

use super::destination::{BarKind, Destination};
use super::output::Output;

/// Stdout of a program that no kernel runs.
pub(super) struct Text {
    pub(super) bar: BarKind,
}

impl Destination for Text {
    fn show(&self, _: u64, output: &Output) {
        println!("{}", output.as_text());
    }

    fn update(&self, id: u64, output: &Output) {
        self.show(id, output);
    }

    /// Lines that were written stay.
    fn clear(&self, _: u64) {}

    fn bar(&self) -> BarKind {
        self.bar
    }
}
