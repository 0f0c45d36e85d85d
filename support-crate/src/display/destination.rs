//! A place where displays go.

use super::evcxr;
use super::output::Output;

/// A place where displays go. A display is known by its id, which no other display has.
pub(super) trait Destination: Sync {
    /// Shows a new display.
    fn show(&self, id: u64, output: &Output);

    /// Shows `output` in the place of what this display showed before.
    fn update(&self, id: u64, output: &Output);

    /// Shows nothing in the place of this display.
    fn clear(&self, id: u64);

    /// Shows `output` as the result of the cell.
    fn show_as_result(&self, output: &Output) {
        evcxr::give_result(output);
    }

    /// What a bar is made of here.
    fn bar(&self) -> BarKind;
}

/// What a bar is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BarKind {
    /// A display, which each step changes.
    Display,
    /// One line of a terminal, which each step draws over.
    Line,
    /// A line of text for each tenth of the way.
    Tenths,
}
