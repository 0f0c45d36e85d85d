//! A record in words.

use super::record::{Event, Kind, Record};

/// How many events the text tells; nobody reads more lines than these.
const MOST_LINES: usize = 1_000;

/// A line for each event: who turned to whom, and with what.
pub(super) fn of(record: &Record) -> String {
    let told = &record.events[..record.events.len().min(MOST_LINES)];
    let width = |lane: usize| record.lanes[lane].chars().count();
    let widest = |lanes: &mut dyn Iterator<Item = usize>| lanes.map(width).max().unwrap_or(0);
    let between = |event: &&Event| event.what.kind() != Kind::Note;
    let from = widest(&mut told.iter().map(|event| event.from));
    let to = widest(&mut told.iter().filter(between).map(|event| event.to));
    let mut lines: Vec<String> = vec![];
    for event in told {
        let who = &record.lanes[event.from];
        let label = event.label(usize::MAX);
        lines.push(match event.what.kind() {
            Kind::Note if to == 0 => format!("{who:from$}  {label}"),
            Kind::Note => format!("{who:from$}   {:to$}  {label}", ""),
            _ => {
                let whom = &record.lanes[event.to];
                format!("{who:from$} → {whom:to$}  {label}")
            }
        });
    }
    let more = record.events.len() - told.len() + record.left_out;
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n")
}
