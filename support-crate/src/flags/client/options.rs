//! The options of a download of many flags.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Client, Url, redirect};

use super::get::TIME_LIMIT;
use super::proxy;
use super::retry::BackOff;

/// How many flags may be downloaded at once: 1,000. A process has about as many open files.
pub const AT_ONCE_LIMIT: usize = 1_000;

/// What a client of this crate calls itself.
const USER_AGENT: &str = concat!("hitchhiker/", env!("CARGO_PKG_VERSION"));

/// How many redirections are followed.
const REDIRECTIONS: usize = 3;

/// Stands for "no limit": longer than anybody waits, and short enough to be added to any time.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// How [`download_many`](crate::flags::download_many) goes about it.
///
/// ```
/// use hitchhiker::flags::Options;
/// use std::time::Duration;
///
/// let options = Options::default()
///     .at_once(3)
///     .retries(5)
///     .total_limit(Duration::from_secs(60))
///     .folder("downloads/");
/// ```
#[derive(Debug, Clone)]
#[must_use = "options do nothing until a download is given them"]
pub struct Options {
    pub(super) at_once: usize,
    pub(super) try_limit: Duration,
    pub(super) flag_limit: Duration,
    pub(super) total_limit: Duration,
    pub(super) retries: usize,
    pub(super) back_off: BackOff,
    pub(super) seed: Option<u64>,
    pub(super) folder: Option<PathBuf>,
    pub(super) flush: bool,
    pub(super) check: bool,
    client: Option<Client>,
}

impl Default for Options {
    /// Twenty at once, 10 s for a try, 60 s for a flag, 3 retries, every flag checked, none saved.
    fn default() -> Self {
        Self {
            at_once: 20,
            try_limit: TIME_LIMIT,
            flag_limit: Duration::from_secs(60),
            total_limit: FOR_EVER,
            retries: 3,
            back_off: BackOff {
                first: Duration::from_millis(200),
                most: Duration::from_secs(5),
            },
            seed: None,
            folder: None,
            flush: false,
            check: true,
            client: None,
        }
    }
}

impl Options {
    /// At most how many flags are on their way at the same time, from 1 to [`AT_ONCE_LIMIT`]; a
    /// number outside counts as the nearest inside. 20 if not set.
    pub fn at_once(self, flags: usize) -> Self {
        Self {
            at_once: flags.clamp(1, AT_ONCE_LIMIT),
            ..self
        }
    }

    /// How long one try may take, from the request to the last byte; after it, the flag is tried
    /// again. [`TIME_LIMIT`] if not set.
    pub fn try_limit(self, limit: Duration) -> Self {
        Self {
            try_limit: limit.min(FOR_EVER),
            ..self
        }
    }

    /// How long one flag may take, with all its tries and the waits between them. 60 s if not set.
    ///
    /// A wait that would last longer is not begun: the flag ends with the cause of its last try.
    pub fn flag_limit(self, limit: Duration) -> Self {
        Self {
            flag_limit: limit.min(FOR_EVER),
            ..self
        }
    }

    /// How long all flags together may take, from when the first is asked for. No limit if not set.
    ///
    /// What is on its way then is given up, and what has not begun does not begin:
    /// [`Cause::TimedOut`](crate::flags::Cause::TimedOut).
    pub fn total_limit(self, limit: Duration) -> Self {
        Self {
            total_limit: limit.min(FOR_EVER),
            ..self
        }
    }

    /// How often a flag is tried again, after its first try. 3 if not set.
    ///
    /// Tried again is what another try may mend: the status 408, 418, 429 or 5xx, a site that
    /// cannot be reached, an answer that broke off, a try that took too long. Not tried again are
    /// 404 and other statuses, redirections without end, a body that is too large or no GIF (it
    /// arrived as the site has it), what is no code, and what cannot be saved.
    ///
    /// A site may close a connection unannounced, just when the next request goes out over it. That says
    /// nothing about the flag, so it is asked for once more, at once and on a new connection, as
    /// [RFC 9110, section 9.2.2][1] allows. This counts as no retry, but it is one of the flag's
    /// [`tries`](crate::flags::Outcome::tries).
    ///
    /// [1]: https://www.rfc-editor.org/rfc/rfc9110.html#section-9.2.2
    ///
    /// Before a retry comes the wait that the site asked for by `Retry-After`, if it did, and one by
    /// [`back_off`](Self::back_off).
    pub fn retries(self, retries: usize) -> Self {
        Self { retries, ..self }
    }

    /// How long to wait before another try: at random between nothing and a bound that begins with
    /// `first` and doubles with each try up to `most`. 200 ms and 5 s if not set.
    pub fn back_off(self, first: Duration, most: Duration) -> Self {
        Self {
            back_off: BackOff { first, most },
            ..self
        }
    }

    /// Makes the waits the same with the same `seed`, for a flag's place among the codes. At random
    /// if not set, so that a class that began together does not come back together.
    pub fn seed(self, seed: u64) -> Self {
        Self {
            seed: Some(seed),
            ..self
        }
    }

    /// Where flags are saved, as [`save_flag`](crate::flags::save_flag) does; kept in memory only if not
    /// set. A flag whose file is there and whole is not downloaded again.
    ///
    /// A process that was killed leaves whole files, and beside them perhaps a hidden
    /// `.kr.gif.….part` for each file it was writing. The next download into the folder removes
    /// those that are older than a minute.
    pub fn folder(self, folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
            ..self
        }
    }

    /// Whether each file is on the disk before its outcome arrives, so that not even a power
    /// failure takes it back. It costs milliseconds a flag; no if not set.
    pub fn flush(self, flush: bool) -> Self {
        Self { flush, ..self }
    }

    /// Whether what arrives must be a whole GIF within the limits of size. Yes if not set; no saves
    /// the time to decode it. What is in the folder already is always checked.
    pub fn check(self, check: bool) -> Self {
        Self { check, ..self }
    }

    /// The client that asks. Its own limits and proxies hold, beside those here.
    ///
    /// If not set, one is made for the download: it calls itself `hitchhiker/` and its version, follows
    /// three redirections, takes the proxy of the environment, as for `HTTP_PROXY`, but none to a site on
    /// this machine, and its connections close when the download ends.
    pub fn client(self, client: Client) -> Self {
        Self {
            client: Some(client),
            ..self
        }
    }

    /// The client for a site, which keeps so many idle connections.
    pub(super) fn client_for(&self, base_url: &str, idle: usize) -> reqwest::Result<Client> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let builder = Client::builder()
            .user_agent(USER_AGENT)
            .pool_max_idle_per_host(idle)
            .redirect(redirect::Policy::limited(REDIRECTIONS));
        if is_of_this_machine(base_url) {
            builder.no_proxy().build()
        } else {
            builder.build()
        }
    }

    /// The proxy that a request to `url` may go through.
    pub(super) fn proxy_for(&self, url: &Url) -> Option<String> {
        let goes_straight = self.client.is_none() && is_of_this_machine(url.as_str());
        (!goes_straight).then(|| proxy::of_the_environment(url))?
    }
}

fn is_of_this_machine(base_url: &str) -> bool {
    let Ok(url) = base_url.parse::<Url>() else {
        return false; // the request will say so
    };
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_of_this_machine_is_told_by_its_host() {
        for base_url in [
            "http://127.0.0.1:8000/flags",
            "http://127.1.2.3",
            "http://localhost/",
            "http://LOCALHOST:1",
            "http://[::1]:8000",
        ] {
            assert!(is_of_this_machine(base_url), "{base_url}");
        }
        for base_url in [
            "http://example.org/127.0.0.1",
            "http://localhost.example.org",
            "http://10.0.0.1",
            "http://[::2]",
            "nowhere",
            "",
        ] {
            assert!(!is_of_this_machine(base_url), "{base_url}");
        }
    }

    #[test]
    fn no_time_and_no_number_is_too_large() {
        let options = Options::default()
            .try_limit(Duration::MAX)
            .flag_limit(Duration::MAX)
            .total_limit(Duration::MAX)
            .at_once(usize::MAX);
        let now = tokio::time::Instant::now();
        for limit in [options.try_limit, options.flag_limit, options.total_limit] {
            assert!(now.checked_add(limit).is_some());
        }
        assert_eq!(options.at_once, AT_ONCE_LIMIT);
        assert_eq!(options.at_once(0).at_once, 1);
    }
}
