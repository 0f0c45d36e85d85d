//! Showing something at any time.

use std::hash::{BuildHasher, Hasher, RandomState};

use super::here::here;
use super::output::Output;

/// What [`show`] can show.
pub trait Show {
    /// How it looks now.
    fn output(&self) -> Output;
}

impl Show for Output {
    fn output(&self) -> Output {
        self.clone()
    }
}

impl Show for str {
    fn output(&self) -> Output {
        Output::text(self)
    }
}

impl Show for String {
    fn output(&self) -> Output {
        Output::text(self)
    }
}

impl Output {
    /// Shows the output as the result of the cell. A later result of the same cell takes its place.
    pub fn show_as_result(&self) {
        here().show_as_result(self);
    }
}

/// Shows `value` now, whether the cell runs on or not, from any task or thread.
///
/// What was printed before stands above it, and what is printed after, below. On a kernel that shows
/// one result a cell, all that a cell has shown appears at its end. Shown after its cell has ended, a
/// value appears below that cell, or below the next one once that runs.
///
/// ```
/// use hitchhiker::display::show;
///
/// let task = show("waiting for the answer");
/// std::thread::spawn(move || task.update("42")).join().unwrap();
/// ```
pub fn show(value: &(impl Show + ?Sized)) -> Shown {
    let shown = Shown { id: unique() };
    here().show(shown.id, &value.output());
    shown
}

/// Something that is shown, to be changed later, in the same cell or another. A clone changes the same
/// thing.
///
/// # Dropping
///
/// What is shown stays when its last handle is dropped.
#[derive(Debug, Clone)]
pub struct Shown {
    id: u64,
}

impl Shown {
    /// Shows `value` in its place. Of changes that follow each other too fast for a page to draw, 20 a
    /// second are shown, and always the last one.
    pub fn update(&self, value: &(impl Show + ?Sized)) {
        here().update(self.id, &value.output());
    }

    /// Shows nothing in its place. Lines of text stay.
    pub fn clear(&self) {
        here().clear(self.id);
    }
}

/// A number that no other display has. It is drawn at random: each cell has statics of its own, so cells
/// that counted would use the same numbers.
fn unique() -> u64 {
    RandomState::new().build_hasher().finish()
}
