//! Costs beside each other.

use std::fmt::Write as _;

use super::Cost;
use crate::display::{Output, Show, escape, scrolled_img};
use crate::written::thousands;

/// A picture of what the same work costs when it is done in several ways. For time, the processor's time
/// and memory, as far as they were measured, each row has a bar and says how many times the figure of
/// the last row its own is. A cell that ends in a comparison shows it.
///
/// ```
/// use hitchhiker::cost::{Comparison, Cost};
///
/// let (_, ours) = Cost::of(|| (1..=1_000_u64).map(|n| n * n).sum::<u64>());
/// let (_, theirs) = Cost::of(|| (1..=1_000_u64).sum::<u64>());
/// let comparison = Comparison::new("sums").row("squares", ours).row("numbers", theirs);
/// assert!(comparison.svg().contains("squares"));
/// comparison.evcxr_display();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    title: String,
    rows: Vec<(String, Cost)>,
}

/// What is compared: its name, its figure in a cost, and how a figure is written.
type Measure = (&'static str, fn(&Cost) -> Option<f64>, fn(f64) -> String);

const MEASURES: [Measure; 3] = [
    ("time", |cost| Some(cost.took.as_secs_f64()), seconds),
    (
        "the processor's time",
        |cost| cost.processor.map(|time| time.as_secs_f64()),
        seconds,
    ),
    (
        "memory",
        |cost| cost.memory.map(|bytes| bytes as f64),
        kilobytes,
    ),
];

fn seconds(seconds: f64) -> String {
    match seconds {
        1.0.. => format!("{seconds:.2} s"),
        _ => format!("{:.1} ms", seconds * 1_000.0),
    }
}

fn kilobytes(bytes: f64) -> String {
    format!("{} KB", thousands((bytes / 1_000.0).round() as usize))
}

// The measures of the picture in pixels.
const WIDTH: f64 = 760.0;
/// The least width at which the texts are still legible.
const LEGIBLE: u32 = 560;
const MARGIN: f64 = 12.0;
/// Where the bars begin; the names stand before it.
const LEFT: f64 = 170.0;
/// How long the longest bar is; figures have room behind it.
const LONGEST: f64 = 420.0;
/// How high a line is.
const ROW: f64 = 18.0;

/// One bar.
struct Bar<'a> {
    name: &'a str,
    /// How long the bar is, as a share of the longest one of its measure.
    share: f64,
    figure: String,
}

impl Comparison {
    /// A comparison without rows.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            rows: vec![],
        }
    }

    /// Puts a cost under those that are there.
    #[must_use = "it gives the longer comparison back"]
    pub fn row(mut self, name: impl Into<String>, cost: Cost) -> Self {
        self.rows.push((name.into(), cost));
        self
    }

    /// The bars of each measure that somebody has taken.
    fn parts(&self) -> impl Iterator<Item = (&'static str, Vec<Bar<'_>>)> {
        MEASURES
            .into_iter()
            .filter_map(|(title, figure_of, write)| {
                let figures: Vec<_> = self
                    .rows
                    .iter()
                    .filter_map(|(name, cost)| Some((name.as_str(), figure_of(cost)?)))
                    .collect();
                let (_, last) = figures.last().copied()?;
                let longest = figures
                    .iter()
                    .map(|(_, figure)| *figure)
                    .fold(0.0, f64::max);
                let bar = |(name, figure): (_, f64)| Bar {
                    name,
                    share: if longest > 0.0 { figure / longest } else { 0.0 },
                    figure: match last > 0.0 {
                        true => format!("{} ({:.2} times)", write(figure), figure / last),
                        false => write(figure),
                    },
                };
                Some((title, figures.into_iter().map(bar).collect()))
            })
    }

    /// The comparison as an SVG file.
    pub fn svg(&self) -> String {
        let (mut texts, mut bars) = (String::new(), String::new());
        let mut y = MARGIN;
        // Writing to a string cannot fail, so nobody looks at the results.
        let mut line = |y: f64, x: f64, class: &str, text: &str| {
            let (y, text) = (y + 12.5, escape(text));
            let _ = write!(
                texts,
                r#"<text x="{x}" y="{y}" class="{class}">{text}</text>"#
            );
        };
        line(y, MARGIN, "h", &self.title);
        y += ROW;
        for (title, measured) in self.parts() {
            line(y + 4.0, MARGIN, "h", title);
            y += ROW + 4.0;
            for bar in measured {
                let width = (bar.share * LONGEST).max(1.0);
                let _ = write!(bars, "M{LEFT} {:.1}h{width:.1}v12h-{width:.1}z", y + 3.0);
                line(y, LEFT - 8.0, "e", bar.name);
                line(y, LEFT + width + 8.0, "", &bar.figure);
                y += ROW;
            }
        }
        let height = y + MARGIN;
        // The picture has a light ground of its own, as all pictures of this crate have.
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\">\
             <style>text{{font:12px system-ui,sans-serif;fill:#24292f}}\
             .h{{font-weight:600}}.e{{text-anchor:end}}</style>\
             <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"6\" fill=\"#f6f6f4\"/>\
             <path d=\"{bars}\" fill=\"#0b4f9e\"/>{texts}</svg>"
        )
    }

    fn text(&self) -> String {
        const COLUMNS: f64 = 40.0;
        let width = self.rows.iter().map(|(name, _)| name.chars().count()).max();
        let width = width.unwrap_or_default();
        let mut text = self.title.clone();
        for (title, bars) in self.parts() {
            let _ = write!(text, "\n{title}"); // writing to a string cannot fail
            for Bar {
                name,
                share,
                figure,
            } in bars
            {
                let bar = "#".repeat((share * COLUMNS).ceil() as usize);
                let _ = write!(text, "\n  {name:<width$} |{bar:<40}| {figure}");
            }
        }
        text
    }

    /// Shows the comparison as the result of a cell: as a picture, and in characters.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }
}

impl Show for Comparison {
    fn output(&self) -> Output {
        let alt = format!("comparison of costs; {}", self.title);
        Output::text(self.text()).html(scrolled_img(
            "image/svg+xml",
            self.svg().as_bytes(),
            &alt,
            LEGIBLE,
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use roxmltree::Document;

    use super::*;

    fn cost(ms: u64, processor: Option<u64>) -> Cost {
        Cost {
            took: Duration::from_millis(ms),
            processor: processor.map(Duration::from_millis),
            memory: None,
        }
    }

    #[test]
    fn each_bar_tells_how_many_times_the_last_it_is() {
        let comparison = Comparison::new("sleepers")
            .row("ours", cost(500, Some(30)))
            .row("theirs", cost(2_000, Some(20)));
        let half = "#".repeat(10);
        assert_eq!(
            comparison.text(),
            format!(
                "sleepers\ntime\n  ours   |{half:<40}| 500.0 ms (0.25 times)\n  \
                 theirs |{}| 2.00 s (1.00 times)\nthe processor's time\n  \
                 ours   |{}| 30.0 ms (1.50 times)\n  theirs |{:<40}| 20.0 ms (1.00 times)",
                "#".repeat(40),
                "#".repeat(40),
                "#".repeat(27),
            )
        );
    }

    #[test]
    fn thousands_of_kilobytes_have_a_comma() {
        let memory = |bytes| Cost {
            memory: Some(bytes),
            ..cost(500, None)
        };
        let comparison = Comparison::new("connections")
            .row("ours", memory(12_545_700))
            .row("theirs", memory(4_309_000));
        let text = comparison.text();
        assert!(text.contains(" 12,546 KB (2.91 times)"), "{text}");
        assert!(text.contains(" 4,309 KB (1.00 times)"), "{text}");
    }

    #[test]
    fn what_was_not_measured_has_no_bars() {
        let comparison = Comparison::new("one").row("ours", cost(500, None));
        assert!(!comparison.text().contains("processor"));
        assert!(!comparison.text().contains("memory"));
    }

    #[test]
    fn the_picture_is_xml_whatever_the_names_are() {
        for names in [&[][..], &["<a>"], &["&", "\""]] {
            let rows = names.iter().map(|name| (name, cost(0, Some(0))));
            let comparison = rows.fold(Comparison::new("a < b"), |comparison, (name, cost)| {
                comparison.row(*name, cost)
            });
            Document::parse(&comparison.svg()).unwrap();
        }
    }
}
