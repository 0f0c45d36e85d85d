//! A record as lifelines and arrows, time running down.

use std::fmt::Write as _;

use super::record::{Event, Kind, Record, What, shortened};
use super::text;
use crate::display::{escape, img, scrolled_img};
use crate::written;

/// How many events are drawn.
const MOST_DRAWN: usize = 200;
/// How many characters of a name are drawn.
const MOST_OF_A_NAME: usize = 24;

// The measures of the picture in pixels.
const MARGIN: f64 = 10.0;
/// How much of the height an event takes.
const ROW: f64 = 22.0;
/// How high the box of a name is.
const BOX: f64 = 22.0;
/// How much more of the height an event takes whose label has two lines.
const LINE: f64 = 13.0;
/// Up to this width a picture is legible on a phone without scrolling.
const NARROW: f64 = 460.0;
/// How much room the word for the direction of time takes at the left edge.
const TIME: f64 = 34.0;

/// The picture as an image, and the same in words folded away below it.
///
/// It is an image because GitHub's preview takes an SVG out of a page's HTML, and so does JupyterLab
/// where a notebook is not trusted.
pub(super) fn html(record: &Record) -> String {
    let alt = format!("sequence picture: {}", title(record));
    let drawing = Drawing::of(record);
    let width = drawing.width;
    let svg = drawing.svg(record);
    let image = match width > NARROW {
        // Three quarters of its size are still legible.
        true => scrolled_img("image/svg+xml", svg.as_bytes(), &alt, (width * 0.75) as u32),
        false => img("image/svg+xml", svg.as_bytes(), &alt),
    };
    let words = text::of(record);
    format!(
        "{image}\n<details><summary>in words</summary><pre>{}</pre></details>",
        escape(&words)
    )
}

/// The picture as an SVG file.
pub(super) fn svg(record: &Record) -> String {
    Drawing::of(record).svg(record)
}

fn title(record: &Record) -> String {
    let events = record.events.len() + record.left_out;
    let columns = columns(drawn(record));
    let names: Vec<_> = columns.iter().map(|lane| &*record.lanes[*lane]).collect();
    let s = if events == 1 { "" } else { "s" };
    format!("{events} event{s} between {}", names.join(", "))
}

fn drawn(record: &Record) -> &[Event] {
    &record.events[..record.events.len().min(MOST_DRAWN)]
}

/// The lanes that take part, in the order in which they came to be.
fn columns(events: &[Event]) -> Vec<usize> {
    let mut lanes: Vec<_> = events
        .iter()
        .flat_map(|event| [event.from, event.to])
        .collect();
    lanes.sort_unstable();
    lanes.dedup();
    lanes
}

/// What stands at an event, in one line of at most `most` characters, or in two at an arrow.
fn label(event: &Event, most: usize) -> Vec<String> {
    let label = event.label(usize::MAX);
    if event.what.kind() == Kind::Note || label.chars().count() <= most {
        return vec![shortened(&label, most)];
    }
    let end = label
        .char_indices()
        .nth(most)
        .map_or(label.len(), |(at, _)| at);
    let space = label[..end].rfind(' ').filter(|at| *at > end / 2);
    let (first, second) = label.split_at(space.unwrap_or(end));
    vec![first.to_owned(), shortened(second.trim_start(), most)]
}

fn label_width(event: &Event, most: usize) -> f64 {
    let lines = label(event, most);
    lines.iter().map(|line| width(line)).fold(0.0, f64::max)
}

/// About how wide a text is: fonts differ, so this is a little more than most of them need.
fn width(text: &str) -> f64 {
    let width = |c: char| if c as u32 >= 0x1100 { 12.5 } else { 6.8 };
    text.chars().map(width).sum()
}

/// The picture, as far as it has been drawn: the marks of each kind, and the texts above them.
#[derive(Default)]
struct Drawing {
    width: f64,
    height: f64,
    lifelines: String,
    ended: String,
    running: String,
    marks: String,
    texts: String,
}

/// A lane in the picture, and where it stands.
struct Column {
    lane: usize,
    x: f64,
    /// Where the lane began to run, while it runs.
    runs_since: Option<f64>,
    ended: Option<f64>,
}

// Writing to a string cannot fail, so nobody looks at the results.
impl Drawing {
    fn of(record: &Record) -> Self {
        let events = drawn(record);
        let lanes = columns(events);
        let (most, narrowest, widest) = match lanes.len() {
            0..=2 => (38, 120.0, 284.0),
            3 => (28, 120.0, 216.0),
            4..=6 => (22, 90.0, 174.0),
            7..=12 => (18, 74.0, 110.0),
            _ => (14, 58.0, 74.0),
        };
        let longest = |longest: f64, event: &Event| longest.max(label_width(event, most));
        let arrows = || {
            events
                .iter()
                .filter(|event| event.what.kind() != Kind::Note)
        };
        let gap = (arrows().fold(0.0, longest) + 26.0).clamp(narrowest, widest);
        let column = |lane: usize| lanes.partition_point(|other| *other < lane) as f64 * gap;

        // How far names and labels reach beyond the first and the last lifeline.
        let (mut left, mut right) = (0.0_f64, 0.0_f64);
        let mut reach = |middle: f64, width: f64| {
            left = left.min(middle - width / 2.0);
            right = right.max(middle + width / 2.0);
        };
        for lane in &lanes {
            reach(
                column(*lane),
                width(&shortened(&record.lanes[*lane], MOST_OF_A_NAME)) + 14.0,
            );
        }
        for event in events {
            let (from, to) = (column(event.from), column(event.to));
            let label = label_width(event, most) + 12.0;
            match from == to && event.what.kind() != Kind::Note {
                true => reach(from + 24.0 + label / 2.0, label),
                false => reach((from + to) / 2.0, label),
            }
        }

        let origin = MARGIN + TIME - left;
        let mut drawing = Self {
            width: origin + right + MARGIN,
            ..Self::default()
        };
        let mut columns: Vec<_> = lanes
            .iter()
            .map(|lane| Column {
                lane: *lane,
                x: origin + column(*lane),
                runs_since: None,
                ended: None,
            })
            .collect();
        let mut y = MARGIN + BOX;
        for event in events {
            y += ROW + LINE * (label(event, most).len() - 1) as f64;
            drawing.event(event, &mut columns, y, most);
        }
        let more = record.events.len() - events.len() + record.left_out;
        if more > 0 {
            y += ROW;
            let more = format!("and {more} more");
            drawing.text(drawing.width / 2.0, y, "m", &more);
        }
        y += 14.0;
        for column in &mut columns {
            drawing.lifeline(column, y);
        }
        drawing.names(record, &columns, MARGIN);
        // Whoever looks at the end of a long picture need not scroll up for the names.
        if events.len() > 24 {
            drawing.names(record, &columns, y);
            y += BOX;
        }
        drawing.time(y);
        drawing.height = y + MARGIN;
        drawing
    }

    fn event(&mut self, event: &Event, columns: &mut [Column], y: f64, most: usize) {
        let at = |lane: usize| columns.partition_point(|column| column.lane < lane);
        let (from, to) = (at(event.from), at(event.to));
        let (start, end) = (columns[from].x, columns[to].x);
        let lines = label(event, most);
        let class = match event.what {
            What::Raise | What::Throw | What::Athrow | What::Panic => "m r",
            _ => "m",
        };
        if event.what.kind() == Kind::Note {
            self.note(start, y, event.what, &lines[0]);
            return;
        }
        let style = match (event.what.kind(), event.what) {
            (_, What::Raise | What::Throw | What::Athrow | What::Panic) => "r",
            (_, What::Wake) => "w",
            (Kind::Answer, _) => "a",
            (_, What::Drop) => "d",
            _ => "q",
        };
        if from == to {
            // Somebody wakes itself.
            let _ = write!(
                self.marks,
                "<path class=\"{style}\" d=\"M{start:.1} {:.1}h20v8h-14\"/>",
                y - 8.0
            );
            self.head(start + 5.0, y, -1.0, style);
            let middle = start + 24.0 + label_width(event, most) / 2.0;
            self.lines(middle, y - 1.0, class, &lines);
            return;
        }
        let direction = if end > start { 1.0 } else { -1.0 };
        let (tail, tip) = (start + 4.0 * direction, end - 5.0 * direction);
        let _ = write!(
            self.marks,
            "<path class=\"{style}\" d=\"M{tail:.1} {y:.1}H{tip:.1}\"/>"
        );
        self.head(tip, y, direction, style);
        self.lines((start + end) / 2.0, y - 5.0, class, &lines);

        match event.what.kind() {
            Kind::Ask => {
                columns[to].runs_since.get_or_insert(y);
            }
            Kind::Answer => {
                let column = &mut columns[from];
                let since = column.runs_since.take();
                if column.ended.is_none() {
                    bar(&mut self.running, column.x, since.unwrap_or(y), y);
                }
            }
            Kind::Tell | Kind::Note => {}
        }
        if event.ended {
            let column = match event.what {
                What::Drop => to,
                _ => from,
            };
            columns[column].ended.get_or_insert(y);
        }
    }

    fn head(&mut self, x: f64, y: f64, direction: f64, style: &str) {
        let back = -7.0 * direction;
        let _ = write!(
            self.marks,
            "<path class=\"{style} h\" d=\"M{x:.1} {y:.1}l{back:.1} -3.5v7z\"/>"
        );
    }

    fn note(&mut self, x: f64, y: f64, what: What, label: &str) {
        let width = width(label) + 10.0;
        let class = if what == What::Say { "s" } else { "o" };
        let _ = write!(
            self.marks,
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"17\" rx=\"3\"/>",
            x - width / 2.0,
            y - 12.0
        );
        self.text(x, y, "m k", label);
    }

    fn lifeline(&mut self, column: &mut Column, bottom: f64) {
        let top = MARGIN + BOX;
        if let Some(since) = column.runs_since.take() {
            bar(&mut self.running, column.x, since, bottom);
        }
        let x = column.x;
        match column.ended {
            None => {
                let _ = write!(self.lifelines, "M{x:.1} {top:.1}V{bottom:.1}");
            }
            Some(end) => {
                let _ = write!(self.lifelines, "M{x:.1} {top:.1}V{end:.1}");
                let _ = write!(self.lifelines, "M{:.1} {:.1}h12", x - 6.0, end + 4.0);
                // Where nothing follows the end, one or two dots would look like dirt.
                if bottom - end > ROW {
                    let _ = write!(self.ended, "M{x:.1} {:.1}V{bottom:.1}", end + 4.0);
                }
            }
        }
    }

    fn names(&mut self, record: &Record, columns: &[Column], y: f64) {
        for column in columns {
            let name = shortened(&record.lanes[column.lane], MOST_OF_A_NAME);
            let width = width(&name) + 12.0;
            let _ = write!(
                self.marks,
                "<rect class=\"n\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{BOX}\" rx=\"4\"/>",
                column.x - width / 2.0
            );
            self.text(column.x, y + 15.0, "m b", &name);
        }
    }

    fn time(&mut self, bottom: f64) {
        let (x, top) = (MARGIN + 12.0, MARGIN + BOX);
        let _ = write!(
            self.marks,
            "<path class=\"t\" d=\"M{x} {top:.1}V{:.1}\"/>\
             <path class=\"t h\" d=\"M{x} {bottom:.1}l-3.5 -7h7z\"/>",
            bottom - 7.0
        );
        self.text(x, top - 8.0, "m", "time");
    }

    /// Writes lines, the last of which stands at `y`.
    fn lines(&mut self, x: f64, y: f64, class: &str, lines: &[String]) {
        for (nth, line) in lines.iter().rev().enumerate() {
            self.text(x, y - LINE * nth as f64, class, line);
        }
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        self.texts += &written::text(x, y, class, text);
    }

    fn svg(self, record: &Record) -> String {
        let Self {
            width,
            height,
            lifelines,
            ended,
            running,
            marks,
            texts,
        } = self;
        let title = escape(&title(record)).into_owned();
        let words = text::of(record);
        let words = escape(&words);
        // The picture has a light ground of its own, as those of flags have: no colour of text is
        // legible both on white and on the near black of JupyterLab's dark theme.
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t d\" \
             width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.1} {height:.1}\">\
             <title id=\"t\">{title}</title><desc id=\"d\">{words}</desc>\
             <style>text{{font:12px system-ui,sans-serif;fill:#24292f;paint-order:stroke;\
             stroke:#f6f6f4;stroke-width:3px}}.m{{text-anchor:middle}}.b{{font-weight:600}}.b,.k{{stroke:none}}\
             text.r{{fill:#a40e26}}path{{fill:none;stroke-width:1.3}}rect.n{{fill:#dde7f3;stroke:#57606a}}\
             rect.s{{fill:#fff4c2;stroke:#9a6700}}rect.o{{fill:#ece3fa;stroke:#6f42c1}}\
             .q{{stroke:#0b4f9e}}.q.h{{fill:#0b4f9e}}\
             .a{{stroke:#1a6b3c;stroke-dasharray:5 3}}.a.h{{fill:#1a6b3c;stroke-dasharray:none}}\
             .r{{stroke:#a40e26}}text.r{{stroke:#f6f6f4}}.r.h{{fill:#a40e26}}\
             .w{{stroke:#6f42c1;stroke-dasharray:2 3}}.w.h{{fill:#6f42c1;stroke-dasharray:none}}\
             .d{{stroke:#57606a;stroke-dasharray:2 3}}.d.h{{fill:#57606a;stroke-dasharray:none}}\
             .t{{stroke:#8c959f}}.t.h{{fill:#8c959f}}</style>\
             <rect width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\" fill=\"#f6f6f4\"/>\
             <path d=\"{lifelines}\" stroke=\"#57606a\"/>\
             <path d=\"{ended}\" stroke=\"#b6bcc4\" stroke-dasharray=\"1 4\"/>\
             <path d=\"{running}\" style=\"fill:#c9def5\" stroke=\"#4a86c8\"/>\
             {marks}{texts}</svg>"
        )
    }
}

/// Adds to a path the bar of somebody who ran.
fn bar(path: &mut String, x: f64, from: f64, to: f64) {
    let height = (to - from).max(2.0);
    let _ = write!(path, "M{:.1} {from:.1}h8v{height:.1}h-8z", x - 4.0);
}
