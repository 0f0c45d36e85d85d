//! How fast printed text may be sent.
//!
//! Jupyter's server drops what a kernel sends beyond 1,000,000 bytes of printed text a second or 1,000 messages
//! a second, both over three seconds (`iopub_data_rate_limit`, `iopub_msg_rate_limit`). Dropped outputs include
//! a picture or a result behind the text, so the relay sends no more.
//!
//! A cell that prints far more than a page can show is not held up: behind [`PACED`] its text is sent as it
//! comes, and the server may drop what exceeds its limits.

use std::time::{Duration, Instant};

/// How many bytes may be sent a second in the long run.
const RATE: f64 = 750_000.0;

/// How many bytes may be sent at once after a silence. With three seconds of [`RATE`] and a message, that is below the
/// server's limit.
const BURST: f64 = 500_000.0;

/// How much text of a cell is held back to that, in bytes: 100,000 lines of 40 bytes, which take about five
/// seconds.
const PACED: usize = 4_000_000;

/// How much of a message is not text, in bytes: headers and a signature.
const ENVELOPE: f64 = 1_000.0;

/// An allowance of bytes, which grows while time passes.
#[derive(Debug)]
pub struct Pace {
    /// What may be sent, in bytes. Negative while a message has to be waited for.
    left: f64,
    since: Option<Instant>,
    /// How much text the cell has sent, in bytes.
    cell: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            left: BURST,
            since: None,
            cell: 0,
        }
    }
}

impl Pace {
    /// When the next message may be sent.
    pub fn next(&mut self, now: Instant) -> Instant {
        let since = self.since.replace(now).unwrap_or(now);
        let grown = now.saturating_duration_since(since).as_secs_f64() * RATE;
        self.left = (self.left + grown).min(BURST);
        if self.cell > PACED {
            return now;
        }
        now + Duration::from_secs_f64((-self.left / RATE).max(0.0))
    }

    /// A message with so many bytes of text is sent.
    pub fn sent(&mut self, bytes: usize) {
        self.cell += bytes;
        self.left = (self.left - bytes as f64 - ENVELOPE).max(-BURST);
    }

    /// Another cell begins.
    pub fn begin_cell(&mut self) {
        self.cell = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_three_seconds_less_is_sent_than_jupyters_server_takes() {
        let (mut pace, begin) = (Pace::default(), Instant::now());
        let mut sent = Vec::new();
        let mut now = begin;
        while now < begin + Duration::from_secs(10) {
            pace.begin_cell();
            now = pace.next(now);
            pace.sent(100_000);
            sent.push(now);
        }
        for (index, at) in sent.iter().enumerate() {
            let window = sent[index..]
                .iter()
                .take_while(|it| **it < *at + Duration::from_secs(3));
            assert!(window.count() * 101_000 <= 3_000_000);
        }
        assert!(sent.len() > 60, "and not much less");
    }

    #[test]
    fn a_cell_that_prints_far_too_much_is_not_held_up() {
        let (mut pace, begin) = (Pace::default(), Instant::now());
        let mut now = begin;
        for _ in 0..500 {
            now = pace.next(now);
            pace.sent(100_000);
        }
        assert!(now < begin + Duration::from_secs(6));
    }

    #[test]
    fn little_text_never_waits() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for _ in 0..100 {
            assert_eq!(pace.next(now), now);
            pace.sent(1_000);
        }
    }
}
