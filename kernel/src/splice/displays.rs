//! Which display is sent when.

use std::collections::{BTreeMap, HashSet};

use super::{Formats, Record};
use crate::protocol::Act;

/// What the front ends are to be told of a display.
#[derive(Debug, Clone, PartialEq)]
pub enum Display {
    New(String, Formats),
    Update(String, Formats),
}

/// The displays that cannot be sent yet. New ones wait for their marks, which tell their places among the
/// printed lines. Updates wait, so that of several only the newest has to be sent.
#[derive(Default)]
pub struct Displays {
    /// Whether a cell runs. Between two cells the kernel reads no marks.
    in_cell: bool,
    /// The displays that wait for their marks, in the order in which they were shown.
    unplaced: Vec<(String, Formats)>,
    /// The displays that were sent without their marks. The marks come with the next cell.
    placed_early: HashSet<String>,
    /// The newest state of each display that has changed.
    updates: BTreeMap<String, Formats>,
}

impl Displays {
    /// Takes a record; gives what can be sent at once.
    pub fn take(&mut self, Record { act, id, formats }: Record) -> Option<Display> {
        match act {
            Act::Show if self.in_cell => self.unplaced.push((id, formats)),
            Act::Show => {
                self.placed_early.insert(id.clone());
                return Some(Display::New(id, formats));
            }
            Act::Update => match self.unplaced.iter_mut().find(|(other, _)| *other == id) {
                Some((_, unplaced)) => *unplaced = formats,
                None => {
                    self.updates.insert(id, formats);
                }
            },
        }
        None
    }

    /// What a mark with this id stands for.
    pub fn at_mark(&mut self, id: &str) -> Mark {
        if let Some(index) = self.unplaced.iter().position(|(other, _)| other == id) {
            let (id, formats) = self.unplaced.remove(index);
            return Mark::Here(Display::New(id, formats));
        }
        if self.placed_early.remove(id) {
            return Mark::Late;
        }
        Mark::None
    }

    /// A cell has begun.
    pub fn begin_cell(&mut self) {
        self.in_cell = true;
    }

    /// A cell has ended: everything that was waiting is to be sent.
    pub fn end_cell(&mut self) -> Vec<Display> {
        self.in_cell = false;
        let unplaced = std::mem::take(&mut self.unplaced);
        self.placed_early
            .extend(unplaced.iter().map(|(id, _)| id.clone()));
        let new = unplaced
            .into_iter()
            .map(|(id, formats)| Display::New(id, formats));
        new.chain(self.updates()).collect()
    }

    /// Whether updates wait.
    pub fn has_updates(&self) -> bool {
        !self.updates.is_empty()
    }

    /// The updates that wait, the newest one of each display.
    pub fn updates(&mut self) -> impl Iterator<Item = Display> + use<> {
        std::mem::take(&mut self.updates)
            .into_iter()
            .map(|(id, formats)| Display::Update(id, formats))
    }
}

/// What a printed mark turned out to be.
#[derive(Debug, PartialEq)]
pub enum Mark {
    /// The place of this display.
    Here(Display),
    /// The place of a display that was sent before its mark came.
    Late,
    /// It is no mark of ours, but text.
    None,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn formats(text: &str) -> Formats {
        Formats::from_iter([("text/plain".to_owned(), json!(text))])
    }

    fn record(act: Act, id: &str, text: &str) -> Record {
        Record {
            act,
            id: id.to_owned(),
            formats: formats(text),
        }
    }

    fn new(id: &str, text: &str) -> Display {
        Display::New(id.to_owned(), formats(text))
    }

    fn update(id: &str, text: &str) -> Display {
        Display::Update(id.to_owned(), formats(text))
    }

    fn in_cell() -> Displays {
        let mut displays = Displays::default();
        displays.begin_cell();
        displays
    }

    #[test]
    fn in_a_cell_a_display_waits_for_its_mark() {
        let mut displays = in_cell();
        assert_eq!(displays.take(record(Act::Show, "1", "KR")), None);
        assert_eq!(displays.take(record(Act::Show, "2", "JP")), None);
        assert_eq!(displays.at_mark("2"), Mark::Here(new("2", "JP")));
        assert_eq!(displays.at_mark("1"), Mark::Here(new("1", "KR")));
        assert_eq!(displays.at_mark("1"), Mark::None, "a mark counts once");
    }

    #[test]
    fn an_update_that_overtakes_the_mark_is_what_is_shown() {
        let mut displays = in_cell();
        displays.take(record(Act::Show, "1", "0 %"));
        displays.take(record(Act::Update, "1", "9 %"));
        assert_eq!(displays.at_mark("1"), Mark::Here(new("1", "9 %")));
        assert!(!displays.has_updates());
    }

    #[test]
    fn of_many_updates_the_last_one_is_left() {
        let mut displays = in_cell();
        for percent in ["1 %", "2 %", "3 %"] {
            displays.take(record(Act::Update, "1", percent));
        }
        displays.take(record(Act::Update, "2", "50 %"));
        assert!(displays.has_updates());
        let updates: Vec<_> = displays.updates().collect();
        assert_eq!(updates, [update("1", "3 %"), update("2", "50 %")]);
        assert!(!displays.has_updates());
    }

    #[test]
    fn the_end_of_a_cell_lets_go_of_what_waits() {
        let mut displays = in_cell();
        displays.take(record(Act::Show, "1", "KR"));
        displays.take(record(Act::Update, "0", "100 %"));
        assert_eq!(displays.end_cell(), [new("1", "KR"), update("0", "100 %")]);
        assert_eq!(displays.at_mark("1"), Mark::Late);
        assert_eq!(displays.at_mark("1"), Mark::None);
    }

    #[test]
    fn between_cells_nothing_waits_for_a_mark() {
        let mut displays = in_cell();
        displays.end_cell();
        assert_eq!(
            displays.take(record(Act::Show, "1", "KR")),
            Some(new("1", "KR"))
        );
        displays.begin_cell();
        assert_eq!(displays.at_mark("1"), Mark::Late);
    }
}
