//! A record as one bar a lane, over real time.

use std::fmt::{self, Display, Write as _};
use std::time::Duration;

use super::record::{Event, Kind, Record, What, shortened};
use crate::display::{Output, Show, escape, scrolled_img};
use crate::written;

/// What each name in a trace did when: it ran, it waited, it printed something, it ended. A cell that
/// ends in one shows it: see [`Trace::lanes`](super::Trace::lanes).
///
/// At any moment one lane runs on each thread, the one that was resumed last: a loop's bar has gaps
/// where a task runs.
///
/// ```
/// use hitchhiker::coroutine::*;
/// use hitchhiker::trace::Trace;
///
/// let trace = Trace::new();
/// let task: Generator<i32> = generator! { yield 1; yield 2; };
/// trace.generator("task", task).last();
/// assert!(trace.lanes().to_string().starts_with("task |"));
/// ```
#[derive(Debug, Clone)]
pub struct Lanes {
    lanes: Vec<Bar>,
    end: Duration,
}

/// What one lane did.
#[derive(Debug, Clone)]
struct Bar {
    name: String,
    began: Duration,
    ended: Option<Duration>,
    ran: Vec<(Duration, Duration)>,
    woken: Vec<Duration>,
    printed: Vec<Duration>,
    notes: Vec<(Duration, String)>,
}

impl Lanes {
    pub(super) fn of(record: &Record) -> Self {
        let now = record.age();
        // The axis begins with the first event: the trace may have been there long before.
        let spans = record.spans.iter().map(|span| span.from);
        let times = record.events.iter().map(|event| event.at).chain(spans);
        let origin = times.min().unwrap_or_default();
        let ran = |lane: usize| {
            let spans = record.spans.iter().filter(move |span| span.lane == lane);
            spans.map(move |span| (span.from - origin, span.to.unwrap_or(now) - origin))
        };
        let events = |lane: usize| {
            let events = record.events.iter();
            events.filter(move |event| event.from == lane || event.to == lane)
        };
        let mut lanes = vec![];
        let mut end = Duration::ZERO;
        for (lane, name) in record.lanes.iter().enumerate() {
            let ran: Vec<_> = ran(lane).collect();
            let at = |what: What| {
                let of_it = move |event: &&Event| event.what == what && event.to == lane;
                events(lane)
                    .filter(of_it)
                    .map(|event| event.at - origin)
                    .collect()
            };
            let note = |event: &&Event| event.what == What::Own;
            let notes = events(lane).filter(note);
            let notes = notes.map(|event| (event.at - origin, event.label(60)));
            let notes: Vec<_> = notes.collect();
            let printed: Vec<_> = at(What::Say);
            // Whoever only asks, as the cell does, has nothing to show.
            if ran.is_empty() && notes.is_empty() && printed.is_empty() {
                continue;
            }
            let answers = |event: &&Event| match event.what {
                What::Drop => event.to == lane,
                what => event.from == lane && what.kind() == Kind::Answer,
            };
            let ended = events(lane).filter(answers).find(|event| event.ended);
            let times = ran.iter().flat_map(|(from, to)| [*from, *to]);
            let times = times.chain(events(lane).map(|event| event.at - origin));
            end = times.clone().max().unwrap_or_default().max(end);
            lanes.push(Bar {
                name: shortened(name, 20),
                began: times.min().unwrap_or_default(),
                ended: ended.map(|event| event.at - origin),
                ran,
                woken: at(What::Wake),
                printed,
                notes,
            });
        }
        Self { lanes, end }
    }

    /// The lanes as an SVG file.
    pub fn svg(&self) -> String {
        Drawing::of(self).svg(self)
    }

    /// Shows the lanes as the result of a cell: as a picture, and in characters.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }

    fn title(&self) -> String {
        let names: Vec<_> = self.lanes.iter().map(|bar| bar.name.as_str()).collect();
        let ms = self.end.as_millis();
        format!("what ran when, in {ms} ms: {}", names.join(", "))
    }
}

impl Show for Lanes {
    fn output(&self) -> Output {
        let text = self.to_string();
        let alt = format!("lanes: {}", self.title());
        let image = scrolled_img("image/svg+xml", self.svg().as_bytes(), &alt, 560);
        let html = format!(
            "{image}\n<details><summary>in characters</summary><pre>{}</pre></details>",
            escape(&text)
        );
        Output::text(text).html(html)
    }
}

impl Display for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const COLUMNS: usize = 60;
        let column = |at: Duration| match at.as_secs_f64() / self.end.as_secs_f64() {
            share if share < 1.0 => (share * COLUMNS as f64) as usize, // NaN, where all is 0, goes to `_`
            _ => COLUMNS - 1,
        };
        let width = |bar: &Bar| bar.name.chars().count();
        let widest = self.lanes.iter().map(width).max().unwrap_or(0);
        for bar in &self.lanes {
            let mut glyphs = [' '; COLUMNS];
            let mut draw = |from, to, glyph| {
                let (from, to) = (column(from), column(to));
                glyphs[from..=to.max(from)].fill(glyph);
            };
            draw(bar.began, bar.ended.unwrap_or(self.end), '-');
            for (from, to) in &bar.ran {
                draw(*from, *to, '#');
            }
            for at in &bar.printed {
                draw(*at, *at, '!');
            }
            writeln!(f, "{:widest$} |{}|", bar.name, String::from_iter(glyphs))?;
        }
        let end = self.end.as_millis();
        write!(f, "# runs  - waits  ! prints; from 0 to {end} ms")
    }
}

// The measures of the picture in pixels.
const WIDTH: f64 = 760.0;
const MARGIN: f64 = 12.0;
/// How high a lane is, and the bar in it.
const ROW: f64 = 17.0;
const HEIGHT: f64 = 9.0;
/// How high a line of text is.
const LINE: f64 = 18.0;

/// The picture: a path for each kind of mark, and the texts.
#[derive(Default)]
struct Drawing {
    left: f64,
    end_ms: f64,
    waits: String,
    runs: String,
    wakes: String,
    prints: String,
    notes: String,
    ends: String,
    grid: String,
    texts: String,
    y: f64,
}

// Writing to a string cannot fail, so nobody looks at the results.
impl Drawing {
    fn of(lanes: &Lanes) -> Self {
        let longest = lanes.lanes.iter().map(|bar| bar.name.chars().count()).max();
        let mut drawing = Self {
            left: MARGIN + 10.0 + 6.2 * longest.unwrap_or(0) as f64,
            end_ms: (lanes.end.as_secs_f64() * 1_000.0).max(0.001),
            y: MARGIN,
            ..Self::default()
        };
        drawing.legend();
        drawing.ticks();
        let top = drawing.y;
        for bar in &lanes.lanes {
            drawing.bar(bar, lanes.end);
        }
        for ms in drawing.steps() {
            let x = drawing.x(ms);
            let _ = write!(drawing.grid, "M{x:.1} {top:.1}V{:.1}", drawing.y);
        }
        if lanes.lanes.len() > 12 {
            drawing.ticks();
        }
        drawing
    }

    fn x(&self, ms: f64) -> f64 {
        self.left + (WIDTH - MARGIN - 16.0 - self.left) * ms / self.end_ms
    }

    fn at(&self, time: Duration) -> f64 {
        self.x(time.as_secs_f64() * 1_000.0)
    }

    /// The marks on the axis, at most eight steps of a number that is 1, 2 or 5 with zeros.
    fn steps(&self) -> Vec<f64> {
        let power = 10_f64.powf((self.end_ms / 8.0).log10().floor());
        let steps = [power, 2.0 * power, 5.0 * power, 10.0 * power];
        let step = steps.into_iter().find(|step| self.end_ms / step <= 8.0);
        let step = step.unwrap_or(self.end_ms);
        let ticks = (0..=8).map(|nth| f64::from(nth) * step);
        ticks.take_while(|ms| *ms <= self.end_ms).collect()
    }

    fn bar(&mut self, bar: &Bar, end: Duration) {
        if !bar.notes.is_empty() {
            self.y += 12.0; // the texts above the bar need room
        }
        let y = self.y + (ROW - HEIGHT) / 2.0;
        let middle = y + HEIGHT / 2.0;
        let (began, last) = (self.at(bar.began), self.at(bar.ended.unwrap_or(end)));
        let _ = write!(self.waits, "M{began:.1} {middle:.1}H{last:.1}");
        for (from, to) in &bar.ran {
            let (from, to) = (self.at(*from), self.at(*to));
            // What takes no time at all is seen all the same.
            let width = (to - from).max(1.5);
            let _ = write!(
                self.runs,
                "M{from:.1} {y:.1}h{width:.1}v{HEIGHT}h-{width:.1}z"
            );
        }
        for at in &bar.woken {
            let _ = write!(self.wakes, "M{:.1} {:.1}l-3 -6h6z", self.at(*at), y + 2.0);
        }
        for at in &bar.printed {
            let _ = write!(
                self.prints,
                "M{:.1} {:.1}v{:.1}",
                self.at(*at),
                y - 3.0,
                HEIGHT + 6.0
            );
        }
        for (nth, (at, text)) in bar.notes.iter().enumerate() {
            let x = self.at(*at);
            let _ = write!(self.notes, "M{x:.1} {:.1}v{:.1}", y - 12.0, HEIGHT + 14.0);
            // A text that would lie on the next mark is left out.
            let next = bar.notes.get(nth + 1).map_or(WIDTH, |(at, _)| self.at(*at));
            if x + 6.2 * text.chars().count() as f64 + 6.0 <= next {
                self.text(x + 3.0, y - 4.0, "", text);
            }
        }
        if bar.ended.is_some() {
            let _ = write!(self.ends, "M{last:.1} {:.1}v{:.1}", y - 2.0, HEIGHT + 4.0);
        }
        self.text(self.left - 8.0, y + 8.5, "e", &bar.name);
        self.y += ROW;
    }

    fn legend(&mut self) {
        let (y, middle) = (self.y, self.y + HEIGHT / 2.0);
        let left = self.left;
        let _ = write!(self.runs, "M{left} {y}h20v{HEIGHT}h-20z");
        let _ = write!(self.waits, "M{:.1} {middle}h20", left + 80.0);
        let _ = write!(self.wakes, "M{:.1} {:.1}l-3 -6h6z", left + 170.0, y + 8.0);
        let _ = write!(self.prints, "M{:.1} {y}v{HEIGHT}", left + 250.0);
        let _ = write!(self.ends, "M{:.1} {y}v{HEIGHT}", left + 310.0);
        for (x, meaning) in [
            (26.0, "runs"),
            (106.0, "waits"),
            (178.0, "is woken"),
            (256.0, "prints"),
            (316.0, "has ended"),
        ] {
            self.text(left + x, y + 8.5, "", meaning);
        }
        self.y += LINE;
    }

    fn ticks(&mut self) {
        let y = self.y + 10.0;
        self.text(self.left - 12.0, y, "e", "ms");
        for ms in self.steps() {
            let decimals = if self.end_ms < 8.0 { 2 } else { 0 };
            self.text(self.x(ms), y, "m", &format!("{ms:.decimals$}"));
        }
        self.y += LINE;
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        self.texts += &written::text(x, y, class, text);
    }

    fn svg(self, lanes: &Lanes) -> String {
        let Self {
            waits,
            runs,
            wakes,
            prints,
            notes,
            ends,
            grid,
            texts,
            y,
            ..
        } = self;
        let height = y + MARGIN;
        let title = escape(&lanes.title()).into_owned();
        let words = lanes.to_string();
        let words = escape(&words);
        // The picture has a light ground of its own: `sequence.rs` says why.
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t d\" \
             width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">\
             <title id=\"t\">{title}</title><desc id=\"d\">{words}</desc>\
             <style>text{{font:11px system-ui,sans-serif;fill:#24292f;paint-order:stroke;\
             stroke:#f6f6f4;stroke-width:3px}}.e{{text-anchor:end}}.m{{text-anchor:middle}}\
             path{{fill:none}}</style>\
             <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#f6f6f4\"/>\
             <path d=\"{grid}\" stroke=\"#d0d0cc\"/>\
             <path d=\"{waits}\" stroke=\"#4a86c8\" stroke-width=\"1.5\"/>\
             <path d=\"{runs}\" style=\"fill:#0b4f9e\"/>\
             <path d=\"{wakes}\" style=\"fill:#6f42c1\"/>\
             <path d=\"{prints}\" stroke=\"#9a6700\" stroke-width=\"2\"/>\
             <path d=\"{notes}\" stroke=\"#6f42c1\"/>\
             <path d=\"{ends}\" stroke=\"#24292f\" stroke-width=\"2\"/>\
             {texts}</svg>"
        )
    }
}
