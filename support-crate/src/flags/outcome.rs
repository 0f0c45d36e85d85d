//! What became of one flag of many.

use std::fmt::{self, Display};
use std::time::Duration;

use super::error::Cause;
use super::flag::Flag;

/// What became of one flag of many: how it ended, and each try that was made for it.
#[derive(Debug)]
pub struct Outcome {
    /// The country code, as it was asked for.
    pub code: String,
    /// How it ended.
    pub end: End,
    /// What was tried, in order. Empty where nothing had to be asked of the site: the flag was
    /// there already, or the code is none.
    pub tries: Vec<Try>,
}

/// How the download of one flag ended.
#[derive(Debug)]
pub enum End {
    /// The flag is here.
    Downloaded(Flag),
    /// The site has no flag of this country (404).
    NotFound,
    /// The flag could not be had; this is why the last try failed.
    Failed(Cause),
}

/// One request for a flag, on the clock of the whole download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Try {
    /// When the request was made, since the download of all flags began.
    pub started: Duration,
    /// When the head of the answer came, if it did: until then the try waited, after it bytes
    /// were on their way.
    pub answered: Option<Duration>,
    /// When the last byte was here, or the try was given up.
    pub ended: Duration,
}

impl Outcome {
    /// How long it took, from the first request to the last byte; nothing, where nothing was asked.
    pub fn took(&self) -> Duration {
        match (self.tries.first(), self.tries.last()) {
            (Some(first), Some(last)) => last.ended.saturating_sub(first.started),
            _ => Duration::ZERO,
        }
    }
}

/// One line: what arrived, or why it did not.
impl Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.end {
            End::Downloaded(flag) => f.write_str(&flag.caption())?,
            End::NotFound => write!(f, "{}: {}", self.code.escape_debug(), Cause::NotFound)?,
            End::Failed(cause) => write!(f, "{}: {cause}", self.code.escape_debug())?,
        }
        match self.tries.len() {
            0 if matches!(self.end, End::Downloaded(_)) => f.write_str(", was there already"),
            0 => Ok(()),
            1 => write!(f, ", {} ms", self.took().as_millis()),
            tries => write!(f, ", {} ms, {tries} tries", self.took().as_millis()),
        }
    }
}
