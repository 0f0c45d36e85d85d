//! The exercise of chapter 11, the guide's last. Its check looks at what a server has seen.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use super::report::Report;
use crate::coroutine::{AsyncGenerator, AsyncRaised, anext};
use crate::flags::{Flag, FlagServer, Latency, POP20_CC};

/// How long the server takes for a flag, where flags are to arrive.
const QUICK: Duration = Duration::from_millis(15);

/// How long the server takes for a flag, where none is to arrive.
const ENDLESS: Duration = Duration::from_secs(3_600);

/// How soon the requests of a dropped download are to be closed: a moment for people, long for a computer.
const MOMENT: Duration = Duration::from_millis(400);

/// What [`download_many`] takes:
/// `fn download_many(base_url: String, codes: Vec<&'static str>, n: usize) -> AsyncGenerator<Flag>`.
#[diagnostic::on_unimplemented(
    message = "`download_many` is to be a `fn(String, Vec<&'static str>, usize) -> \
               AsyncGenerator<Flag>`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the cell of the exercise with `fn download_many(base_url: String, codes: \
            Vec<&'static str>, n: usize) -> AsyncGenerator<Flag> {{`"
)]
pub trait DownloadMany: Send + 'static {
    #[doc(hidden)]
    fn of(&self, base_url: String, codes: Vec<&'static str>, n: usize) -> AsyncGenerator<Flag>;
}

impl DownloadMany for fn(String, Vec<&'static str>, usize) -> AsyncGenerator<Flag> {
    fn of(&self, base_url: String, codes: Vec<&'static str>, n: usize) -> AsyncGenerator<Flag> {
        self(base_url, codes, n)
    }
}

/// Checks `download_many`, the exercise of chapter 11: it yields the flags of the countries `codes`,
/// has at most `n` requests open at once, and leaves none behind when it is dropped. The check starts
/// servers of its own and asks them what they have seen.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::*;
/// use hitchhiker::flags::{Flag, get_flag};
///
/// // One flag after the other.
/// fn download_many(base_url: String, codes: Vec<&'static str>, _n: usize) -> AsyncGenerator<Flag> {
///     async_generator! {
///         let client = reqwest::Client::new();
///         for cc in codes {
///             yield get_flag(&client, &base_url, cc).await?;
///         }
///     }
/// }
/// let report = check::download_many(download_many).to_string();
/// assert!(report.contains("✗ for n = 3, the server sees 3 requests at once; yours had 1"));
/// ```
pub fn download_many<A, B, C, R>(download_many: fn(A, B, C) -> R) -> Report
where
    fn(A, B, C) -> R: DownloadMany,
{
    Report::on(move |cases| {
        let mut seen = None;
        cases.expect("it yields each of 21 flags once, for n = 3", || {
            let of_three = Seen::of(&download_many, 3, QUICK, &POP20_CC)?;
            let yielded = of_three.yielded();
            seen = Some(of_three);
            yielded
        });
        let seen = &seen;
        let look = |look: fn(&Seen) -> Result<(), String>| match seen {
            Some(seen) => look(seen),
            None => Err("yours was not seen".to_owned()),
        };
        cases.expect("the server is asked for each flag once", || {
            look(Seen::asked)
        });
        cases.expect("for n = 3, the server sees 3 requests at once", || {
            look(|seen| seen.at_once(3))
        });
        cases.expect("for n = 1, the server sees 1 request at once", || {
            Seen::of(&download_many, 1, QUICK, &POP20_CC[..5])?.at_once(1)
        });
        cases.expect("a moment after it was dropped, no request is open", || {
            left_behind(&download_many)
        });
    })
}

/// What became of one download.
struct Seen {
    codes: BTreeSet<String>,
    /// How often each flag was yielded.
    flags: BTreeMap<String, usize>,
    /// The error that the download raised.
    raised: Option<String>,
    server: FlagServer,
}

impl Seen {
    fn of(
        download_many: &impl DownloadMany,
        n: usize,
        latency: Duration,
        codes: &[&'static str],
    ) -> Result<Self, String> {
        let (runtime, server) = start(latency).map_err(|error| error.to_string())?;
        let mut seen = Self {
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            flags: BTreeMap::new(),
            raised: None,
            server,
        };
        runtime.block_on(async {
            let mut download = download_many.of(seen.server.base_url(), codes.to_vec(), n);
            // A few more than are wanted, so that an endless body gets an answer as well.
            for _ in 0..2 * codes.len() {
                match anext(&mut download).await {
                    Ok(flag) => *seen.flags.entry(flag.code().to_owned()).or_default() += 1,
                    Err(AsyncRaised::Exception(error)) => {
                        seen.raised = Some(error.to_string());
                        break;
                    }
                    Err(AsyncRaised::StopAsyncIteration) => break,
                }
            }
        });
        Ok(seen)
    }

    fn yielded(&self) -> Result<(), String> {
        let missing: Vec<_> = self
            .codes
            .iter()
            .filter(|code| !self.flags.contains_key(*code))
            .collect();
        let twice = self.flags.iter().find(|(_, times)| **times > 1);
        match (&self.raised, twice, missing.as_slice()) {
            (Some(error), ..) => Err(format!("yours raised {error}")),
            (None, Some((code, times)), _) => Err(format!("yours yields {code} {times} times")),
            (None, None, []) => Ok(()),
            (None, None, [code, ..]) => {
                let (came, code) = (self.flags.len(), code.as_str());
                Err(format!("yours yields {came}; {code} is missing, for one"))
            }
        }
    }

    fn asked(&self) -> Result<(), String> {
        let history = self.server.history();
        let times = |code: &String| history.get(code).map_or(0, Vec::len);
        match self.codes.iter().find(|code| times(code) != 1) {
            None => Ok(()),
            Some(code) => Err(format!("yours asks for {code} {} times", times(code))),
        }
    }

    fn at_once(&self, n: usize) -> Result<(), String> {
        match self.server.counts().most_requests_at_once {
            most if most == n => Ok(()),
            most if most > n => Err(format!("yours had up to {most}")),
            most => Err(format!("yours had {most}")),
        }
    }
}

/// Drops a download while three requests are open.
fn left_behind(download_many: &impl DownloadMany) -> Result<(), String> {
    let (runtime, server) = start(ENDLESS).map_err(|error| error.to_string())?;
    let result = runtime.block_on(async {
        let mut download = download_many.of(server.base_url(), POP20_CC.to_vec(), 3);
        let asking = async {
            while server.requests() < 3 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let asked = {
            let mut next = pin!(anext(&mut download));
            let mut asking = pin!(timeout(MOMENT, asking));
            poll_fn(|context| match next.as_mut().poll(context) {
                Poll::Ready(_) => Poll::Ready(false),
                Poll::Pending => asking.as_mut().poll(context).map(|asked| asked.is_ok()),
            })
            .await
        };
        if !asked {
            return Err(format!(
                "yours had opened {} of 3 requests by then",
                server.requests()
            ));
        }
        drop(download);
        let closing = async {
            while server.open_connections() > 0 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        match timeout(MOMENT, closing).await {
            Ok(()) => Ok(()),
            Err(_) => Err(format!("yours has {} open", server.open_connections())),
        }
    });
    // Dropping the runtime would wait for blocking tasks that the reader's code has let go.
    runtime.shutdown_background();
    result
}

fn start(latency: Duration) -> io::Result<(Runtime, FlagServer)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    Ok((runtime, FlagServer::start(Latency::fixed(latency))?))
}
