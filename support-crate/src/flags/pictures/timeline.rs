//! One bar a flag, on an axis of time.

use std::fmt::Write as _;
use std::time::Duration;

use super::drawn::{MOST_DRAWN, as_asked_for, flags, missing};
use super::stopwatch::{Ended, Stopwatch, Timed};
use crate::display::{Output, Show, escape, scrolled_img};
use crate::flags::outcome::{End, Outcome, Try};
use crate::written::printable;

/// When each flag was waited for, when its bytes came, and when it was tried again: one bar a flag,
/// in the order in which they were asked for, on an axis in ms. A cell that ends in one shows it.
///
/// Several runs stand under one another on the same axis:
///
/// ```
/// use hitchhiker::flags::*;
/// use std::time::Duration;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::fixed(Duration::from_millis(5))).unwrap();
/// let url = server.base_url();
/// let by = |flags| download_many(&url, POP20_CC, Options::default().at_once(flags)).gather();
/// let (one, three) = (by(1).await, by(3).await);
/// let timeline = Timeline::default()
///     .run("one at a time", &one)
///     .run("3 at once", &three);
/// timeline.evcxr_display();
/// assert!(timeline.svg().contains("3 at once: 21 flags in "));
/// # });
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    runs: Vec<Run>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    /// Its name, and what became of its flags in figures.
    headline: String,
    bars: Vec<Bar>,
    /// How many flags it had beyond those drawn.
    left_out: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Bar {
    code: String,
    tries: Vec<Try>,
    failed: bool,
    /// Whether somebody dropped it before its end.
    dropped: bool,
    /// What the bar alone does not tell.
    note: &'static str,
}

impl Timeline {
    /// Puts a download under those that are there. Of more than 1,000 flags, the first are drawn.
    #[must_use = "it gives the longer timeline back"]
    pub fn run(mut self, name: &str, outcomes: &[Outcome]) -> Self {
        self.runs.push(Run {
            headline: headline(name, outcomes),
            bars: as_asked_for(outcomes).into_iter().map(Bar::of).collect(),
            left_out: outcomes.len().saturating_sub(MOST_DRAWN),
        });
        self
    }

    /// Puts what `stopwatch` has seen under those that are there: a bar for each future from its first
    /// poll to its end, or to now while it goes on. Where a future was dropped, its bar is cut off.
    #[must_use = "it gives the longer timeline back"]
    pub fn timed(mut self, name: &str, stopwatch: &Stopwatch) -> Self {
        let (times, now) = stopwatch.times();
        let drawn = times.iter().take(MOST_DRAWN);
        self.runs.push(Run {
            headline: headline_of_times(name, &times, now),
            bars: drawn.map(|timed| Bar::of_timed(timed, now)).collect(),
            left_out: times.len().saturating_sub(MOST_DRAWN),
        });
        self
    }

    /// The timeline as an SVG file.
    pub fn svg(&self) -> String {
        Drawing::of(self).svg()
    }

    /// Shows the timeline as the result of a cell: as a picture, and in characters.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }

    // As an image: an SVG that stands in a page's HTML is taken out by GitHub's preview, and by
    // JupyterLab where a notebook is not trusted.
    fn html(&self) -> String {
        let headlines: Vec<_> = self.runs.iter().map(|run| run.headline.as_str()).collect();
        let alt = format!("timeline of flags; {}", headlines.join("; "));
        scrolled_img("image/svg+xml", self.svg().as_bytes(), &alt, 560)
    }

    fn has_dropped(&self) -> bool {
        let mut bars = self.runs.iter().flat_map(|run| &run.bars);
        bars.any(|bar| bar.dropped)
    }

    /// The end of the axis.
    fn end(&self) -> Duration {
        let bars = self.runs.iter().flat_map(|run| &run.bars);
        let tries = bars.flat_map(|bar| &bar.tries);
        tries.map(|a_try| a_try.ended).max().unwrap_or_default()
    }

    fn text(&self) -> String {
        const COLUMNS: usize = 60;
        let end = self.end();
        let column = |at: Duration| match at.as_secs_f64() / end.as_secs_f64() {
            share if share < 1.0 => (share * COLUMNS as f64) as usize, // not a number, where all times are 0
            _ => COLUMNS - 1,
        };
        let mut text = String::new();
        for run in &self.runs {
            text += &run.headline;
            for bar in &run.bars {
                let mut glyphs = [' '; COLUMNS];
                let mut draw = |from, to, glyph| {
                    let (from, to) = (column(from), column(to));
                    glyphs[from..=to.max(from)].fill(glyph);
                };
                for pair in bar.tries.windows(2) {
                    draw(pair[0].ended, pair[1].started, '.');
                }
                for (a_try, failed) in bar.tries() {
                    draw(a_try.started, a_try.ended, '-');
                    if let Some(answered) = a_try.answered {
                        draw(answered, a_try.ended, '#');
                    }
                    if failed {
                        draw(a_try.ended, a_try.ended, 'x');
                    }
                    if bar.dropped {
                        draw(a_try.ended, a_try.ended, '/');
                    }
                }
                let glyphs = String::from_iter(glyphs);
                let line = format!("\n{:<5}|{glyphs}| {}", bar.code, bar.note);
                text += line.trim_end();
            }
            if run.left_out > 0 {
                let _ = write!(text, "\nand {} more", run.left_out); // writing to a string cannot fail
            }
            text += "\n\n";
        }
        let _ = write!(
            text,
            "- waiting  # receiving  x a try that failed  . pause{}; from 0 to {} ms",
            if self.has_dropped() {
                "  / dropped"
            } else {
                ""
            },
            end.as_millis()
        );
        text
    }
}

impl Show for Timeline {
    fn output(&self) -> Output {
        Output::text(self.text()).html(self.html())
    }
}

fn headline(name: &str, outcomes: &[Outcome]) -> String {
    let ended = outcomes.iter().flat_map(|outcome| &outcome.tries);
    let ms = ended
        .map(|a_try| a_try.ended)
        .max()
        .unwrap_or_default()
        .as_millis();
    let again = outcomes.iter().filter(|outcome| outcome.tries.len() > 1);
    let again = match again.count() {
        0 => String::new(),
        number => format!(", {number} tried again"),
    };
    let (name, flags) = (printable(name, 60), flags(outcomes.len()));
    format!("{name}: {flags} in {ms} ms{again}{}", missing(outcomes))
}

/// At most how wide a character of a headline is, in pixels, whatever the font.
const fn width(c: char) -> f64 {
    match c {
        '\u{1100}'.. => 12.5, // Korean, for one: as wide as high
        'A'..='Z' | 'm' | 'w' | '@' | '%' | '&' => 11.5,
        _ => 7.6,
    }
}

/// The lines that a headline takes in the picture. They are broken behind a space, and inside a word that
/// alone is too long.
fn lines(headline: &str) -> Vec<&str> {
    let (mut lines, mut rest) = (vec![], headline);
    loop {
        let mut right = MARGIN;
        let end = rest.char_indices().find(|(_, c)| {
            right += width(*c);
            right > WIDTH - MARGIN
        });
        let Some((end, _)) = end else {
            lines.push(rest);
            return lines;
        };
        let space = rest[..end].rfind(' ').map(|space| space + 1);
        let (line, behind) = rest.split_at(space.unwrap_or(end));
        lines.push(line);
        rest = behind;
    }
}

fn headline_of_times(name: &str, times: &[Timed], now: Duration) -> String {
    let ended = times
        .iter()
        .map(|timed| timed.ended.map_or(now, |(at, _)| at));
    let ms = ended.max().unwrap_or_default().as_millis();
    let (name, flags) = (printable(name, 60), flags(times.len()));
    let mut headline = format!("{name}: {flags} in {ms} ms");
    for (ended, what) in [
        (Some(Ended::WithAnError), "failed"),
        (Some(Ended::Dropped), "dropped"),
        (None, "under way"),
    ] {
        let such = times
            .iter()
            .filter(|timed| timed.ended.map(|(_, how)| how) == ended);
        let number = such.count();
        if number > 0 {
            let _ = write!(headline, ", {number} {what}"); // writing to a string cannot fail
        }
    }
    headline
}

impl Bar {
    fn of(outcome: &Outcome) -> Self {
        Self {
            code: printable(&outcome.code, 4),
            tries: outcome.tries.clone(),
            failed: matches!(outcome.end, End::Failed(_)),
            dropped: false,
            note: match outcome.end {
                End::Downloaded(_) if outcome.tries.is_empty() => "was there already",
                End::Downloaded(_) => "",
                End::NotFound => "not found",
                End::Failed(_) => "failed",
            },
        }
    }

    fn of_timed(timed: &Timed, now: Duration) -> Self {
        let (ended, how) = match timed.ended {
            Some((at, how)) => (at, Some(how)),
            None => (now, None),
        };
        Self {
            code: printable(&timed.name, 4),
            tries: vec![Try {
                started: timed.started,
                answered: None, // a stopwatch does not see what its futures wait for
                ended,
            }],
            failed: how == Some(Ended::WithAnError),
            dropped: how == Some(Ended::Dropped),
            note: match how {
                Some(Ended::WithAValue) => "",
                Some(Ended::WithAnError) => "failed",
                Some(Ended::Dropped) => "dropped",
                None => "under way",
            },
        }
    }

    /// The tries, and whether each has failed: all but the last, and that one where the flag has.
    fn tries(&self) -> impl Iterator<Item = (&Try, bool)> {
        let last = self.tries.len().saturating_sub(1);
        let tries = self.tries.iter().enumerate();
        tries.map(move |(nth, a_try)| (a_try, nth < last || self.failed))
    }
}

// The measures of the picture in pixels.
const WIDTH: f64 = 760.0;
const MARGIN: f64 = 12.0;
/// Where the axis begins; the codes stand before it.
const LEFT: f64 = 48.0;
/// How long the axis is; notes have room behind it.
const AXIS: f64 = 610.0;
/// How high a line of text is.
const LINE: f64 = 18.0;

/// The axis of time.
struct Axis {
    end_ms: f64,
    step_ms: f64,
}

impl Axis {
    fn until(end: Duration) -> Self {
        let end_ms = (end.as_secs_f64() * 1000.0).max(10.0);
        // The 1, 2 or 5 with zeros that gives up to eight steps.
        let power = 10_f64.powf((end_ms / 8.0).log10().floor());
        let steps = [power, 2.0 * power, 5.0 * power, 10.0 * power];
        let step_ms = steps.into_iter().find(|step| end_ms / step <= 8.0);
        Self {
            end_ms,
            step_ms: step_ms.unwrap_or(end_ms),
        }
    }

    /// Where a time is; one that makes no sense, beyond the end of all tries, at the end.
    fn x(&self, ms: f64) -> f64 {
        LEFT + AXIS * ms.min(self.end_ms) / self.end_ms
    }

    fn at(&self, time: Duration) -> f64 {
        self.x(time.as_secs_f64() * 1000.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let ticks = (0..=8).map(|nth| f64::from(nth) * self.step_ms);
        ticks.take_while(|ms| *ms <= self.end_ms)
    }
}

/// The picture: a path for each kind of mark, which is small, and the texts.
#[derive(Default)]
struct Drawing {
    waiting: String,
    receiving: String,
    failures: String,
    cuts: String,
    pauses: String,
    grid: String,
    texts: String,
    /// Where the next thing is drawn.
    y: f64,
}

// Writing to a string cannot fail, so no result of `write!` is looked at.
impl Drawing {
    fn of(timeline: &Timeline) -> Self {
        let axis = Axis::until(timeline.end());
        let mut drawing = Self {
            y: MARGIN,
            ..Self::default()
        };
        drawing.legend(timeline.has_dropped());
        drawing.tick_labels(&axis);
        for run in &timeline.runs {
            drawing.run(&axis, run);
        }
        drawing.tick_labels(&axis);
        drawing
    }

    fn run(&mut self, axis: &Axis, run: &Run) {
        // Up to 40 rows are high enough to read their codes. Of more flags the outline tells more.
        let (row, bar) = if run.bars.len() <= 40 {
            (12.0, 9.0)
        } else {
            (3.0, 2.0)
        };
        for line in lines(&run.headline) {
            self.text(MARGIN, self.y + 14.0, "class=\"h\"", line);
            self.y += LINE;
        }
        self.y += 4.0;
        let top = self.y;
        for flag in &run.bars {
            self.bar(axis, flag, bar);
            self.y += row;
        }
        for ms in axis.ticks() {
            let _ = write!(self.grid, "M{:.1} {top:.1}V{:.1}", axis.x(ms), self.y);
        }
        if run.left_out > 0 {
            self.text(
                LEFT,
                self.y + 14.0,
                "",
                &format!("and {} more", run.left_out),
            );
            self.y += LINE;
        }
        self.y += 6.0;
    }

    fn bar(&mut self, axis: &Axis, flag: &Bar, height: f64) {
        for pair in flag.tries.windows(2) {
            self.pause(axis.at(pair[0].ended), axis.at(pair[1].started), height);
        }
        for (a_try, failed) in flag.tries() {
            let (start, end) = (axis.at(a_try.started), axis.at(a_try.ended));
            let answer = a_try.answered.map_or(end, |answered| axis.at(answered));
            rectangle(&mut self.waiting, start, self.y, answer - start, height);
            if a_try.answered.is_some() {
                // What takes no time at all is seen all the same.
                rectangle(
                    &mut self.receiving,
                    answer,
                    self.y,
                    (end - answer).max(1.0),
                    height,
                );
            }
            if failed {
                self.failure(end, height);
            }
            if flag.dropped {
                self.cut(end, height);
            }
        }
        if height >= 9.0 {
            self.text(LEFT - 6.0, self.y + 8.0, "class=\"e\"", &flag.code);
            let ended = flag.tries.last().map_or(LEFT, |last| axis.at(last.ended));
            self.text(ended + 7.0, self.y + 8.0, "", flag.note);
        }
    }

    fn pause(&mut self, from: f64, to: f64, height: f64) {
        let _ = write!(
            self.pauses,
            "M{from:.1} {:.1}H{to:.1}",
            self.y + height / 2.0
        );
    }

    fn failure(&mut self, x: f64, height: f64) {
        let (left, y) = (x - height / 2.0, self.y);
        let _ = write!(
            self.failures,
            "M{left:.1} {y:.1}l{height} {height}m0-{height}l-{height} {height}"
        );
    }

    /// The end of a bar that somebody has cut off.
    fn cut(&mut self, x: f64, height: f64) {
        let _ = write!(self.cuts, "M{x:.1} {:.1}v{}", self.y - 1.0, height + 2.0);
    }

    fn legend(&mut self, has_dropped: bool) {
        let height = 9.0;
        rectangle(&mut self.waiting, LEFT, self.y, 24.0, height);
        rectangle(&mut self.receiving, LEFT + 130.0, self.y, 24.0, height);
        self.failure(LEFT + 270.0, height);
        self.pause(LEFT + 390.0, LEFT + 414.0, height);
        for (x, meaning) in [
            (30.0, "waiting"),
            (160.0, "receiving"),
            (281.0, "a try that failed"),
            (420.0, "pause before the next try"),
        ] {
            self.text(LEFT + x, self.y + 8.5, "", meaning);
        }
        if has_dropped {
            self.cut(LEFT + 580.0, height);
            self.text(LEFT + 588.0, self.y + 8.5, "", "dropped");
        }
        self.y += LINE;
    }

    fn tick_labels(&mut self, axis: &Axis) {
        let y = self.y + 10.0;
        self.text(LEFT - 20.0, y, "class=\"e\"", "ms");
        for ms in axis.ticks() {
            self.text(axis.x(ms), y, "class=\"m\"", &format!("{ms:.0}"));
        }
        self.y += LINE;
    }

    fn text(&mut self, x: f64, y: f64, class: &str, text: &str) {
        if !text.is_empty() {
            let text = escape(text);
            let _ = write!(
                self.texts,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" {class}>{text}</text>"
            );
        }
    }

    fn svg(self) -> String {
        let Self {
            waiting,
            receiving,
            failures,
            cuts,
            pauses,
            grid,
            texts,
            y,
        } = self;
        let height = y + MARGIN;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\">\
             <style>text{{font:10px system-ui,sans-serif;fill:#24292f}}\
             .h{{font-size:12px;font-weight:600}}.e{{text-anchor:end}}.m{{text-anchor:middle}}\
             path{{fill:none}}</style>\
             <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#f6f6f4\"/>\
             <path d=\"{grid}\" stroke=\"#d0d0cc\"/>\
             <path d=\"{pauses}\" stroke=\"#57606a\" stroke-dasharray=\"2 2\"/>\
             <path d=\"{waiting}\" style=\"fill:#c9def5\" stroke=\"#4a86c8\" stroke-width=\".7\"/>\
             <path d=\"{receiving}\" style=\"fill:#0b4f9e\"/>\
             <path d=\"{failures}\" stroke=\"#b3001b\" stroke-width=\"1.8\"/>\
             <path d=\"{cuts}\" stroke=\"#7a0012\" stroke-width=\"4\"/>\
             {texts}</svg>"
        )
    }
}

/// Adds a rectangle to a path; one whose width makes no sense has none.
fn rectangle(path: &mut String, x: f64, y: f64, width: f64, height: f64) {
    let width = width.max(0.0);
    let _ = write!(path, "M{x:.1} {y:.1}h{width:.1}v{height}h-{width:.1}z");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roxmltree::Document;

    use super::super::samples::{any_outcomes, downloaded, failed, ms, not_found, tried};
    use super::*;

    /// The texts of the picture.
    fn texts(svg: &str) -> Vec<String> {
        let document = Document::parse(svg).unwrap();
        let texts = document
            .descendants()
            .filter(|node| node.has_tag_name("text"));
        texts
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    }

    /// Where the marks of a kind are, each `M x y` of its path, without those of the legend.
    fn marks(svg: &str, kind: &str) -> Vec<(f64, f64)> {
        let document = Document::parse(svg).unwrap();
        let mut paths = document.descendants().filter(|node| {
            let look = [node.attribute("style"), node.attribute("stroke")];
            node.has_tag_name("path") && look.iter().flatten().any(|look| look.contains(kind))
        });
        let path = paths.next().unwrap().attribute("d").unwrap();
        let marks = path.split('M').skip(2).map(|mark| {
            let mut numbers = mark.split(|c: char| c != '.' && c != '-' && !c.is_ascii_digit());
            let mut number = || numbers.next().unwrap().parse().unwrap();
            (number(), number())
        });
        marks.collect()
    }

    const WAITING: &str = "#c9def5";
    const RECEIVING: &str = "#0b4f9e";
    const FAILURE: &str = "#b3001b";
    const CUT: &str = "#7a0012";
    const PAUSE: &str = "#57606a";

    fn line<'a>(text: &'a str, code: &str) -> &'a str {
        text.lines().find(|line| line.starts_with(code)).unwrap()
    }

    #[test]
    fn waiting_and_receiving_are_apart() {
        let timeline =
            Timeline::default().run("run", &[downloaded("KR", &[tried(0, Some(300), 600)])]);
        let line = format!("KR   |{}{}|", "-".repeat(30), "#".repeat(30));
        assert_eq!(super::tests::line(&timeline.text(), "KR"), line);
        let svg = timeline.svg();
        let (waiting, receiving) = (marks(&svg, WAITING), marks(&svg, RECEIVING));
        assert_eq!(waiting[0].0, LEFT);
        assert_eq!(receiving, [(LEFT + AXIS / 2.0, waiting[0].1)]);
        assert_eq!(marks(&svg, FAILURE), []);
    }

    #[test]
    fn each_try_is_a_mark_of_its_own_with_the_pause_between() {
        let tries = [
            tried(0, None, 100),
            tried(300, Some(400), 500),
            tried(600, Some(650), 700),
        ];
        let timeline = Timeline::default().run("run", &[downloaded("KR", &tries)]);
        let text = timeline.text();
        assert!(
            text.starts_with("run: 1 flag in 700 ms, 1 tried again\n"),
            "{text}"
        );
        let marks_in_text = line(&text, "KR").trim_start_matches("KR   |");
        let mut runs: Vec<_> = marks_in_text.trim_end_matches('|').chars().collect();
        runs.dedup();
        assert_eq!(String::from_iter(runs), "-x.-#x.-#");
        let svg = timeline.svg();
        assert_eq!(marks(&svg, WAITING).len(), 3);
        assert_eq!(marks(&svg, RECEIVING).len(), 2);
        assert_eq!(marks(&svg, FAILURE).len(), 2);
        assert_eq!(marks(&svg, PAUSE).len(), 2);
    }

    #[test]
    fn a_future_that_was_dropped_has_a_bar_that_is_cut_off() {
        use std::future::{Future, pending, ready};
        use std::task::{Context, Waker};

        let stopwatch = Stopwatch::new();
        let mut context = Context::from_waker(Waker::noop());
        let mut dropped = Box::pin(stopwatch.time("KR", pending::<Result<(), ()>>()));
        let mut whole = Box::pin(stopwatch.time("JP", ready(Ok::<(), ()>(()))));
        let mut running = Box::pin(stopwatch.time("FR", pending::<Result<(), ()>>()));
        assert!(dropped.as_mut().poll(&mut context).is_pending());
        assert!(whole.as_mut().poll(&mut context).is_ready());
        assert!(running.as_mut().poll(&mut context).is_pending());
        drop(dropped);
        let timeline = Timeline::default().timed("a timeout", &stopwatch);
        let text = timeline.text();
        let (headline, _) = text.split_once('\n').unwrap();
        assert!(headline.starts_with("a timeout: 3 flags in "), "{text}");
        assert!(headline.ends_with(" ms, 1 dropped, 1 under way"), "{text}");
        assert!(line(&text, "KR").contains('/') && line(&text, "KR").ends_with("dropped"));
        assert!(!line(&text, "JP").contains('/') && !line(&text, "FR").contains('/'));
        assert!(text.contains("/ dropped;"), "{text}");
        let svg = timeline.svg();
        assert_eq!(marks(&svg, CUT).len(), 1);
        assert_eq!(marks(&svg, WAITING).len(), 3);
        assert_eq!(marks(&svg, FAILURE), []);
    }

    #[test]
    fn what_did_not_arrive_says_so() {
        let outcomes = [
            not_found("ZZ", &[tried(0, Some(10), 10)]),
            failed("KR", &[tried(0, None, 10)]),
            downloaded("JP", &[]),
        ];
        let timeline = Timeline::default().run("run", &outcomes);
        let text = timeline.text();
        assert!(
            text.starts_with("run: 3 flags in 10 ms, 1 not found, 1 failed\n"),
            "{text}"
        );
        let svg = timeline.svg();
        // "Not found" is an answer and no failure, so only KR has a mark.
        assert_eq!(marks(&svg, FAILURE).len(), 1);
        let texts = texts(&svg);
        for (code, note) in [
            ("ZZ", "not found"),
            ("KR", "failed"),
            ("JP", "was there already"),
        ] {
            assert!(line(&text, code).ends_with(note));
            assert!(texts.iter().any(|text| text == note), "{texts:?}");
        }
    }

    #[test]
    fn runs_share_one_axis() {
        let one = [downloaded("KR", &[tried(0, Some(40), 50)])];
        let other = [downloaded("JP", &[tried(150, Some(190), 200)])];
        let timeline = Timeline::default().run("one", &one).run("other", &other);
        let text = timeline.text();
        assert!(
            line(&text, "KR").ends_with(&format!("#{}|", " ".repeat(44))),
            "{text}"
        );
        assert!(line(&text, "JP").ends_with("#|"), "{text}");
        let svg = timeline.svg();
        assert_eq!(marks(&svg, WAITING)[1].0, LEFT + AXIS * 0.75);
        let numbers: Vec<_> = texts(&svg)
            .into_iter()
            .filter(|text| text.parse::<u32>().is_ok())
            .collect();
        assert_eq!(
            numbers,
            [
                "0", "50", "100", "150", "200", "0", "50", "100", "150", "200"
            ]
        );
    }

    #[test]
    fn bars_stand_in_the_order_in_which_the_flags_were_asked_for() {
        let outcomes = [
            downloaded("JP", &[tried(2, None, 5)]),
            downloaded("KR", &[tried(1, None, 9)]),
        ];
        let text = Timeline::default().run("run", &outcomes).text();
        assert!(
            text.find("KR").unwrap() < text.find("JP").unwrap(),
            "{text}"
        );
    }

    #[test]
    fn names_are_text_and_no_markup() {
        let outcomes = [failed("<b>", &[]), failed("\0\u{ffff}", &[])];
        let timeline = Timeline::default().run("a < b & \"c\"", &outcomes);
        let texts = texts(&timeline.svg());
        assert!(texts.iter().any(|text| text == "<b>"), "{texts:?}");
        assert!(
            texts
                .iter()
                .any(|text| text.starts_with("a < b & \"c\": 2 flags")),
            "{texts:?}"
        );
        assert!(
            timeline.html().ends_with("0 ms, 2 failed\"></div>"),
            "{}",
            timeline.html()
        );
        assert!(timeline.html().contains("a &lt; b &amp; &quot;c&quot;"));
    }

    #[test]
    fn a_headline_that_is_wide_goes_on_in_the_next_line() {
        let outcomes = [failed("KR", &[tried(0, None, 10), tried(20, None, 40)])];
        for (name, most) in [
            ("한".repeat(60), 3),
            ("W ".repeat(30), 2),
            ("3 at once".into(), 1),
        ] {
            let timeline = Timeline::default().run(&name, &outcomes);
            let headline = &timeline.runs[0].headline;
            let lines = lines(headline);
            assert!((1..=most).contains(&lines.len()), "{lines:?}");
            assert_eq!(lines.concat(), *headline);
            for line in &lines {
                assert!(
                    line.chars().map(width).sum::<f64>() <= WIDTH - 2.0 * MARGIN,
                    "{line}"
                );
            }
            let texts = texts(&timeline.svg());
            assert!(
                lines
                    .iter()
                    .all(|line| texts.iter().any(|text| text == line))
            );
        }
    }

    #[test]
    fn of_very_many_flags_the_first_are_drawn_and_the_rest_counted() {
        let outcomes: Vec<_> = (0..1_500)
            .map(|n| downloaded("KR", &[tried(n, Some(n + 5), n + 6)]))
            .collect();
        let timeline = Timeline::default().run("all", &outcomes);
        let svg = timeline.svg();
        assert_eq!(marks(&svg, WAITING).len(), 1_000);
        assert!(texts(&svg).iter().any(|text| text == "and 500 more"));
        assert!(timeline.text().contains("\nand 500 more\n"));
        assert!(svg.len() < 100_000, "{} bytes", svg.len());
    }

    #[test]
    fn the_picture_of_three_runs_is_small() {
        let flags = |step: u64| {
            let outcomes = (0..21).map(|n| {
                downloaded(
                    "KR",
                    &[tried(n * step, Some(n * step + 150), n * step + 165)],
                )
            });
            outcomes.collect::<Vec<_>>()
        };
        let timeline = Timeline::default()
            .run("1", &flags(165))
            .run("3", &flags(55))
            .run("all", &flags(0));
        assert!(
            timeline.svg().len() < 16_000,
            "{} bytes",
            timeline.svg().len()
        );
    }

    proptest! {
        #[test]
        fn any_timeline_is_drawn_inside_its_picture(runs in prop::collection::vec(any_outcomes(), 0..4)) {
            let mut timeline = Timeline::default();
            for outcomes in &runs {
                timeline = timeline.run("a run", outcomes);
            }
            let svg = timeline.svg();
            let document = Document::parse(&svg).unwrap();
            let mut paths = document.descendants().filter_map(|node| node.attribute("d"));
            prop_assert!(paths.all(|path| !path.contains("--")), "a negative width");
            let height: f64 = document.root_element().attribute("height").unwrap().parse().unwrap();
            for kind in [WAITING, RECEIVING, FAILURE, PAUSE] {
                for (x, y) in marks(&svg, kind) {
                    let inside = (0.0..=WIDTH).contains(&x) && (0.0..=height).contains(&y);
                    prop_assert!(inside, "{kind} at {x} {y}");
                }
            }
            let tries: usize = runs.iter().flatten().map(|outcome| outcome.tries.len()).sum();
            prop_assert_eq!(marks(&svg, WAITING).len(), tries);
            let flags = timeline.text().lines().filter(|line| line.contains('|')).count();
            prop_assert!(flags >= runs.iter().flatten().count());
        }

        #[test]
        fn an_axis_has_two_to_nine_ticks_none_beyond_its_end(end in 0..10_000_000_u64) {
            let axis = Axis::until(ms(end));
            let ticks: Vec<_> = axis.ticks().collect();
            prop_assert!((2..=9).contains(&ticks.len()), "{ticks:?}");
            prop_assert!(axis.x(ticks[ticks.len() - 1]) <= LEFT + AXIS + 1e-6);
        }
    }
}
