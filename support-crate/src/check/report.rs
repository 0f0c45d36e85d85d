//! What a check says.

use std::fmt::{self, Display};

use crate::display::{Output, Show, escape};

/// What a check says: a line for each thing that was tried. A cell that ends in one shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a cell that ends in a report shows it"]
pub struct Report {
    lines: Vec<Line>,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) passed: bool,
    /// What was tried and what is expected of it, as a sentence: `countdown(3) yields [3, 2, 1]`.
    pub(super) expected: String,
    /// What came instead, where something else did: `yours yields []`.
    pub(super) came: String,
}

impl Report {
    pub(super) fn of(lines: Vec<Line>) -> Self {
        Self { lines }
    }

    /// Whether everything that was tried went as expected.
    pub fn passed(&self) -> bool {
        self.lines.iter().all(|line| line.passed)
    }

    /// Shows the report as the result of a cell.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }

    // The ground is a light one of its own: no colour of text is legible both on white and on the
    // near black of JupyterLab's dark theme. GitHub leaves the colours out; the marks stay.
    fn html(&self) -> String {
        let line = |line: &Line| {
            let (mark, name, colour) = match line.passed {
                true => ("✓", "passed", "#116329"),
                false => ("✗", "not passed", "#a40e26"),
            };
            let mut text = escape(&line.expected).into_owned();
            if !line.passed {
                text += "<br>";
                text += &escape(&line.came);
            }
            format!(
                "<tr style=\"background: none\">\
                 <td style=\"color: {colour}; font-weight: bold; vertical-align: top\" \
                 aria-label=\"{name}\">{mark}</td>\
                 <td style=\"color: #24292f; text-align: left; white-space: pre-wrap\">{text}</td></tr>\n"
            )
        };
        let lines: String = self.lines.iter().map(line).collect();
        format!(
            "<table style=\"background: #f6f6f4; border-radius: 6px; margin: 0\"><tbody>\n\
             {lines}</tbody></table>"
        )
    }
}

impl Show for Report {
    fn output(&self) -> Output {
        Output::text(self.to_string()).html(self.html())
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, line) in self.lines.iter().enumerate() {
            let end = if nth == 0 { "" } else { "\n" };
            let Line { expected, came, .. } = line;
            match line.passed {
                true => write!(f, "{end}✓ {expected}")?,
                false => write!(f, "{end}✗ {expected}; {came}")?,
            }
        }
        Ok(())
    }
}
