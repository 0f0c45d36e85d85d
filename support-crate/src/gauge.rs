//! How much of something there is while a program runs, drawn over time.
//!
//! A [`Gauge`] counts what is held at a time, such as the bytes of values that wait in a channel.
//! [`Levels`] draws what several gauges showed on one axis of time.

use std::fmt::{self, Debug, Display, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::display::{Output, Show, escape, scrolled_img};
use crate::written::{printable, text, thousands};

/// How many changes a gauge remembers. After those it goes on counting, but remembers only the most.
const MOST_CHANGES: usize = 100_000;

/// Counts how much is held, and remembers how much it was at each time. Its clones are the same gauge.
///
/// The clock starts when the gauge is made.
///
/// ```
/// use hitchhiker::gauge::Gauge;
///
/// let bytes = Gauge::new();
/// let one = bytes.hold(1_000);
/// let other = bytes.hold(500);
/// drop(one);
/// assert_eq!((bytes.now(), bytes.most()), (500, 1_500));
/// # drop(other);
/// ```
#[derive(Clone)]
pub struct Gauge {
    began: Instant,
    record: Arc<Mutex<Record>>,
}

#[derive(Default)]
struct Record {
    now: usize,
    most: usize,
    /// When the amount changed, and how much was held from then on.
    changes: Vec<(Duration, usize)>,
}

/// Counts in its [`Gauge`] for as long as it lives. Put it into the value that takes the memory, so
/// that both go together.
#[must_use = "it counts until it is dropped"]
pub struct Held {
    gauge: Gauge,
    amount: usize,
}

impl Gauge {
    /// A gauge that shows 0.
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            record: Arc::default(),
        }
    }

    /// Counts `amount` until what this returns is dropped.
    pub fn hold(&self, amount: usize) -> Held {
        self.change(|now| now.saturating_add(amount));
        Held {
            gauge: self.clone(),
            amount,
        }
    }

    /// How much is held now.
    pub fn now(&self) -> usize {
        self.record().now
    }

    /// How much was held at most.
    pub fn most(&self) -> usize {
        self.record().most
    }

    fn change(&self, change: impl FnOnce(usize) -> usize) {
        let mut record = self.record();
        let now = change(record.now);
        record.now = now;
        record.most = record.most.max(now);
        if record.changes.len() < MOST_CHANGES {
            let at = self.began.elapsed(); // under the lock, so that times never go back
            record.changes.push((at, now));
        }
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        // Nothing panics halfway through a change.
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Gauge {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (now, most) = (self.now(), self.most());
        let mut shown = f.debug_struct("Gauge");
        shown.field("now", &now).field("most", &most).finish()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let amount = self.amount;
        self.gauge.change(|now| now.saturating_sub(amount));
    }
}

impl Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.amount).finish()
    }
}

/// A picture of what gauges showed over time: one line for each. A cell that ends in one shows it.
///
/// ```
/// use hitchhiker::gauge::{Gauge, Levels};
///
/// let gauge = Gauge::new();
/// drop(gauge.hold(2_000));
/// let levels = Levels::of("bytes").run("a channel", &gauge);
/// levels.evcxr_display();
/// assert!(levels.to_string().contains("a channel: at most 2,000 bytes"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    unit: String,
    runs: Vec<Run>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    name: String,
    most: usize,
    changes: Vec<(Duration, usize)>,
}

impl Levels {
    /// A picture without lines yet. `unit` is what the gauges count, in the plural: `bytes`.
    pub fn of(unit: &str) -> Self {
        Self {
            unit: printable(unit, LONGEST_NAME),
            runs: vec![],
        }
    }

    /// Adds a line: what `gauge` has shown so far.
    #[must_use = "it gives the picture with one line more back"]
    pub fn run(mut self, name: &str, gauge: &Gauge) -> Self {
        let record = gauge.record();
        self.runs.push(Run {
            name: printable(name, LONGEST_NAME),
            most: record.most,
            changes: record.changes.clone(),
        });
        drop(record);
        self
    }

    /// The picture as an SVG file.
    pub fn svg(&self) -> String {
        svg(self)
    }

    /// Shows the picture as the result of a cell.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }

    /// The end of the axis of time.
    fn end(&self) -> Duration {
        let changes = self.runs.iter().flat_map(|run| &run.changes);
        changes.map(|(at, _)| *at).max().unwrap_or_default()
    }

    /// The top of the axis of levels.
    fn top(&self) -> usize {
        self.runs
            .iter()
            .map(|run| run.most)
            .max()
            .unwrap_or(0)
            .max(1)
    }

    /// What is said of a run beside its line.
    fn headline(&self, run: &Run) -> String {
        let last = run.changes.last().map_or(Duration::ZERO, |(at, _)| *at);
        let (most, unit, ms) = (thousands(run.most), &self.unit, last.as_millis());
        format!("{}: at most {most} {unit}, in {ms} ms", run.name)
    }
}

impl Run {
    /// The highest level in each of `columns` equal parts of the time until `end`.
    fn columns(&self, end: Duration, columns: usize) -> Vec<usize> {
        let column = |at: Duration| {
            let share = at.as_secs_f64() / end.as_secs_f64().max(f64::MIN_POSITIVE);
            ((share * columns as f64) as usize).min(columns - 1)
        };
        let mut highest = vec![0; columns];
        let (mut from, mut level) = (0, 0);
        for (at, next) in &self.changes {
            let to = column(*at);
            for slot in &mut highest[from..=to] {
                *slot = level.max(*slot);
            }
            highest[to] = highest[to].max(*next);
            (from, level) = (to, *next);
        }
        for slot in &mut highest[from..] {
            *slot = level.max(*slot);
        }
        highest
    }
}

/// The picture in characters: for each gauge a bar of 60 columns, higher the more was held.
impl Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEIGHTS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        let (end, top) = (self.end(), self.top());
        for run in &self.runs {
            let columns = run.columns(end, 60);
            let height = |level: usize| (level * 8).div_ceil(top).min(8);
            let bar: String = columns
                .iter()
                .map(|level| HEIGHTS[height(*level)])
                .collect();
            writeln!(f, "{}\n|{bar}|", self.headline(run))?;
        }
        let (top, unit, ms) = (thousands(top), &self.unit, end.as_millis());
        write!(f, "█ is {top} {unit}; from 0 to {ms} ms")
    }
}

impl Show for Levels {
    fn output(&self) -> Output {
        // The picture is shown as an image: GitHub's preview takes an SVG out of a page's HTML, and so
        // does JupyterLab where a notebook is not trusted.
        let headlines: Vec<_> = self.runs.iter().map(|run| self.headline(run)).collect();
        let alt = format!("levels over time; {}", headlines.join("; "));
        let html = scrolled_img("image/svg+xml", self.svg().as_bytes(), &alt, 560);
        Output::text(self.to_string()).html(html)
    }
}

/// How many characters of a name are shown.
const LONGEST_NAME: usize = 48;

// The measures of the picture in pixels.
const WIDTH: f64 = 760.0;
const MARGIN: f64 = 12.0;
/// Where the axis of time begins; the figures of the levels stand left of it.
const LEFT: f64 = 84.0;
/// How long the axis of time is.
const AXIS: f64 = WIDTH - LEFT - 2.0 * MARGIN;
/// How high the axis of levels is.
const HEIGHT: f64 = 200.0;
/// How high a line of text is.
const LINE: f64 = 18.0;

/// The colours of the lines, in the order of the runs.
const COLOURS: [&str; 4] = ["#b3001b", "#0b4f9e", "#116329", "#6639a6"];

/// The shortest of the steps 1, 2 and 5 with zeros of which at most `most` lead up to `end`.
fn step(end: f64, most: f64) -> f64 {
    let power = 10_f64.powf((end / most).log10().floor());
    let steps = [power, 2.0 * power, 5.0 * power, 10.0 * power];
    let step = steps.into_iter().find(|step| end / step <= most);
    step.unwrap_or(end)
}

// Writing to a string cannot fail, so nobody looks at the results.
fn svg(levels: &Levels) -> String {
    let (end, top) = (levels.end(), levels.top() as f64);
    let end_ms = (end.as_secs_f64() * 1000.0).max(1.0);
    let legend = MARGIN + LINE * levels.runs.len() as f64 + 6.0;
    let bottom = legend + HEIGHT;
    let y = |level: f64| bottom - HEIGHT * level / top;
    let x = |ms: f64| LEFT + AXIS * ms / end_ms;
    let (mut grid, mut lines, mut texts) = (String::new(), String::new(), String::new());
    for (nth, run) in levels.runs.iter().enumerate() {
        let colour = COLOURS[nth % COLOURS.len()];
        let row = MARGIN + LINE * nth as f64;
        let _ = write!(
            texts,
            "<rect x=\"{MARGIN}\" y=\"{:.1}\" width=\"18\" height=\"4\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            row + 5.0,
            MARGIN + 26.0,
            row + 11.0,
            escape(&levels.headline(run)),
        );
        let columns = run.columns(end, AXIS as usize);
        let _ = write!(lines, "<path d=\"M{LEFT} {bottom:.1}");
        let mut last = None;
        for (column, level) in columns.iter().enumerate() {
            if last != Some(level) {
                let _ = write!(
                    lines,
                    "H{:.1}V{:.1}",
                    LEFT + column as f64,
                    y(*level as f64)
                );
                last = Some(level);
            }
        }
        let _ = write!(
            lines,
            "H{:.1}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>",
            LEFT + AXIS
        );
    }
    let step_level = step(top, 4.0).max(1.0);
    let mut level = 0.0;
    while level <= top {
        let at = y(level);
        let _ = write!(grid, "M{LEFT} {at:.1}H{:.1}", LEFT + AXIS);
        texts += &text(LEFT - 6.0, at + 4.0, "e", &thousands(level as usize));
        level += step_level;
    }
    let step_ms = step(end_ms, 8.0);
    let mut ms = 0.0;
    while ms <= end_ms {
        let at = x(ms);
        let _ = write!(grid, "M{at:.1} {legend:.1}V{bottom:.1}");
        texts += &text(at, bottom + 15.0, "m", &format!("{ms:.0}"));
        ms += step_ms;
    }
    texts += &text(
        LEFT - 14.0,
        bottom + 15.0,
        "e",
        &format!("{}, ms", levels.unit),
    );
    let height = bottom + LINE + MARGIN;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\">\
         <style>text{{font:12px system-ui,sans-serif;fill:#24292f}}\
         .e{{text-anchor:end;font-size:10px}}.m{{text-anchor:middle;font-size:10px}}</style>\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#f6f6f4\"/>\
         <path d=\"{grid}\" stroke=\"#d0d0cc\"/>{lines}{texts}</svg>"
    )
}

#[cfg(test)]
mod tests {
    use std::thread;

    use proptest::prelude::*;
    use roxmltree::Document;

    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn levels(changes: Vec<(u64, usize)>) -> Levels {
        let changes: Vec<_> = changes
            .into_iter()
            .map(|(at, level)| (ms(at), level))
            .collect();
        let most = changes.iter().map(|(_, level)| *level).max().unwrap_or(0);
        let name = "a run".to_owned();
        Levels {
            unit: "bytes".to_owned(),
            runs: vec![Run {
                name,
                most,
                changes,
            }],
        }
    }

    #[test]
    fn what_many_threads_hold_is_counted_until_they_drop_it() {
        let gauge = Gauge::new();
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let gauge = gauge.clone();
                thread::spawn(move || (0..100).map(|n| gauge.hold(n)).collect::<Vec<_>>())
            })
            .collect();
        let held: Vec<_> = threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        assert_eq!(gauge.now(), 8 * 4950);
        drop(held);
        assert_eq!((gauge.now(), gauge.most()), (0, 8 * 4950));
        let changes = &gauge.record().changes;
        assert!(changes.is_sorted_by_key(|(at, _)| *at));
    }

    #[test]
    fn a_level_lasts_until_the_next_change() {
        let levels = levels(vec![(0, 8), (30, 4), (60, 0)]);
        let text = levels.to_string();
        let bar = text.lines().nth(1).unwrap();
        assert_eq!(
            bar,
            format!("|{}{}|", "█".repeat(31), "▄".repeat(29)),
            "{text}"
        );
        assert!(
            text.starts_with("a run: at most 8 bytes, in 60 ms\n"),
            "{text}"
        );
        assert!(text.ends_with("█ is 8 bytes; from 0 to 60 ms"), "{text}");
    }

    #[test]
    fn names_are_text_and_no_markup() {
        let levels = Levels::of("<i>").run("a < b & \"c\"\0", &Gauge::new());
        let svg = levels.svg();
        let document = Document::parse(&svg).unwrap();
        let texts: String = document
            .descendants()
            .filter_map(|node| node.text())
            .collect();
        assert!(
            texts.contains("a < b & \"c\"\u{fffd}: at most 0 <i>"),
            "{texts}"
        );
    }

    #[test]
    fn a_gauge_without_end_stays_small() {
        let gauge = Gauge::new();
        for _ in 0..MOST_CHANGES {
            drop(gauge.hold(1));
        }
        assert_eq!(gauge.record().changes.len(), MOST_CHANGES);
        assert_eq!((gauge.now(), gauge.most()), (0, 1));
        assert!(Levels::of("things").run("many", &gauge).svg().len() < 50_000);
    }

    proptest! {
        #[test]
        fn any_record_is_drawn_inside_its_picture(
            mut changes in prop::collection::vec((0..10_000_u64, 0..usize::MAX / 16), 0..50),
        ) {
            changes.sort_by_key(|(at, _)| *at);
            let levels = levels(changes);
            let svg = levels.svg();
            Document::parse(&svg).unwrap();
            prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
            let bar = levels.to_string().lines().nth(1).unwrap().chars().count();
            prop_assert_eq!(bar, 62);
            let columns = levels.runs[0].columns(levels.end(), 60);
            prop_assert_eq!(columns.into_iter().max(), Some(levels.runs[0].most));
        }
    }
}
