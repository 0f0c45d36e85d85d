//! Why a flag could not be downloaded or saved.

use std::error::Error;
use std::fmt::{self, Display};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::StatusCode;

use super::gif::BrokenGif;

/// A flag that could not be had: which one, and why.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let error = get_flag(&reqwest::Client::new(), &base_url(&server), "ZZ").await.unwrap_err();
/// assert_eq!(error.code, "ZZ");
/// assert!(matches!(error.cause, Cause::NotFound));
/// assert_eq!(error.to_string(), "flag ZZ: the site has no flag of this country (404)");
/// # });
/// ```
// By hand: thiserror's build script would have a notebook compile this crate again for each cell.
#[derive(Debug)]
pub struct FlagError {
    /// The country code, as it was asked for.
    pub code: String,
    /// What went wrong.
    pub cause: Cause,
}

/// What may go wrong with a flag.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The code is not two ASCII letters. Nothing was asked of the site.
    NotACode,
    /// The site answered 404.
    NotFound,
    /// The site answered with another status than success.
    Status(StatusCode),
    /// The site could not be reached, or did not speak HTTP as it should.
    Unreachable(reqwest::Error),
    /// The site sends from one address to the next, and at none of them is a flag.
    Redirected(reqwest::Error),
    /// The answer ended before the body was complete.
    Truncated(reqwest::Error),
    /// The site closed the connection before its answer was complete, as a client that speaks HTTP by
    /// itself finds out.
    ClosedEarly {
        /// How many bytes of the body came.
        came: usize,
        /// How many there are, if the head of the answer came and said so.
        of: Option<usize>,
    },
    /// What came is no HTTP, as a client that speaks HTTP by itself finds out.
    NotHttp(httparse::Error),
    /// The body is longer than a flag may be, in bytes. The rest of it was not read.
    TooLarge {
        /// [`SIZE_LIMIT`](super::SIZE_LIMIT).
        limit: usize,
    },
    /// The site took longer than it may.
    TimedOut {
        /// [`TIME_LIMIT`](super::TIME_LIMIT), or the limit of [`Options`](super::Options) that
        /// was over first.
        after: Duration,
    },
    /// The body is not a GIF that can be shown.
    NotAGif(BrokenGif),
    /// The file could not be written.
    NotSaved {
        /// The folder it was to be saved in.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Cause {
    /// Why no answer came.
    pub(super) fn unanswered(error: reqwest::Error) -> Self {
        if error.is_redirect() {
            Self::Redirected(error)
        } else {
            Self::Unreachable(error)
        }
    }

    pub(super) fn not_saved(folder: &Path, source: io::Error) -> Self {
        Self::NotSaved {
            folder: folder.to_owned(),
            source,
        }
    }
}

impl Display for FlagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "flag {}: {}", self.code.escape_debug(), self.cause)
    }
}

impl Error for FlagError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}

impl Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACode => f.write_str("not a country code; it takes two letters, such as KR"),
            Self::NotFound => f.write_str("the site has no flag of this country (404)"),
            Self::Status(status) => {
                write!(
                    f,
                    "the site answered {status}; try again later, or another site"
                )
            }
            Self::Unreachable(error) => write!(
                f,
                "the site cannot be reached; is its address right, and is it up? ({})",
                innermost(error)
            ),
            Self::Redirected(error) => write!(
                f,
                "the site sends from address to address; is the first one right? ({})",
                innermost(error)
            ),
            Self::Truncated(error) => write!(
                f,
                "the answer broke off in the middle; try again ({})",
                innermost(error)
            ),
            Self::ClosedEarly { came, of: Some(of) } => write!(
                f,
                "the site closed the connection after {came} of {of} bytes; try again"
            ),
            Self::ClosedEarly { .. } => {
                f.write_str("the site closed the connection before it had answered; try again")
            }
            Self::NotHttp(error) => {
                write!(
                    f,
                    "the site does not speak HTTP; is its address right? ({error})"
                )
            }
            Self::TooLarge { limit } => {
                write!(
                    f,
                    "the answer is longer than {limit} bytes; that is no flag"
                )
            }
            Self::TimedOut { after } => {
                write!(f, "no complete answer within {after:?}; try again later")
            }
            Self::NotAGif(error) => {
                write!(
                    f,
                    "the answer is not a GIF file that can be shown ({error})"
                )
            }
            Self::NotSaved { folder, source } => {
                write!(f, "cannot be saved in {}: {source}", folder.display())
            }
        }
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreachable(error) | Self::Redirected(error) | Self::Truncated(error) => {
                Some(error)
            }
            Self::NotHttp(error) => Some(error),
            Self::NotAGif(error) => Some(error),
            Self::NotSaved { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// What a chain of errors began with: reqwest's own words only say that there was an error.
fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
