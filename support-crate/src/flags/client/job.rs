//! One flag of many: a job looks for it in the folder, asks for it until it comes, checks and saves it.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::{Client, Response, Url};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout_at};

use super::get::body;
use super::options::Options;
use super::retry::{may_pass, retry_after};
use super::save::{is_there, read_whole, write_whole};
use crate::flags::code::Code;
use crate::flags::error::Cause;
use crate::flags::flag::Flag;
use crate::flags::gif::check;
use crate::flags::outcome::{End, Outcome, Try};

/// What all flags of one download have in common.
pub(super) struct Job {
    base_url: String,
    options: Options,
    client: Option<Client>,
    /// Keeps no connections, so that each request has a new one.
    unpooled: Option<Client>,
    /// Whether an answer has come. From then on a request may go out over a connection that is older.
    has_been_answered: AtomicBool,
    seed: u64,
    began: Instant,
}

/// Over which connection a flag is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Connection {
    /// One that is open already, or a new one.
    Any,
    New,
}

/// A time by which something must be done.
#[derive(Clone, Copy)]
struct Limit {
    at: Instant,
    after: Duration,
}

impl Limit {
    fn new(began: Instant, after: Duration) -> Self {
        Self {
            at: began + after,
            after,
        }
    }

    fn or(self, other: Self) -> Self {
        if other.at < self.at { other } else { self }
    }

    fn is_over_in(self, wait: Duration) -> bool {
        self.at.saturating_duration_since(Instant::now()) <= wait
    }

    fn timed_out(self) -> Cause {
        Cause::TimedOut { after: self.after }
    }
}

impl Job {
    pub(super) fn new(base_url: String, options: Options) -> Self {
        Self {
            client: options.client_for(&base_url, options.at_once).ok(),
            unpooled: options.client_for(&base_url, 0).ok(),
            has_been_answered: AtomicBool::new(false),
            seed: options.seed.unwrap_or_else(|| fastrand::u64(..)),
            began: Instant::now(),
            base_url,
            options,
        }
    }

    /// What becomes of the `nth` flag, that of the country `code`.
    pub(super) async fn outcome(&self, nth: u64, code: String) -> Outcome {
        let mut tries = vec![];
        let end = match self.flag(nth, &code, &mut tries).await {
            Ok(flag) => End::Downloaded(flag),
            Err(Cause::NotFound) => End::NotFound,
            Err(cause) => End::Failed(cause),
        };
        Outcome { code, end, tries }
    }

    async fn flag(&self, nth: u64, code: &str, tries: &mut Vec<Try>) -> Result<Flag, Cause> {
        let code = Code::parse(code)?;
        let total = Limit::new(self.began, self.options.total_limit);
        if total.is_over_in(Duration::ZERO) {
            return Err(total.timed_out());
        }
        if let Some(flag) = self.saved(code).await {
            return Ok(flag);
        }
        let limit = total.or(Limit::new(Instant::now(), self.options.flag_limit));
        let waits = self.options.back_off.waits(self.seed, nth);
        let mut waits = waits.take(self.options.retries);
        let mut connection = Connection::Any;
        let gif = loop {
            let mut asked_to_wait = None;
            let tried = self.one_try(connection, code, limit, tries, &mut asked_to_wait);
            let cause = match tried.await {
                Ok(gif) => break gif,
                Err(cause) => cause,
            };
            let may_be_old = self.has_been_answered.load(Ordering::Relaxed);
            if may_be_old && cause.is_closed_connection() && connection == Connection::Any {
                connection = Connection::New;
                continue;
            }
            let Some(wait) = waits.next().filter(|_| may_pass(&cause)) else {
                return Err(cause);
            };
            // Both waits are added. If only the longer one counted, all clients that the site has sent away
            // would come back in the same instant.
            let wait = wait.saturating_add(asked_to_wait.unwrap_or_default());
            if limit.is_over_in(wait) {
                return Err(cause);
            }
            sleep(wait).await;
        };
        self.kept(Flag::new(code, gif)).await
    }

    /// The flag, if its file is there and whole.
    async fn saved(&self, code: Code) -> Option<Flag> {
        let folder = self.options.folder.clone()?;
        if !is_there(code, &folder) {
            return None; // this looks on its own thread: handing it to another takes longer
        }
        let read = spawn_blocking(move || read_whole(code, &folder));
        read.await.ok()? // a flag whose file cannot be read is downloaded again
    }

    async fn one_try(
        &self,
        connection: Connection,
        code: Code,
        limit: Limit,
        tries: &mut Vec<Try>,
        asked_to_wait: &mut Option<Duration>,
    ) -> Result<Vec<u8>, Cause> {
        let started = Instant::now();
        let limit = limit.or(Limit::new(started, self.options.try_limit));
        let mut answered = None;
        let asking = async {
            let client = self.client(connection).map_err(Cause::Unreachable)?;
            let proxy_for = |url: &Url| self.options.proxy_for(url);
            let on_head = |response: &Response| {
                self.has_been_answered.store(true, Ordering::Relaxed);
                answered = Some(self.began.elapsed());
                *asked_to_wait = retry_after(response.headers(), SystemTime::now());
            };
            body(&client, &self.base_url, code, proxy_for, on_head).await
        };
        let result = timeout_at(limit.at, asking).await;
        tries.push(Try {
            started: started - self.began,
            answered,
            ended: self.began.elapsed(),
        });
        result.unwrap_or_else(|_| Err(limit.timed_out()))
    }

    fn client(&self, connection: Connection) -> reqwest::Result<Client> {
        let client = match connection {
            Connection::Any => &self.client,
            Connection::New => &self.unpooled,
        };
        match client {
            Some(client) => Ok(client.clone()),
            None => self.options.client_for(&self.base_url, 0), // fails again: its error cannot be cloned
        }
    }

    /// The flag, checked and saved as far as the options ask for it.
    async fn kept(&self, flag: Flag) -> Result<Flag, Cause> {
        let is_checked = self.options.check;
        let check = move |flag: &Flag| match is_checked {
            true => check(flag.gif()).map_err(Cause::NotAGif),
            false => Ok(()),
        };
        let Some(folder) = self.options.folder.clone() else {
            return check(&flag).map(|()| flag); // decoding 2 kB takes microseconds
        };
        let flush = self.options.flush;
        let write = spawn_blocking({
            let folder = folder.clone();
            move || {
                check(&flag)?;
                match write_whole(&flag, &folder, flush) {
                    Ok(()) => Ok(flag),
                    Err(source) => Err(Cause::not_saved(&folder, source)),
                }
            }
        });
        let written = write.await;
        written.unwrap_or_else(|panic| Err(Cause::not_saved(&folder, io::Error::other(panic))))
    }
}
