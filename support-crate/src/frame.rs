//! What a suspended function keeps, byte by byte, as measured on a value that runs.
//!
//! A local variable that a body still needs after a `yield` or an `.await` lies in the value that the
//! body is; any other lies on the stack of whoever resumes it. [`local`] tells where a variable lies,
//! [`pointer()`] also where it points to, and a [`Frame`] draws where that is in the value.

use std::cell::RefCell;
use std::fmt::{self, Display, Write as _};

use crate::display::{Output, Show, escape, scrolled_img};
use crate::written::{printable, text, thousands};

/// How many variables are remembered at most, and how many characters of each name: a picture has no
/// room for more.
const MOST_LOCALS: usize = 32;
const LONGEST_NAME: usize = 48;

thread_local! {
    static TOLD: RefCell<Vec<Local>> = const { RefCell::new(Vec::new()) };
}

/// A variable that [`local`] was told of.
struct Local {
    name: String,
    address: usize,
    size: usize,
    /// The address that it holds, where it is a pointer.
    to: Option<usize>,
}

/// Tells the next [`Frame::state`] of this thread where the variable `name` lies, and how many bytes
/// it takes. Of several calls with one name, the last counts; of more than 32 names, the
/// first 32 count.
///
/// Call it right before a `yield`: the variable is drawn in the state that the body has there.
///
/// # How long the variable lives
///
/// The reference that is given here makes the compiler keep the variable up to the end of its block, as
/// any reference does. For a variable that must not outlive an inner block, call `local` inside that
/// block.
///
/// ```
/// use hitchhiker::frame::local;
///
/// let towel = 42_u32;
/// local("towel", &towel);
/// ```
pub fn local<T: ?Sized>(name: &str, variable: &T) {
    tell(name, variable, None);
}

/// As [`local`], for a variable that is a reference, a raw pointer or a box: the picture also shows
/// where it points to, and the addresses of its values. Nothing is read from where it points to.
///
/// ```
/// use hitchhiker::frame::{Frame, local, pointer};
///
/// let pair = (7_u32, std::ptr::null::<u32>());
/// local("number", &pair.0);
/// pointer("nowhere", &pair.1);
/// let mut frame = Frame::new("a pair");
/// frame.state("made", &pair);
/// assert!(frame.to_string().ends_with("nowhere points to 0x0, which is in no value here"));
/// ```
pub fn pointer<P: Pointing>(name: &str, variable: &P) {
    tell(name, variable, Some(variable.address()));
}

/// What [`pointer()`] can tell of: `&T`, `&mut T`, `*const T`, `*mut T` and `Box<T>`.
pub trait Pointing: sealed::Sealed {
    #[doc(hidden)]
    fn address(&self) -> usize;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! pointing {
    ($($pointer:ty: $pointer_of:expr;)*) => {$(
        impl<T: ?Sized> sealed::Sealed for $pointer {}

        impl<T: ?Sized> Pointing for $pointer {
            fn address(&self) -> usize {
                let pointer: fn(&Self) -> *const T = $pointer_of;
                pointer(self).cast::<()>().addr()
            }
        }
    )*};
}

pointing! {
    &T: |it| &raw const **it;
    &mut T: |it| &raw const **it;
    Box<T>: |it| &raw const **it;
    *const T: |it| *it;
    *mut T: |it| it.cast_const();
}

fn tell<T: ?Sized>(name: &str, variable: &T, to: Option<usize>) {
    let name = printable(name, LONGEST_NAME);
    let address = address_of(variable);
    let size = size_of_val(variable);
    TOLD.with_borrow_mut(|told| {
        told.retain(|local| local.name != name);
        if told.len() < MOST_LOCALS {
            told.push(Local {
                name,
                address,
                size,
                to,
            });
        }
    });
}

fn address_of<T: ?Sized>(value: &T) -> usize {
    (&raw const *value).cast::<()>().addr()
}

/// A picture of what values keep: one strip of bytes for each, with the variables where they lie. A
/// cell that ends in one shows it.
///
/// ```
/// use hitchhiker::coroutine::{Coroutine, coroutine};
/// use hitchhiker::frame::{Frame, local};
/// use std::pin::pin;
///
/// let mut total = pin!(coroutine!(|first: i64| {
///     let mut sum = first;
///     loop {
///         local("sum", &sum);
///         sum += yield sum;
///     }
/// }));
/// let mut frame = Frame::new("a running total");
/// frame.state("made", &*total);
/// total.as_mut().resume(10);
/// frame.state("at its yield", &*total);
/// assert!(frame.to_string().contains("sum: 8 bytes"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    title: String,
    states: Vec<State>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    name: String,
    /// Where the value lay.
    address: usize,
    size: usize,
    /// What lies in the value, by its offset.
    kept: Vec<Part>,
    /// What lies elsewhere.
    elsewhere: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    name: String,
    /// Where the variable begins in the value, in bytes; 0 where it lies elsewhere.
    offset: usize,
    size: usize,
    /// The address that it holds, where it is a pointer.
    to: Option<usize>,
}

impl Frame {
    /// A picture without states yet.
    pub fn new(title: &str) -> Self {
        Self {
            title: printable(title, LONGEST_NAME),
            states: Vec::new(),
        }
    }

    /// Adds a strip for `value` as it is now, with the variables that [`local`] has been told of on
    /// this thread since the state before. For a body in a box or pinned, give what is in it:
    /// `&*body`.
    pub fn state<B: ?Sized>(&mut self, name: &str, value: &B) {
        let size = size_of_val(value);
        let start = address_of(value);
        let (mut kept, mut elsewhere) = (Vec::new(), Vec::new());
        for local in TOLD.take() {
            let offset = local.address.wrapping_sub(start);
            let part = |offset| Part {
                name: local.name,
                offset,
                size: local.size,
                to: local.to,
            };
            match offset.checked_add(local.size) {
                Some(end) if end <= size => kept.push(part(offset)),
                _ => elsewhere.push(part(0)),
            }
        }
        kept.sort_by_key(|part| (part.offset, part.size));
        self.states.push(State {
            name: printable(name, LONGEST_NAME),
            address: start,
            size,
            kept,
            elsewhere,
        });
    }

    /// What a state is called, how large it is and, in a picture with pointers, where it lay.
    fn headline(&self, state: &State) -> String {
        let headline = format!("{}: {}", state.name, bytes(state.size));
        match self.pointers().next() {
            Some(_) => format!("{headline} at {:#x}", state.address),
            None => headline,
        }
    }

    /// The pointers that lie in values, each with the number of its state.
    fn pointers(&self) -> impl Iterator<Item = (usize, &Part, usize)> {
        let states = self.states.iter().enumerate();
        let parts = states.flat_map(|(nth, state)| state.kept.iter().map(move |part| (nth, part)));
        parts.filter_map(|(nth, part)| Some((nth, part, part.to?)))
    }

    /// The state in whose value `address` lies: the state `nth`, if it lies there, or else another.
    fn target(&self, nth: usize, address: usize) -> Option<usize> {
        let holds = |nth: &usize| {
            let state = &self.states[*nth];
            (state.address..state.address + state.size).contains(&address)
        };
        [nth].into_iter().chain(0..self.states.len()).find(holds)
    }

    /// Where a pointer of the state `nth` points to, in words.
    fn points(&self, nth: usize, part: &Part, to: usize) -> String {
        let there = match self.target(nth, to) {
            Some(target) => {
                let state = &self.states[target];
                let byte = to - state.address;
                match target == nth {
                    true => format!("byte {byte} of its own value"),
                    false => format!("byte {byte} of \"{}\", not of its own value", state.name),
                }
            }
            None => "which is in no value here".to_owned(),
        };
        format!("{} points to {to:#x}, {there}", part.name)
    }

    /// The lines about the pointers of the state `nth`.
    fn pointed(&self, nth: usize) -> impl Iterator<Item = String> {
        let own = self.pointers().filter(move |pointer| pointer.0 == nth);
        own.map(|(nth, part, to)| self.points(nth, part, to))
    }

    /// The picture as an SVG file.
    pub fn svg(&self) -> String {
        Drawing::of(self).svg()
    }

    /// Shows the picture as the result of a cell.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }
}

impl State {
    /// How many bytes of the value lie in no named variable.
    fn rest(&self) -> usize {
        let (mut rest, mut end) = (self.size, 0);
        for part in &self.kept {
            let from = part.offset.max(end);
            end = end.max(part.offset + part.size);
            rest -= end.saturating_sub(from);
        }
        rest
    }

    /// What the strip shows, in words: a few for each part.
    fn words(&self) -> Vec<String> {
        let mut words: Vec<_> = self
            .kept
            .iter()
            .map(|part| format!("{}: {}", part.name, bytes(part.size)))
            .collect();
        if self.rest() > 0 {
            words.push(format!("unnamed: {}", bytes(self.rest())));
        }
        for part in &self.elsewhere {
            words.push(format!("elsewhere: {} ({})", part.name, bytes(part.size)));
        }
        words
    }
}

/// The picture in characters.
impl Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const COLUMNS: usize = 64;
        let longest = self.states.iter().map(|state| state.size).max();
        let scale = longest.unwrap_or_default().div_ceil(COLUMNS).max(1);
        write!(f, "{}", self.title)?;
        for (nth, state) in self.states.iter().enumerate() {
            let mut strip = vec!['.'; state.size.div_ceil(scale)];
            for part in state.kept.iter().filter(|part| part.size > 0) {
                let last = (part.offset + part.size - 1) / scale;
                let letter = part.name.chars().next().unwrap_or('?');
                strip[part.offset / scale..=last].fill(letter);
            }
            let strip = String::from_iter(strip);
            let (headline, words) = (self.headline(state), state.words().join(", "));
            write!(f, "\n{headline}\n|{strip}| {words}")?;
            for line in self.pointed(nth) {
                write!(f, "\n{line}")?;
            }
        }
        if scale > 1 {
            write!(f, "\none character for {scale} bytes")?;
        }
        Ok(())
    }
}

impl Show for Frame {
    fn output(&self) -> Output {
        // The picture is shown as an image: GitHub's preview takes an SVG out of a page's HTML, and so
        // does JupyterLab where a notebook is not trusted.
        let alt = format!("the bytes of {}", self.title);
        let html = scrolled_img("image/svg+xml", self.svg().as_bytes(), &alt, LEGIBLE);
        Output::text(self.to_string()).html(html)
    }
}

/// A number of bytes, with its unit.
fn bytes(number: usize) -> String {
    let unit = if number == 1 { "byte" } else { "bytes" };
    format!("{} {unit}", thousands(number))
}

/// The words in lines that fit under a strip.
fn lines_of(words: Vec<String>) -> Vec<String> {
    const LONGEST_LINE: usize = 84;
    let mut lines: Vec<String> = vec![];
    for word in words {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() + 2 <= LONGEST_LINE => {
                line.push_str(", ");
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

// The measures of the picture in pixels.
const WIDTH: f64 = 560.0;
/// Three quarters of the width, at which the texts are still legible.
const LEGIBLE: u32 = 420;
const MARGIN: f64 = 12.0;
/// How long the strip of the largest value is.
const STRIP: f64 = WIDTH - 2.0 * MARGIN;
/// How high a strip is.
const HEIGHT: f64 = 24.0;
/// How much room an arrow takes below its strip.
const ARC: f64 = 16.0;
/// How high a line of text is.
const LINE: f64 = 18.0;

/// The background colours of the variables, one for each name in the order of their appearance.
const COLOURS: [&str; 4] = ["#c9def5", "#f3d9a4", "#cde8c5", "#e6d0ec"];

/// The picture while it is drawn.
struct Drawing {
    shapes: String,
    texts: String,
    arrows: String,
    /// Where the next thing is drawn.
    y: f64,
}

// Writing to a string cannot fail, so nobody looks at the results.
impl Drawing {
    fn of(frame: &Frame) -> Self {
        let longest = frame.states.iter().map(|state| state.size).max();
        let pixels = STRIP / longest.unwrap_or_default().max(1) as f64;
        let mut names: Vec<&str> = Vec::new();
        let mut drawing = Self {
            shapes: String::new(),
            texts: String::new(),
            arrows: String::new(),
            y: MARGIN,
        };
        let mut strips = Vec::new();
        drawing.line(&frame.title, "h");
        for (nth, state) in frame.states.iter().enumerate() {
            drawing.line(&frame.headline(state), "");
            let leads_up = |(own, _, to): (usize, &Part, usize)| {
                own == nth && frame.target(nth, to).is_some_and(|target| target < nth)
            };
            if frame.pointers().any(leads_up) {
                drawing.y += ARC;
            }
            strips.push(drawing.y);
            drawing.rectangle(0.0, state.size as f64 * pixels, "#e4e4e0");
            for part in &state.kept {
                let nth = names.iter().position(|name| *name == part.name);
                let nth = nth.unwrap_or_else(|| {
                    names.push(&part.name);
                    names.len() - 1
                });
                let (x, width) = (part.offset as f64 * pixels, part.size as f64 * pixels);
                drawing.rectangle(x, width, COLOURS[nth % COLOURS.len()]);
                drawing.label(x, width, &part.name);
            }
            drawing.y += HEIGHT + 2.0;
            let mut pointed = frame.pointed(nth).peekable();
            if pointed.peek().is_some() {
                drawing.y += ARC;
            }
            for line in lines_of(state.words()).into_iter().chain(pointed) {
                drawing.line(&line, "w");
            }
            drawing.y += 6.0;
        }
        for (nth, part, to) in frame.pointers() {
            let Some(target) = frame.target(nth, to) else {
                continue;
            };
            let byte = (to - frame.states[target].address) as f64;
            let from = (part.offset as f64 + part.size as f64 / 2.0) * pixels;
            // The arrow ends at the middle of the byte.
            drawing.arrow((from, strips[nth]), ((byte + 0.5) * pixels, strips[target]));
        }
        drawing
    }

    /// An arrow from a pointer to where it points: a bow below its own strip, or a bow and a straight
    /// line to another one.
    fn arrow(&mut self, (from_x, from_y): (f64, f64), (to_x, to_y): (f64, f64)) {
        let (from, to) = (MARGIN + from_x, MARGIN + to_x);
        let is_own = from_y == to_y;
        // The arrow goes down from the lower edge of the strip, or up from the upper edge.
        let (start, way) = match to_y < from_y {
            true => (from_y, -1.0),
            false => (from_y + HEIGHT, 1.0),
        };
        let (bend, level) = (start + 1.5 * way * ARC, start + way * ARC);
        let (bow, end) = match is_own {
            true => (format!("{to:.1} {bend:.1} {to:.1} {start:.1}"), start),
            false => {
                let end = if way < 0.0 { to_y + HEIGHT } else { to_y };
                (
                    format!("{to:.1} {start:.1} {to:.1} {level:.1}V{end:.1}"),
                    end,
                )
            }
        };
        let bend = if is_own { bend } else { level };
        let tip = if is_own || way < 0.0 { 6.0 } else { -6.0 };
        let colour = if is_own { "#0b4f9e" } else { "#b3001b" };
        let _ = write!(
            self.arrows,
            "<path d=\"M{from:.1} {start:.1}C{from:.1} {bend:.1} {bow}\
             M{left:.1} {side:.1}L{to:.1} {end:.1}L{right:.1} {side:.1}\" \
             fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>",
            left = to - 4.0,
            right = to + 4.0,
            side = end + tip,
        );
    }

    fn line(&mut self, text: &str, class: &str) {
        let (y, text) = (self.y + 12.0, escape(text));
        let _ = write!(
            self.texts,
            "<text x=\"{MARGIN}\" y=\"{y:.1}\" class=\"{class}\">{text}</text>"
        );
        self.y += LINE;
    }

    /// Draws a part of the strip, wide enough to be seen even if it is one byte among thousands.
    fn rectangle(&mut self, x: f64, width: f64, colour: &str) {
        let (x, y, width) = (MARGIN + x, self.y, width.max(2.0));
        let _ = write!(
            self.shapes,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" \
             fill=\"{colour}\" stroke=\"#57606a\" stroke-width=\".7\"/>"
        );
    }

    /// Writes a name into its part, where it has room; the line under the strip has each name anyway.
    fn label(&mut self, x: f64, width: f64, name: &str) {
        if name.chars().count() as f64 * 8.0 > width {
            return;
        }
        self.texts += &text(MARGIN + x + width / 2.0, self.y + 16.0, "m", name);
    }

    fn svg(self) -> String {
        let Self {
            shapes,
            texts,
            arrows,
            y,
        } = self;
        let height = y + MARGIN - 6.0;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\">\
             <style>text{{font:12px system-ui,sans-serif;fill:#24292f}}\
             .h{{font-weight:600}}.m{{text-anchor:middle}}.w{{font-size:11px;fill:#424a53}}</style>\
             <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#f6f6f4\"/>\
             {shapes}{arrows}{texts}</svg>"
        )
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use proptest::prelude::*;
    use roxmltree::Document;

    use super::*;
    use crate::coroutine::{Coroutine, coroutine};

    fn checksum(buffer: &[u8]) -> u64 {
        buffer.iter().map(|byte| u64::from(*byte)).sum()
    }

    #[test]
    fn a_variable_that_lives_across_the_yield_lies_in_the_body() {
        let mut total = pin!(coroutine!(|first: i64| {
            let mut sum = first;
            loop {
                local("sum", &sum);
                sum += yield sum;
            }
        }));
        let mut frame = Frame::new("total");
        frame.state("made", &*total);
        total.as_mut().resume(10);
        frame.state("at its yield", &*total);
        let [made, at_yield] = &frame.states[..] else {
            panic!("two states")
        };
        assert_eq!(made.size, size_of_val(&*total));
        assert_eq!((made.kept.len(), made.elsewhere.len()), (0, 0));
        assert_eq!((at_yield.kept.len(), at_yield.elsewhere.len()), (1, 0));
        assert_eq!(at_yield.kept[0].size, 8);
        assert_eq!(at_yield.rest(), at_yield.size - 8);
    }

    #[test]
    fn a_variable_whose_block_has_ended_lies_elsewhere() {
        let mut body = pin!(coroutine!(|| {
            let sum = {
                let buffer = [1; 1024];
                local("buffer", &buffer);
                checksum(&buffer)
            };
            yield sum;
        }));
        let mut frame = Frame::new("a buffer");
        body.as_mut().resume(());
        frame.state("at its yield", &*body);
        assert!(frame.states[0].kept.is_empty());
        assert_eq!(frame.states[0].elsewhere[0].size, 1024);
        assert!(
            frame
                .to_string()
                .ends_with("elsewhere: buffer (1,024 bytes)")
        );
    }

    #[test]
    fn what_was_told_for_one_state_is_not_in_the_next() {
        let value = 7_u64;
        let mut frame = Frame::new("a number");
        local("value", &value);
        frame.state("first", &value);
        frame.state("second", &value);
        assert_eq!(frame.states[0].kept.len(), 1);
        assert_eq!(frame.states[1].kept.len(), 0);
    }

    #[test]
    fn the_strip_in_characters_shows_where_a_variable_lies() {
        let pair = (1_u64, 2_u64);
        local("second", &pair.1);
        let mut frame = Frame::new("a pair");
        frame.state("both", &pair);
        let offset = (&raw const pair.1).addr() - (&raw const pair).addr();
        let (before, after) = (".".repeat(offset), ".".repeat(8 - offset));
        let expected = format!(
            "a pair\nboth: 16 bytes\n|{before}ssssssss{after}| second: 8 bytes, unnamed: 8 bytes"
        );
        assert_eq!(frame.to_string(), expected);
    }

    /// A value that points into itself.
    struct Pointing {
        text: [u8; 11],
        word: *const u8,
    }

    impl Pointing {
        fn tell(&self) {
            local("text", &self.text);
            pointer("word", &self.word);
        }
    }

    #[test]
    fn a_pointer_into_its_own_value_still_points_there_once_the_value_has_moved() {
        let mut here = Pointing {
            text: *b"don't panic",
            word: std::ptr::null(),
        };
        here.word = &raw const here.text[6];
        let mut frame = Frame::new("a move");
        here.tell();
        frame.state("before", &here);
        let byte = here.word.addr() - address_of(&here);
        let there = Box::new(here);
        there.tell();
        frame.state("after", &*there);
        let text = frame.to_string();
        let (before, after) = text.split_once("\nafter: ").unwrap();
        let to = there.word.addr();
        let own = format!("\nword points to {to:#x}, byte {byte} of its own value");
        assert!(before.ends_with(&own), "{text}");
        let stale = format!("{to:#x}, byte {byte} of \"before\", not of its own value");
        assert!(after.ends_with(&stale), "{text}");
        for address in [frame.states[0].address, address_of(&*there)] {
            assert!(
                text.contains(&format!("24 bytes at {address:#x}\n")),
                "{text}"
            );
        }
        let svg = frame.svg();
        Document::parse(&svg).unwrap();
        assert_eq!(
            svg.matches("#0b4f9e").count(),
            1,
            "one arrow to its own value"
        );
        assert_eq!(svg.matches("#b3001b").count(), 1, "one arrow to another");
    }

    #[test]
    fn a_reference_that_lives_across_an_await_lies_in_the_future_and_points_into_it() {
        let mut future = Box::pin(async {
            let text = *b"don't panic";
            let word = &text[6..];
            local("text", &text);
            pointer("word", &word);
            std::future::pending::<()>().await;
            word.len()
        });
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(future.as_mut().poll(&mut context).is_pending());
        let mut frame = Frame::new("a future");
        frame.state("at its await", &*future);
        let text = frame.to_string();
        assert!(text.ends_with(" of its own value"), "{text}");
    }

    #[test]
    fn addresses_are_told_only_where_there_are_pointers() {
        let value = 7_u64;
        let mut frame = Frame::new("a number");
        local("value", &value);
        frame.state("made", &value);
        assert!(!frame.to_string().contains("0x"));
    }

    #[test]
    fn names_are_text_and_no_markup() {
        let value = 7_u64;
        local("<b>&\0", &value);
        let mut frame = Frame::new("a < b & \"c\"");
        frame.state("]]>", &value);
        let svg = frame.svg();
        let document = Document::parse(&svg).unwrap();
        let texts = document.descendants().filter_map(|node| node.text());
        let texts = texts.collect::<String>();
        assert!(texts.contains("a < b & \"c\""), "{texts}");
        assert!(texts.contains("<b>&\u{fffd}: 8 bytes"), "{texts}");
    }

    #[test]
    fn names_without_end_are_forgotten() {
        for name in 0..1_000 {
            local(&name.to_string(), &name);
        }
        let mut frame = Frame::new("many");
        frame.state("all", &());
        assert_eq!(frame.states[0].elsewhere.len(), MOST_LOCALS);
    }

    #[test]
    fn many_words_take_several_lines() {
        let words = |count| vec![String::from("name: 8 bytes"); count];
        assert_eq!(lines_of(words(0)).len(), 0);
        assert_eq!(lines_of(words(5)).len(), 1);
        let lines = lines_of(words(20));
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.len() <= 84), "{lines:?}");
    }

    #[test]
    fn thousands_are_parted_by_commas() {
        assert_eq!(bytes(0), "0 bytes");
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(999), "999 bytes");
        assert_eq!(bytes(1_234_567), "1,234,567 bytes");
    }

    proptest! {
        #[test]
        fn any_part_of_a_value_is_found_where_it_is(from in 0..300_usize, length in 0..300_usize) {
            let value = [0_u8; 600];
            local("part", &value[from..from + length]);
            let mut frame = Frame::new("a part");
            frame.state("all", &value);
            let part = &frame.states[0].kept[0];
            prop_assert_eq!((part.offset, part.size), (from, length));
            prop_assert_eq!(frame.states[0].rest(), 600 - length);
            Document::parse(&frame.svg()).unwrap();
            let _ = frame.to_string();
        }
    }
}
