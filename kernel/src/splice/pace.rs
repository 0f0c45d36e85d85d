//! How fast printed text may be sent.
//!
//! Jupyter's server drops what a kernel sends beyond 1,000,000 bytes of printed text a second or 1,000 messages
//! a second, both over three seconds (`iopub_data_rate_limit`, `iopub_msg_rate_limit`). Dropped outputs include
//! a picture or a result behind the text, so the relay never sends more.

use std::time::{Duration, Instant};

/// How many bytes may be sent a second in the long run.
const RATE: f64 = 750_000.0;

/// How many bytes may be sent at once after a silence. With three seconds of [`RATE`] and a message, that is below the
/// server's limit.
const BURST: f64 = 500_000.0;

/// How much of a message is not text, in bytes: headers and a signature.
const ENVELOPE: f64 = 1_000.0;

/// An allowance of bytes, which grows while time passes.
#[derive(Debug)]
pub struct Pace {
    /// What may be sent, in bytes. Negative while a message has to be waited for.
    left: f64,
    since: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            left: BURST,
            since: None,
        }
    }
}

impl Pace {
    /// When the next message may be sent.
    pub fn next(&mut self, now: Instant) -> Instant {
        let since = self.since.replace(now).unwrap_or(now);
        let grown = now.saturating_duration_since(since).as_secs_f64() * RATE;
        self.left = (self.left + grown).min(BURST);
        now + Duration::from_secs_f64((-self.left / RATE).max(0.0))
    }

    /// A message with so many bytes of text is sent.
    pub fn sent(&mut self, bytes: usize) {
        self.left -= bytes as f64 + ENVELOPE;
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
    fn little_text_never_waits() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for _ in 0..100 {
            assert_eq!(pace.next(now), now);
            pace.sent(1_000);
        }
    }
}
