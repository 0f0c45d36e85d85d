//! The bytes that the process of the cells writes to stdout: what a cell prints, and between that what the
//! process tells evcxr, a line each.
//!
//! A cell may print without an end of line, so what evcxr waits for can be the end of a line that a cell has
//! begun.

use crate::protocol::MARK;

/// What all lines for evcxr begin with.
const HEAD: &str = "EVCXR_";

/// The lines by which a cell's end and a panic are told.
pub const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";
pub const PANIC: &str = "EVCXR_PANIC_NOTIFICATION";

/// A line for evcxr is no longer than this, in bytes, unless it asks for input. A longer line that is not ended
/// is text.
const LONGEST: usize = 4096;

/// What a line begins with that asks for input, by a text of any length.
const INPUT: [&str; 2] = ["EVCXR_INPUT_REQUEST:", "EVCXR_INPUT_REQUEST_PASSWORD:"];

/// A part of what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// What a cell has printed.
    Text(Vec<u8>),
    /// The mark of the display of this id, which may be ordinary text that looks like a mark.
    Mark(String),
    /// A line for evcxr, without its end.
    Line(Line, String),
}

/// What a line tells evcxr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The cell's code has ended.
    Complete,
    /// The cell has panicked.
    Panic,
    /// The cell has ended by `?`.
    Raised,
    /// The cell asks for a line of input.
    Input,
    /// Something that concerns evcxr alone.
    Other,
}

/// Takes the bytes apart, however they are cut when they come.
#[derive(Debug, Default)]
pub struct Scanner {
    /// The beginning of a line that cannot be told yet.
    rest: Vec<u8>,
    /// How much of that is known to have no end of a line.
    searched: usize,
    /// Whether the lines are those of a content that the cell shows.
    in_content: bool,
}

impl Scanner {
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Part> {
        let mut parts = Parts::default();
        self.rest.extend_from_slice(bytes);
        let mut begin = 0;
        while let Some(length) = self.rest[begin..].iter().position(|byte| *byte == b'\n') {
            let line = &self.rest[begin..begin + length];
            begin += length + 1;
            if self.in_content {
                let line = String::from_utf8_lossy(line).into_owned();
                let kind = kind(&line).unwrap_or(Line::Other);
                self.in_content = line != "EVCXR_END_CONTENT" && kind != Line::Panic;
                parts.0.push(Part::Line(kind, line));
                continue;
            }
            match special(line) {
                None => parts.text(&self.rest[begin - length - 1..begin]),
                Some((at, part)) => {
                    parts.text(&line[..at]);
                    self.in_content = matches!(&part, Part::Line(_, line) if line.starts_with("EVCXR_BEGIN_CONTENT "));
                    parts.0.push(part);
                }
            }
        }
        self.rest.drain(..begin);
        if !self.in_content {
            let told = untold(&self.rest);
            parts.text(&self.rest[..told]);
            self.rest.drain(..told);
        }
        self.searched = self.rest.len();
        parts.0
    }

    /// The process has ended: what is left is text.
    pub fn finish(&mut self) -> Vec<u8> {
        self.in_content = false;
        self.searched = 0;
        std::mem::take(&mut self.rest)
    }
}

#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn text(&mut self, bytes: &[u8]) {
        match self.0.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Part::Text(text)) => text.extend_from_slice(bytes),
            _ => self.0.push(Part::Text(bytes.to_vec())),
        }
    }
}

/// What is special at the end of a line, and where that begins.
fn special(line: &[u8]) -> Option<(usize, Part)> {
    (0..line.len()).find_map(|at| {
        let end = &line[at..];
        if !end.starts_with(HEAD.as_bytes()) && !end.starts_with(MARK.as_bytes()) {
            return None;
        }
        let end = std::str::from_utf8(end).ok()?;
        let part = match end.strip_prefix(MARK) {
            Some(id) => Part::Mark(id.to_owned()),
            None => Part::Line(kind(end)?, end.to_owned()),
        };
        Some((at, part))
    })
}

fn kind(line: &str) -> Option<Line> {
    let name = |name: &str| !name.is_empty() && !name.contains(' ');
    match line {
        COMPLETE => Some(Line::Complete),
        PANIC => Some(Line::Panic),
        "EVCXR_ERROR_OCCURRED" => Some(Line::Raised),
        _ if INPUT.iter().any(|begin| line.starts_with(begin)) => Some(Line::Input),
        _ if line.strip_prefix("EVCXR_BEGIN_CONTENT ").is_some_and(name) => Some(Line::Other),
        _ if line
            .strip_prefix("EVCXR_VARIABLE_CHANGED_TYPE:")
            .is_some_and(name) =>
        {
            Some(Line::Other)
        }
        _ => None,
    }
}

/// How much of a line without its end is text, whatever follows.
fn untold(line: &[u8]) -> usize {
    let told = (0..line.len()).find(|at| {
        let end = &line[*at..];
        [HEAD.as_bytes(), MARK.as_bytes()].iter().any(|head| {
            let length = end.len().min(head.len());
            end[..length] == head[..length]
        })
    });
    let may_go_on = |at: &usize| {
        let end = &line[*at..];
        end.len() <= LONGEST || INPUT.iter().any(|begin| end.starts_with(begin.as_bytes()))
    };
    told.filter(may_go_on).unwrap_or(line.len())
}

/// The characters of one stream, of which the last one may not be whole yet. Bytes that are not UTF-8 become
/// U+FFFD.
#[derive(Debug, Default)]
pub struct Decoder(Vec<u8>);

impl Decoder {
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.0.extend_from_slice(bytes);
        let last = self.0.utf8_chunks().last();
        // What might become a character is at most three bytes long, at the end.
        let begun = last.map_or(0, |chunk| {
            let invalid = chunk.invalid();
            match std::str::from_utf8(invalid) {
                Err(error) if error.error_len().is_none() => invalid.len(),
                _ => 0,
            }
        });
        let rest = self.0.split_off(self.0.len() - begun);
        let text = String::from_utf8_lossy(&self.0).into_owned();
        self.0 = rest;
        text
    }

    /// Nothing more comes for the character that has begun.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.0)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Part {
        Part::Text(text.into())
    }

    fn line(kind: Line, line: &str) -> Part {
        Part::Line(kind, line.to_owned())
    }

    fn scan(bytes: &str) -> Vec<Part> {
        Scanner::default().push(bytes.as_bytes())
    }

    #[test]
    fn a_line_for_evcxr_is_found_behind_what_a_cell_has_begun() {
        let complete = || line(Line::Complete, "EVCXR_EXECUTION_COMPLETE");
        assert_eq!(
            scan("a\nEVCXR_EXECUTION_COMPLETE\n"),
            [text("a\n"), complete()]
        );
        assert_eq!(
            scan("abcEVCXR_EXECUTION_COMPLETE\n"),
            [text("abc"), complete()]
        );
        assert_eq!(
            scan(
                "aEVCXR_PANIC_NOTIFICATION\nbEVCXR_ERROR_OCCURRED\nName? EVCXR_INPUT_REQUEST:x y\n"
            ),
            [
                text("a"),
                line(Line::Panic, "EVCXR_PANIC_NOTIFICATION"),
                text("b"),
                line(Line::Raised, "EVCXR_ERROR_OCCURRED"),
                text("Name? "),
                line(Line::Input, "EVCXR_INPUT_REQUEST:x y"),
            ]
        );
    }

    #[test]
    fn a_content_is_evcxrs_whatever_is_in_it() {
        let content = "aEVCXR_BEGIN_CONTENT text/plain\nEVCXR_EXECUTION_COMPLETE?\nhitchhiker::display:1\n\
                       EVCXR_END_CONTENT\nb\n";
        let lines = [
            "EVCXR_BEGIN_CONTENT text/plain",
            "EVCXR_EXECUTION_COMPLETE?",
            "hitchhiker::display:1",
            "EVCXR_END_CONTENT",
        ];
        let mut wanted = vec![text("a")];
        wanted.extend(lines.map(|it| line(Line::Other, it)));
        wanted.push(text("b\n"));
        assert_eq!(scan(content), wanted);
    }

    #[test]
    fn what_only_looks_like_a_line_for_evcxr_is_text() {
        for printed in [
            "EVCXR_EXECUTION_COMPLETE!\n",
            "EVCXR_\n",
            "EVCXR_BEGIN_CONTENT \n",
            "see EVCXR_BEGIN_CONTENT text/plain in its source\n",
            "EVCXR_INPUT_REQUEST is its name\n",
        ] {
            assert_eq!(scan(printed), [text(printed)]);
        }
    }

    #[test]
    fn a_line_is_shown_before_its_end_unless_it_may_become_a_line_for_evcxr() {
        let mut scanner = Scanner::default();
        assert_eq!(scanner.push(b"10 %\r"), [text("10 %\r")]);
        assert_eq!(scanner.push(b"20 % EV"), [text("20 % ")]);
        assert_eq!(scanner.push(b"E"), [text("EV")]);
        assert_eq!(scanner.finish(), b"E");
        let long = format!("EVCXR_{}", "x".repeat(LONGEST));
        assert_eq!(scanner.push(long.as_bytes()), [text(&long)]);
    }

    #[test]
    fn a_question_for_input_may_be_long() {
        let question = format!("EVCXR_INPUT_REQUEST:{}", "x".repeat(3 * LONGEST));
        let mut scanner = Scanner::default();
        let mut parts = Vec::new();
        for chunk in format!("{question}\n").as_bytes().chunks(LONGEST) {
            parts.extend(scanner.push(chunk));
        }
        assert_eq!(parts, [line(Line::Input, &question)]);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_shown_as_such() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(decoder.push("한".as_bytes()), "한");
        assert_eq!(decoder.push(b"a\xed\x95"), "a");
        assert_eq!(decoder.push(b"\x9c"), "한");
        assert_eq!(decoder.push(b"a\xed\x95"), "a");
        assert_eq!(decoder.finish(), "\u{fffd}");
        assert_eq!(decoder.finish(), "");
    }

    proptest! {
        #[test]
        fn what_is_found_does_not_depend_on_how_the_bytes_are_cut(
            pieces in prop::collection::vec(prop::sample::select(vec![
                &b"a"[..], b"\n", b"EVCXR_", b"EXECUTION_COMPLETE\n", b"EVCXR_BEGIN_CONTENT t\n",
                b"EVCXR_END_CONTENT\n", b"hitchhiker::display:", b"1f\n", b"\xff", b"\xed\x95", b"E", b"h",
            ]), 0..20),
            size in 1_usize..9,
        ) {
            let whole = pieces.concat();
            let joined = |chunks: Vec<&[u8]>| {
                let (mut scanner, mut parts) = (Scanner::default(), Parts::default());
                for part in chunks.into_iter().flat_map(|chunk| scanner.push(chunk)) {
                    match part {
                        Part::Text(bytes) => parts.text(&bytes),
                        other => parts.0.push(other),
                    }
                }
                parts.text(&scanner.finish());
                parts.0
            };
            prop_assert_eq!(joined(vec![&whole]), joined(whole.chunks(size).collect()));
            let (mut all, mut cut) = (Decoder::default(), Decoder::default());
            let all = all.push(&whole) + &all.finish();
            let mut text: String = whole.chunks(size).map(|chunk| cut.push(chunk)).collect();
            text += &cut.finish();
            prop_assert_eq!(all, text);
        }
    }
}
