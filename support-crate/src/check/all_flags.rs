//! The exercise of chapter 3.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::engine::Unwritten;
use super::report::Report;
use crate::flags::{COUNTRIES, End, FlagServer, Latency, Outcome};

/// What [`all_flags`] takes: `fn all_flags(base_url: &str) -> std::io::Result<Vec<Outcome>>`.
#[diagnostic::on_unimplemented(
    message = "`all_flags` is to return a `std::io::Result<Vec<Outcome>>`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with \
            `fn all_flags(base_url: &str) -> std::io::Result<Vec<Outcome>> {{`"
)]
pub trait AllFlags {
    #[doc(hidden)]
    fn outcomes(self) -> io::Result<Vec<Outcome>>;
}

impl AllFlags for io::Result<Vec<Outcome>> {
    fn outcomes(self) -> Self {
        self
    }
}

impl AllFlags for Unwritten {
    fn outcomes(self) -> io::Result<Vec<Outcome>> {
        match self {}
    }
}

/// How long the server of the check takes for a flag. One after the other, the flags would take longer
/// than the check waits.
const LATENCY: Duration = Duration::from_millis(10);

/// Checks `all_flags`, the exercise of chapter 3: it downloads the flags of all countries, several at
/// the same time.
///
/// The check has a server of its own, which takes 10 ms for each flag and counts the requests that
/// are open at the same time.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::flags::*;
///
/// fn all_flags(base_url: &str) -> std::io::Result<Vec<Outcome>> {
///     let codes = COUNTRIES.iter().map(|country| country.code);
///     let downloads = download_many(base_url, codes, Options::default());
///     Ok(tokio::runtime::Runtime::new()?.block_on(downloads.gather()))
/// }
/// let report = check::all_flags(all_flags);
/// assert!(report.passed(), "{report}");
/// ```
pub fn all_flags<R: AllFlags + 'static>(all_flags: fn(&str) -> R) -> Report {
    Report::on(move |cases| {
        let all = COUNTRIES.len();
        let server = match FlagServer::start(Latency::fixed(LATENCY)) {
            Ok(server) => Arc::new(server),
            Err(error) => {
                let came = format!("the server of the check did not start: {error}");
                return cases.expect(format!("all {all} flags arrive"), || Err(came));
            }
        };
        let counting = server.clone();
        let late = move || {
            let counts = counting.counts();
            let (requests, most) = (counts.requests, counts.most_requests_at_once);
            format!(
                "yours was still at work when time was up: it had made {requests} requests, at most \
                 {most} at the same time"
            )
        };
        cases.expect_in_time(format!("all {all} flags arrive"), late, || {
            let outcomes = match all_flags(&server.base_url()).outcomes() {
                Ok(outcomes) => outcomes,
                Err(error) => return Err(format!("yours failed: {error}")),
            };
            let downloaded = |outcome: &&Outcome| matches!(outcome.end, End::Downloaded(_));
            let arrived = outcomes.iter().filter(downloaded);
            let codes: HashSet<_> = arrived.map(|outcome| &*outcome.code).collect();
            match (codes.len(), outcomes.len()) {
                (codes, outcomes) if codes == all && outcomes == all => Ok(()),
                (codes, outcomes) if codes == outcomes => Err(format!("yours gives {codes}")),
                (codes, outcomes) => Err(format!(
                    "yours gives {outcomes} outcomes, with the flags of {codes} countries"
                )),
            }
        });
        cases.expect(
            "several requests are open at the same time",
            || match server.counts().most_requests_at_once {
                0 => Err(String::from("yours made no request")),
                1 => Err(String::from("yours had at most one open")),
                _ => Ok(()),
            },
        );
    })
}
