//! Why a flag could not be downloaded or saved.

use std::io;
use std::time::Duration;

use reqwest::StatusCode;

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
#[derive(Debug, thiserror::Error)]
#[error("flag {}: {cause}", code.escape_debug())]
pub struct FlagError {
    /// The country code, as it was asked for.
    pub code: String,
    /// What went wrong.
    #[source]
    pub cause: Cause,
}

/// What may go wrong with a flag.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The code is not two ASCII letters. Nothing was asked of the site.
    #[error("not a country code; it takes two letters, such as KR")]
    NotACode,
    /// The site answered 404.
    #[error("the site has no flag of this country (404)")]
    NotFound,
    /// The site answered with another status than success.
    #[error("the site answered {0}; try again later, or another site")]
    Status(StatusCode),
    /// The site could not be reached, or did not speak HTTP as it should.
    #[error("the site cannot be reached; is its address right, and is it up? ({})", innermost(.0))]
    Unreachable(#[source] reqwest::Error),
    /// The answer ended before the body was complete.
    #[error("the answer broke off in the middle; try again ({})", innermost(.0))]
    Truncated(#[source] reqwest::Error),
    /// The body is longer than a flag may be, in bytes. The rest of it was not read.
    #[error("the answer is longer than {limit} bytes; that is no flag")]
    TooLarge {
        /// [`SIZE_LIMIT`](super::SIZE_LIMIT).
        limit: usize,
    },
    /// The site took longer than a flag may take.
    #[error("no complete answer within {} s; try again later", after.as_secs())]
    TimedOut {
        /// [`TIME_LIMIT`](super::TIME_LIMIT).
        after: Duration,
    },
    /// The body is not a GIF that can be shown.
    #[error("the answer is not a GIF file that can be shown ({0})")]
    NotAGif(#[source] image::ImageError),
    /// The file could not be written.
    #[error("cannot be saved in {}: {source}", folder.display())]
    NotSaved {
        /// The folder it was to be saved in.
        folder: std::path::PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What a chain of errors began with: reqwest's own words only say that there was an error.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
