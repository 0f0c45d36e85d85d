//! Why a flag could not be downloaded or saved.

use std::error::Error;
use std::fmt::{self, Display};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{StatusCode, Url};

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
// Written by hand: thiserror has a build script, for which a notebook would compile this crate anew in each
// cell.
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
    /// No connection came about, and the environment names a proxy for the site, as by `HTTP_PROXY`.
    UnreachableByProxy {
        /// Host and port of the proxy.
        proxy: String,
        /// What the client said.
        source: reqwest::Error,
    },
    /// The address begins with `https:`, and this crate was built without its feature `tls`. Nothing was
    /// asked of the site.
    NoTls(reqwest::Error),
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
    /// Why no answer came; `proxy_for` gives the proxy that a request to an address may have gone through.
    pub(super) fn unanswered(
        error: reqwest::Error,
        proxy_for: impl FnOnce(&Url) -> Option<String>,
    ) -> Self {
        if error.is_redirect() {
            return Self::Redirected(error);
        }
        if lacks_tls(&error) {
            return Self::NoTls(error);
        }
        match error
            .url()
            .filter(|_| error.is_connect())
            .and_then(proxy_for)
        {
            Some(proxy) => Self::UnreachableByProxy {
                proxy,
                source: error,
            },
            None => Self::Unreachable(error),
        }
    }

    /// Whether the connection closed before a byte of the answer came.
    pub(super) fn is_closed_connection(&self) -> bool {
        let Self::Unreachable(error) = self else {
            return false;
        };
        let is_closed = |error: &(dyn Error + 'static)| {
            let of_hyper = error.downcast_ref::<hyper::Error>();
            let of_system = error.downcast_ref::<io::Error>();
            of_hyper.is_some_and(hyper::Error::is_incomplete_message)
                || of_system.is_some_and(|error| CLOSED.contains(&error.kind()))
        };
        !error.is_connect() && !error.is_timeout() && chain(error).any(is_closed)
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
            Self::Status(status) => write!(f, "the site answered {status}; {}", advice(*status)),
            Self::Unreachable(error) => write!(
                f,
                "the site cannot be reached; is its address right, and is it up? ({})",
                innermost(error)
            ),
            Self::UnreachableByProxy { proxy, source } => write!(
                f,
                "the site cannot be reached; the environment names the proxy {proxy} for it: is that \
                 right, and is it up? ({})",
                innermost(source)
            ),
            Self::NoTls(_) => f.write_str(
                "an address with https needs the feature `tls` of the crate hitchhiker, without which \
                 it was built; build it with that feature, or take an address with http",
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
                let folder = visible(&folder.to_string_lossy());
                write!(f, "cannot be saved in {folder}: {source}")
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
            Self::NoTls(error) | Self::UnreachableByProxy { source: error, .. } => Some(error),
            Self::NotAGif(error) => Some(error),
            Self::NotSaved { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// What to do about a status that is no success.
fn advice(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "it wants a name and a password: take another site, or a client that gives them",
        403 | 451 => "it does not give out this flag: take another site",
        407 => {
            "the proxy wants a name and a password: put them before its address in the environment"
        }
        301 | 302 | 303 | 307 | 308 => {
            "it sends elsewhere without saying where: is its address right?"
        }
        408 | 418 | 425 | 429 => "try again later, or another site",
        400..500 => "it will not answer otherwise another time: is its address right?",
        _ => "try again later, or another site",
    }
}

/// How the system says that the other side has closed a connection.
const CLOSED: [io::ErrorKind; 3] = [
    io::ErrorKind::BrokenPipe,
    io::ErrorKind::ConnectionAborted,
    io::ErrorKind::ConnectionReset,
];

/// Whether the client was asked for HTTPS and has no TLS.
// reqwest has no name for that: a connector that knows `http` alone says so in these words.
fn lacks_tls(error: &reqwest::Error) -> bool {
    let is_https = error.url().is_some_and(|url| url.scheme() == "https");
    is_https && error.is_connect() && innermost(error).contains("scheme is not http")
}

/// `text` as a terminal may show it: characters that are not to be seen are escaped.
fn visible(text: &str) -> String {
    let escape = |c: char| match c {
        '\\' | '\'' | '"' => String::from(c),
        c => c.escape_debug().collect(),
    };
    text.chars().map(escape).collect()
}

/// An error, then what has caused it, and so on.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        (*error).source()
    })
}

/// What a chain of errors began with: reqwest's own words only say that there was an error.
fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trying_later_is_advised_only_where_it_may_help() {
        for status in (300..600).filter_map(|code| StatusCode::from_u16(code).ok()) {
            let may_help = matches!(status.as_u16(), 408 | 418 | 425 | 429 | 500..600);
            let is_advised = advice(status).contains("later");
            let is_redirection = matches!(status.as_u16(), 300 | 304..=306 | 309..400);
            assert!(is_advised == may_help || is_redirection, "{status}");
        }
    }

    #[test]
    fn what_is_not_to_be_seen_does_not_reach_a_terminal() {
        let folder = "C:\\it's/\u{1b}[2J\u{202e}한국";
        assert_eq!(visible(folder), "C:\\it's/\\u{1b}[2J\\u{202e}한국");
    }
}
