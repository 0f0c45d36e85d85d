//! A bar that shows how far something has come.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::destination::BarKind;
use super::here::here;
use super::html::escape;
use super::output::Output;
use super::show::{Shown, show};

/// How many characters a bar of text is long.
const WIDTH: usize = 30;

/// Shows how many of `total` steps are done, from any task or thread. It is a page's bar, a terminal's,
/// or a line of text for each tenth, as [`display`](super) tells.
///
/// ```
/// use hitchhiker::display::Bar;
///
/// let bar = Bar::new("flags", 21);
/// for _ in 0..21 {
///     bar.advance();
/// }
/// assert_eq!(bar.done(), 21);
/// ```
///
/// # Dropping
///
/// A bar that is dropped stays on the page or in the terminal as it is.
#[derive(Debug)]
pub struct Bar {
    label: String,
    total: usize,
    done: AtomicUsize,
    shown: Option<Shown>,
}

impl Bar {
    /// A bar of which nothing is done yet. `label` says what the steps are.
    pub fn new(label: impl Into<String>, total: usize) -> Self {
        let mut bar = Self {
            label: label.into(),
            total,
            done: AtomicUsize::new(0),
            shown: None,
        };
        match here().bar() {
            BarKind::Display => bar.shown = Some(show(&bar.face(0))),
            BarKind::Line => bar.draw(0),
            BarKind::Tenths => {}
        }
        bar
    }

    /// One step more is done.
    pub fn advance(&self) {
        // The lock is held until the new state is shown, so that no older state is shown after it.
        let _order = io::stdout().lock();
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        match (&self.shown, here().bar()) {
            (Some(shown), _) => shown.update(&self.face(done)),
            (None, BarKind::Line) => self.draw(done),
            (None, _) if self.ends_a_tenth(done) => println!("{}", self.text(done)),
            (None, _) => {}
        }
    }

    /// How many steps are done.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Draws over what was drawn last.
    // Written by hand: a kernel would compile indicatif and read it at each start, though no notebook has a
    // terminal.
    fn draw(&self, done: usize) {
        let end = if done == self.total { '\n' } else { '\r' };
        let mut stdout = io::stdout().lock();
        // Writing fails only when the terminal is gone, and then nobody reads an error.
        let _ = write!(stdout, "\x1b[2K{}{end}", self.text(done)).and_then(|()| stdout.flush());
    }

    fn ends_a_tenth(&self, done: usize) -> bool {
        let tenths = |done: usize| (done * 10).checked_div(self.total);
        tenths(done) != tenths(done - 1)
    }

    fn text(&self, done: usize) -> String {
        let filled = (done * WIDTH).checked_div(self.total).unwrap_or(WIDTH);
        format!(
            "{} [{:<WIDTH$}] {done} of {}",
            self.label,
            "#".repeat(filled.min(WIDTH)),
            self.total
        )
    }

    fn face(&self, done: usize) -> Output {
        Output::text(self.text(done)).html(format!(
            "<label>{} <progress value=\"{done}\" max=\"{}\"></progress> {done} of {}</label>",
            escape(&self.label),
            self.total,
            self.total
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(total: usize) -> Bar {
        Bar::new("flags", total)
    }

    #[test]
    fn a_bar_of_text_is_filled_in_proportion() {
        assert_eq!(
            bar(2).text(1),
            "flags [###############               ] 1 of 2"
        );
        assert_eq!(
            bar(21).text(21),
            "flags [##############################] 21 of 21"
        );
    }

    #[test]
    fn a_bar_of_nothing_is_full_and_of_too_much_no_longer_than_others() {
        let full = format!("[{}]", "#".repeat(WIDTH));
        assert!(bar(0).text(0).contains(&full));
        assert!(bar(1).text(7).contains(&full));
    }

    #[test]
    fn ten_lines_tell_of_any_number_of_steps() {
        for total in [10, 21, 1000] {
            let bar = bar(total);
            let lines = (1..=total).filter(|&done| bar.ends_a_tenth(done));
            assert_eq!(lines.count(), 10);
        }
        assert!(!bar(0).ends_a_tenth(1));
    }

    #[test]
    fn a_label_is_text_and_no_markup() {
        let output = Bar::new("<b>", 3).face(1);
        assert_eq!(
            output.as_html(),
            Some("<label>&lt;b&gt; <progress value=\"1\" max=\"3\"></progress> 1 of 3</label>")
        );
    }

    #[test]
    fn steps_of_many_threads_are_all_counted() {
        let bar = bar(100);
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| (0..10).for_each(|_| bar.advance()));
            }
        });
        assert_eq!(bar.done(), 100);
    }
}
