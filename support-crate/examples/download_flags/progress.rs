//! How far a download has come.

use std::fmt;

use hitchhiker::flags::{End, Outcome};

/// Counts outcomes as they arrive. Printed, it is one line: `3 of 21: 2 downloaded, 1 not found`.
#[derive(Default)]
pub struct Progress {
    expected: usize,
    downloaded: usize,
    not_found: usize,
    /// How many flags could not be downloaded.
    pub failed: usize,
}

impl Progress {
    /// A count of `expected` flags, of which none has arrived so far.
    pub fn of(expected: usize) -> Self {
        Self {
            expected,
            ..Self::default()
        }
    }

    /// Counts `outcome`.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome.end {
            End::Downloaded(_) => self.downloaded += 1,
            End::NotFound => self.not_found += 1,
            End::Failed(_) => self.failed += 1,
        }
    }

    /// How many outcomes have arrived.
    pub fn done(&self) -> usize {
        self.downloaded + self.not_found + self.failed
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (done, expected, downloaded) = (self.done(), self.expected, self.downloaded);
        write!(f, "{done} of {expected}: {downloaded} downloaded")?;
        for (count, what) in [(self.not_found, "not found"), (self.failed, "failed")] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}
