//! What a trace writes down.

use std::fmt::{self, Debug, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use crate::written::in_a_line;

/// How many events are kept; later ones are only counted.
const MOST_EVENTS: usize = 10_000;
/// How many characters of a value are kept.
const MOST_CHARACTERS: usize = 120;

/// What happened in an event, and the word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Next,
    Send,
    Throw,
    Close,
    Anext,
    Asend,
    Athrow,
    Aclose,
    Yield,
    Return,
    Raise,
    Closed,
    Panic,
    Drop,
    Poll,
    Pending,
    Ready,
    Wake,
    /// Something was printed.
    Say,
    /// An event of the reader's own.
    Own,
}

/// What an event has to do with who runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `to` runs from now on, and `from` waits for it.
    Ask,
    /// `from` has run, and `to` runs on.
    Answer,
    /// `from` tells `to` something, and runs on.
    Tell,
    /// Something that concerns one lane alone.
    Note,
}

impl What {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Send => "send",
            Self::Throw => "throw",
            Self::Close => "close",
            Self::Anext => "anext",
            Self::Asend => "asend",
            Self::Athrow => "athrow",
            Self::Aclose => "aclose",
            Self::Yield => "yield",
            Self::Return => "return",
            Self::Raise => "raise",
            Self::Closed => "closed",
            Self::Panic => "panic",
            Self::Drop => "drop",
            Self::Poll => "poll",
            Self::Pending => "pending",
            Self::Ready => "ready",
            Self::Wake => "wake",
            Self::Say => "prints",
            Self::Own => "",
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Next | Self::Send | Self::Throw | Self::Close => Kind::Ask,
            Self::Anext | Self::Asend | Self::Athrow | Self::Aclose | Self::Poll => Kind::Ask,
            Self::Yield
            | Self::Return
            | Self::Raise
            | Self::Closed
            | Self::Panic
            | Self::Pending
            | Self::Ready => Kind::Answer,
            Self::Drop | Self::Wake => Kind::Tell,
            Self::Say | Self::Own => Kind::Note,
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// How long the trace had been there when this happened.
    pub(super) at: Duration,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) what: What,
    /// The value that went from one to the other, or the text.
    pub(super) value: String,
    /// Whether `from`, which answers, has ended with this answer or before.
    pub(super) ended: bool,
}

impl Event {
    /// What stands beside the arrow, in at most `most` characters.
    pub(super) fn label(&self, most: usize) -> String {
        let words = [self.what.word(), &self.value];
        let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
        shortened(&words.join(" "), most)
    }
}

/// A time in which a lane ran itself, and nobody that it had resumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) lane: usize,
    pub(super) from: Duration,
    /// `None` while the lane runs.
    pub(super) to: Option<Duration>,
}

/// All that has happened so far.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// The names of those that take part.
    pub(super) lanes: Vec<String>,
    /// The lanes whose names were given before, and which nobody has taken yet.
    expected: Vec<usize>,
    pub(super) events: Vec<Event>,
    /// How many events came after those that are kept.
    pub(super) left_out: usize,
    /// When each lane ran.
    pub(super) spans: Vec<Span>,
    began: Instant,
    /// Who runs on which thread; of several on one thread, the last one. It is no `thread_local`:
    /// each cell of a notebook has this crate's statics for itself, but a trace is one for all cells.
    running: Vec<(ThreadId, usize)>,
    /// The lanes of threads: each stands for whoever runs on its thread unknown to the trace.
    threads: Vec<(ThreadId, usize)>,
}

impl Record {
    /// The lane of this name, the latest of several.
    fn named(&mut self, name: &str) -> usize {
        let last = self.lanes.iter().rposition(|lane| lane == name);
        last.unwrap_or_else(|| self.add_lane(name))
    }

    fn add_lane(&mut self, name: &str) -> usize {
        self.lanes.push(shortened(name, MOST_CHARACTERS));
        self.lanes.len() - 1
    }

    /// Who runs on this thread.
    fn here(&mut self) -> usize {
        let thread = thread::current();
        let known = |(id, _): &&(ThreadId, usize)| *id == thread.id();
        let of_the_thread = || self.threads.iter().find(known).map(|(_, lane)| *lane);
        if let Some(lane) = self.top().or_else(of_the_thread) {
            return lane;
        }
        let lane = self.add_lane(thread.name().unwrap_or("thread"));
        self.threads.push((thread.id(), lane));
        lane
    }

    fn push(&mut self, from: usize, to: usize, what: What, value: String, ended: bool) {
        if self.events.len() == MOST_EVENTS {
            self.left_out += 1;
            return;
        }
        self.events.push(Event {
            at: self.began.elapsed(),
            from,
            to,
            what,
            value,
            ended,
        });
    }

    /// From now on `lane` runs on this thread, and whoever ran there waits for it.
    fn enter(&mut self, lane: usize) {
        self.end_span();
        self.running.push((thread::current().id(), lane));
        self.begin_span();
    }

    /// The lane runs no more, and whoever ran on this thread before runs on.
    fn leave(&mut self, lane: usize) {
        let here = (thread::current().id(), lane);
        if let Some(last) = self.running.iter().rposition(|running| *running == here) {
            self.end_span();
            self.running.remove(last);
            self.begin_span();
        }
    }

    /// Who runs on this thread, of those that the trace was told of.
    fn top(&self) -> Option<usize> {
        let thread = thread::current().id();
        let top = self.running.iter().rev().find(|(id, _)| *id == thread);
        top.map(|(_, lane)| *lane)
    }

    fn begin_span(&mut self) {
        if let Some(lane) = self.top().filter(|_| self.spans.len() < MOST_EVENTS) {
            self.spans.push(Span {
                lane,
                from: self.began.elapsed(),
                to: None,
            });
        }
    }

    fn end_span(&mut self) {
        let now = self.began.elapsed();
        if let Some(lane) = self.top() {
            let open = |span: &&mut Span| span.lane == lane && span.to.is_none();
            if let Some(span) = self.spans.iter_mut().rev().find(open) {
                span.to = Some(now);
            }
        }
    }

    /// How long the trace has been there.
    pub(super) fn age(&self) -> Duration {
        self.began.elapsed()
    }
}

/// A record that several hold, each of which may add to it.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Record>>);

impl Shared {
    /// A record in which those called `names` are expected. This thread is the one called `cell`.
    pub(super) fn expecting(names: &[&str]) -> Self {
        let names = names.iter().map(|name| shortened(name, MOST_CHARACTERS));
        let lanes: Vec<_> = [String::from("cell")].into_iter().chain(names).collect();
        Self(Arc::new(Mutex::new(Record {
            expected: (1..lanes.len()).collect(),
            lanes,
            events: vec![],
            left_out: 0,
            spans: vec![],
            began: Instant::now(),
            running: vec![],
            threads: vec![(thread::current().id(), 0)],
        })))
    }

    /// Locks the record. No code of a reader's is called under the lock, so nothing panics there.
    pub(super) fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lane of its own for somebody called `name`. Where others are called so, it gets a number.
    pub(super) fn lane(&self, name: &str) -> Lane {
        let mut record = self.lock();
        let is_it = |lane: &usize| record.lanes[*lane] == name;
        if let Some(place) = record.expected.iter().position(is_it) {
            return Lane {
                record: self.clone(),
                number: record.expected.remove(place),
            };
        }
        let numbered = (2..).map(|number| format!("{name} {number}"));
        let mut names = std::iter::once(String::from(name)).chain(numbered);
        let free = names.find(|name| !record.lanes.contains(name));
        let number = record.add_lane(&free.unwrap_or_default());
        Lane {
            record: self.clone(),
            number,
        }
    }

    /// Writes down something that whoever runs here does alone.
    pub(super) fn note_here(&self, what: What, text: &str) {
        let mut record = self.lock();
        let here = record.here();
        record.push(here, here, what, shortened(text, MOST_CHARACTERS), false);
    }

    /// Writes down something that whoever has this name does alone.
    pub(super) fn note(&self, name: &str, what: What, text: &str) {
        let mut record = self.lock();
        let lane = record.named(name);
        record.push(lane, lane, what, shortened(text, MOST_CHARACTERS), false);
    }

    /// From now on, `name` runs on this thread.
    pub(super) fn enter(&self, name: &str) -> Lane {
        let mut record = self.lock();
        let number = record.named(name);
        record.enter(number);
        Lane {
            record: self.clone(),
            number,
        }
    }
}

/// Somebody's own lane in a record.
#[derive(Clone)]
pub(super) struct Lane {
    record: Shared,
    number: usize,
}

impl Lane {
    /// Whoever runs here asks this lane, which runs from now on.
    pub(super) fn asked(&self, what: What, value: String) {
        let mut record = self.record.lock();
        let here = record.here();
        record.push(here, self.number, what, value, false);
        record.enter(self.number);
    }

    /// The lane answers whoever asked it, which runs on.
    pub(super) fn answers(&self, what: What, value: String, ended: bool) {
        let mut record = self.record.lock();
        record.leave(self.number);
        let here = record.here();
        record.push(self.number, here, what, value, ended);
    }

    /// Whoever runs here tells this lane something.
    pub(super) fn told(&self, what: What) {
        let mut record = self.record.lock();
        let here = record.here();
        record.push(here, self.number, what, String::new(), what == What::Drop);
    }

    /// The lane runs from now on, and nobody has asked for that.
    pub(super) fn enters(&self) {
        self.record.lock().enter(self.number);
    }

    /// The lane runs no more, and has nothing to say about that.
    pub(super) fn leaves(&self) {
        self.record.lock().leave(self.number);
    }
}

/// A value as `{:?}` writes it, cut off before it gets long. `()` becomes an empty text.
///
/// A `Debug` that panics is cut off there: nobody calls it where nothing is traced, so its panic must
/// not reach those who are.
pub(super) fn value(value: &impl Debug) -> String {
    struct Beginning(String);

    impl Write for Beginning {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text;
            // This is enough to see that there was more; the rest of a long value is not even written.
            match self.0.len() > 4 * MOST_CHARACTERS + 4 {
                true => Err(fmt::Error),
                false => Ok(()),
            }
        }
    }

    let mut text = Beginning(String::new());
    // An error means that enough of the value is written.
    if catch_unwind(AssertUnwindSafe(|| write!(text, "{value:?}"))).is_err() {
        text.0.push('…');
    }
    match text.0.as_str() {
        "()" => String::new(),
        text => shortened(text, MOST_CHARACTERS),
    }
}

/// `text` in a line of at most `most` characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let mut line = in_a_line(text, most, ' ');
    if text.chars().nth(most).is_some() {
        line.pop();
        line.push('…');
    }
    line
}
