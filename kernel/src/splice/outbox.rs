//! What waits to be sent to everybody, in its order.
//!
//! Printed text is joined while it waits, because each message costs a front end more than its text does.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::displays::Display;
use super::message::{KernelMessage, Message};
use super::pace::Pace;
use super::stdout::Line;

/// How long text waits for more of it, where nothing else waits behind it.
const TOGETHER: Duration = Duration::from_millis(50);

/// How many changes between stdout and stderr keep their order while they wait. Then only the order in each
/// of the two is kept.
const CHANGES: usize = 32;

/// How much text goes into one message, in bytes. Text that waits longer goes into the next one.
const LONGEST: usize = 200_000;

/// How much text waits before the cell has to wait, in bytes.
const ROOM: usize = 256 << 10;

/// One of the two streams that a cell prints to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    /// Jupyter's name of the stream.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// Something for everybody, or for evcxr behind it.
#[derive(Debug)]
pub enum Item {
    /// What a cell has printed, as an output of the request of this header.
    Text(Stream, String, Arc<Value>),
    Display(Display, Arc<Value>),
    /// A message of evcxr's.
    Message(KernelMessage),
    /// A message of the relay's own.
    Made(Message),
    /// What evcxr sends last for a request. The next request comes behind it.
    End(KernelMessage),
    /// A line that evcxr waits for. Everything that the cell has printed before is sent before.
    Line(Line, String),
    /// The process of the cells has ended.
    Ended,
}

#[derive(Debug, Default)]
pub struct Outbox {
    items: VecDeque<Item>,
    pace: Pace,
    /// When text was sent last.
    last: Option<Instant>,
    /// How much text waits, in bytes.
    text: usize,
}

impl Outbox {
    pub fn push(&mut self, item: Item) {
        match item {
            Item::Text(_, text, _) if text.is_empty() => {}
            Item::Text(stream, text, parent) => self.print(stream, text, parent),
            item => self.items.push_back(item),
        }
    }

    fn print(&mut self, stream: Stream, text: String, parent: Arc<Value>) {
        self.text += text.len();
        let changes = self
            .items
            .iter()
            .rev()
            .take(CHANGES)
            .take_while(is_text)
            .count();
        let mut waiting = self.items.iter_mut().rev().map_while(|item| match item {
            Item::Text(of, text, due) if Arc::ptr_eq(due, &parent) => Some((*of, text)),
            _ => None,
        });
        let last = match changes {
            CHANGES => waiting.find(|(of, _)| *of == stream),
            _ => waiting.next().filter(|(of, _)| *of == stream),
        };
        match last {
            Some((_, waiting)) => waiting.push_str(&text),
            None => self.items.push_back(Item::Text(stream, text, parent)),
        }
    }

    /// When the next item may be sent, if any waits.
    pub fn next(&mut self, now: Instant) -> Option<Instant> {
        match self.items.front()? {
            Item::Text(..) => {
                let paced = self.pace.next(now);
                // Text alone waits for more of it.
                let waits = self.text < ROOM && self.items.iter().all(|item| is_text(&item));
                let rested = self.last.filter(|_| waits).map(|last| last + TOGETHER);
                Some(rested.map_or(paced, |rested| paced.max(rested)))
            }
            _ => Some(now),
        }
    }

    /// Takes the next item, if it may be sent now. A long text is taken in parts.
    pub fn take(&mut self, now: Instant) -> Option<Item> {
        if self.next(now)? > now {
            return None;
        }
        let Some(Item::Text(stream, text, parent)) = self.items.front_mut() else {
            return self.items.pop_front();
        };
        let mut length = text.len().min(LONGEST);
        while !text.is_char_boundary(length) {
            length -= 1;
        }
        let item = match length < text.len() {
            true => Item::Text(*stream, text.drain(..length).collect(), parent.clone()),
            false => self.items.pop_front()?,
        };
        // What has waited together is sent together.
        if !self.items.front().is_some_and(|item| is_text(&item)) {
            self.last = Some(now);
        }
        self.text -= length;
        self.pace.sent(length);
        Some(item)
    }

    /// Another cell begins.
    pub fn begin_cell(&mut self) {
        self.pace.begin_cell();
    }

    /// Whether there is room for more text.
    pub fn has_room(&self) -> bool {
        self.text < ROOM
    }

    #[cfg(test)]
    fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

fn is_text(item: &&Item) -> bool {
    matches!(item, Item::Text(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bench {
        outbox: Outbox,
        parent: Arc<Value>,
        now: Instant,
    }

    impl Bench {
        fn new() -> Self {
            Self {
                outbox: Outbox::default(),
                parent: Arc::default(),
                now: Instant::now(),
            }
        }

        fn print(&mut self, stream: Stream, text: &str) {
            self.outbox
                .push(Item::Text(stream, text.to_owned(), self.parent.clone()));
        }

        fn texts(&mut self) -> Vec<String> {
            let mut texts = Vec::new();
            while let Some(item) = self.outbox.take(self.now) {
                if let Item::Text(_, text, _) = item {
                    texts.push(text);
                }
            }
            texts
        }
    }

    #[test]
    fn the_first_text_is_sent_at_once_and_what_follows_is_joined() {
        let mut bench = Bench::new();
        bench.print(Stream::Stdout, "1\n");
        assert_eq!(bench.texts(), ["1\n"]);
        bench.print(Stream::Stdout, "2\n");
        bench.print(Stream::Stdout, "3\n");
        assert_eq!(bench.texts(), [""; 0]);
        bench.now += TOGETHER;
        assert_eq!(bench.texts(), ["2\n3\n"]);
    }

    #[test]
    fn text_does_not_keep_waiting_what_is_behind_it() {
        let mut bench = Bench::new();
        bench.print(Stream::Stdout, "1\n");
        bench.texts();
        bench.print(Stream::Stdout, "2\n");
        bench.outbox.push(Item::Ended);
        assert_eq!(bench.texts(), ["2\n"]);
        assert!(bench.outbox.is_empty());
    }

    #[test]
    fn streams_keep_their_order_until_they_change_too_often() {
        let mut bench = Bench::new();
        bench.print(Stream::Stdout, "1");
        bench.texts();
        for text in ["a", "b", "c"] {
            bench.print(Stream::Stdout, text);
            bench.print(Stream::Stderr, text);
        }
        bench.now += TOGETHER;
        assert_eq!(bench.texts(), ["a", "a", "b", "b", "c", "c"]);
        for _ in 0..1_000 {
            bench.print(Stream::Stdout, "a");
            bench.print(Stream::Stderr, "b");
        }
        bench.now += TOGETHER;
        let texts = bench.texts();
        assert_eq!(texts.concat().len(), 2_000);
        assert_eq!(texts.len(), CHANGES);
    }

    #[test]
    fn a_long_text_is_sent_in_parts_that_cut_no_character() {
        let mut bench = Bench::new();
        let text = "한".repeat(100_000);
        bench.print(Stream::Stdout, &text);
        assert!(!bench.outbox.has_room());
        let texts = bench.texts();
        assert!(texts.iter().all(|text| text.len() <= LONGEST));
        assert_eq!(texts.concat(), text);
        assert!(bench.outbox.has_room());
    }
}
