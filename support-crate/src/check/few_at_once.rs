//! The exercise of chapter 3.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::engine::Unwritten;
use super::report::Report;
use crate::flags::{Flag, FlagServer, Latency, POP20_CC};

/// What [`few_at_once`] takes: `fn few_at_once(base_url: &str, limit: usize) -> std::io::Result<Vec<Flag>>`.
#[diagnostic::on_unimplemented(
    message = "`few_at_once` is to return a `std::io::Result<Vec<Flag>>`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with \
            `fn few_at_once(base_url: &str, limit: usize) -> std::io::Result<Vec<Flag>> {{`"
)]
pub trait FewAtOnce {
    #[doc(hidden)]
    fn flags(self) -> io::Result<Vec<Flag>>;
}

impl FewAtOnce for io::Result<Vec<Flag>> {
    fn flags(self) -> Self {
        self
    }
}

impl FewAtOnce for Unwritten {
    fn flags(self) -> io::Result<Vec<Flag>> {
        match self {}
    }
}

/// How long the server of the check takes for a flag: long enough that requests sent together are open
/// together, and short enough that seven of them one after the other are in time.
const LATENCY: Duration = Duration::from_millis(40);

const LIMIT: usize = 3;

/// Checks `few_at_once`, the exercise of chapter 3: it downloads the flags of the chapter by tasks, at
/// most `limit` of them at the same time.
///
/// The check has a server of its own, which takes 40 ms for each flag and counts the requests that
/// are open at the same time.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::flags::*;
/// use tokio::runtime::Runtime;
/// use tokio::task::JoinSet;
///
/// fn few_at_once(base_url: &str, limit: usize) -> std::io::Result<Vec<Flag>> {
///     let client = reqwest::Client::new();
///     let ended = Runtime::new()?.block_on(async {
///         let (mut tasks, mut ended) = (JoinSet::new(), vec![]);
///         for cc in POP20_CC {
///             if tasks.len() == limit {
///                 ended.extend(tasks.join_next().await);
///             }
///             let (client, base_url) = (client.clone(), base_url.to_owned());
///             tasks.spawn(async move { get_flag(&client, &base_url, cc).await });
///         }
///         while let Some(task) = tasks.join_next().await {
///             ended.push(task);
///         }
///         ended
///     });
///     Ok(ended.into_iter().filter_map(|task| task.ok()?.ok()).collect())
/// }
/// let report = check::few_at_once(few_at_once);
/// assert!(report.passed(), "{report}");
/// ```
pub fn few_at_once<R: FewAtOnce + 'static>(few_at_once: fn(&str, usize) -> R) -> Report {
    Report::on(move |cases| {
        let all = POP20_CC.len();
        let arrive = format!("with a limit of {LIMIT}, all {all} flags arrive");
        let server = match FlagServer::start(Latency::fixed(LATENCY)) {
            Ok(server) => Arc::new(server),
            Err(error) => {
                let came = format!("the server of the check did not start: {error}");
                return cases.expect(arrive, || Err(came));
            }
        };
        let counting = server.clone();
        let late = move || {
            let requests = counting.counts().requests;
            format!("yours was still at work when time was up: it had made {requests} requests")
        };
        cases.expect_in_time(arrive, late, || {
            let flags = match few_at_once(&server.base_url(), LIMIT).flags() {
                Ok(flags) => flags,
                Err(error) => return Err(format!("yours failed: {error}")),
            };
            let codes: HashSet<_> = flags.iter().map(Flag::code).collect();
            match (codes.len(), flags.len()) {
                (codes, flags) if codes == all && flags == all => Ok(()),
                (codes, flags) if codes == flags => Err(format!("yours gives {codes}")),
                (codes, flags) => Err(format!("yours gives {flags} flags, of {codes} countries")),
            }
        });
        cases.expect(
            format!("more than one request is open at the same time, and never more than {LIMIT}"),
            || match server.counts().most_requests_at_once {
                0 => Err(String::from("yours made no request")),
                1 => Err(String::from("yours had at most one open")),
                most if most > LIMIT => Err(format!("yours had {most} open")),
                _ => Ok(()),
            },
        );
    })
}
