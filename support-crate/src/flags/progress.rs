//! How far a download has come.

use std::fmt::{self, Display};

use super::outcome::{End, Outcome};

/// Counts outcomes as they arrive. Printed, it is one line: `3 of 21: 2 downloaded, 1 not found`.
///
/// In a notebook a line that is printed shows at once; `done` tells a bar in a terminal where it
/// stands.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let codes = ["KR", "ZZ", "JP"];
/// let mut progress = Progress::of(codes.len());
/// let mut downloads = download_many(&base_url(&server), codes, Options::default());
/// while let Some(outcome) = downloads.next().await {
///     progress.add(&outcome);
///     println!("{}/{}  {outcome}", progress.done(), codes.len());
/// }
/// assert_eq!(progress.to_string(), "3 of 3: 2 downloaded, 1 not found");
/// # });
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many outcomes there will be.
    pub expected: usize,
    /// How many flags are here, those that were there already included.
    pub downloaded: usize,
    /// How many flags the site does not have.
    pub not_found: usize,
    /// How many flags could not be had.
    pub failed: usize,
}

impl Progress {
    /// Nothing so far, of `expected` flags.
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

impl Display for Progress {
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
