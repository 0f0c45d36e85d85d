//! What a site is like: the settings of a server.

use std::io;

use super::faults::Faults;
use super::latency::Latency;

/// What a site is like: how fast, how reliable, how busy.
///
/// A new one answers at once, without a fault, as many requests as come. The same site does the
/// same again: what becomes of the *n*-th request for a flag depends on the seed, the country and
/// *n* alone, not on what else is asked meanwhile. Only a limit of requests at once
/// ([`at_most`](Self::at_most)) depends on who comes when.
///
/// ```
/// use hitchhiker::flags::*;
/// use std::time::Duration;
///
/// let site = Site::new()
///     .latency(Latency::fixed(Duration::from_millis(150)))
///     .bandwidth(50_000)
///     .faults(Faults::every(0.25))
///     .at_most(20)
///     .seed(42);
/// let server = FlagServer::start(site)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use = "a site is served by `FlagServer::start`"]
pub struct Site {
    pub(super) latency: Latency,
    /// Bytes a second.
    pub(super) bandwidth: Option<u32>,
    pub(super) faults: Faults,
    pub(super) at_most: usize,
    /// Seconds.
    pub(super) retry_after: u32,
    pub(super) seed: u64,
    pub(super) port: u16,
}

impl Site {
    /// One that answers at once, without a fault.
    pub const fn new() -> Self {
        Self {
            latency: Latency::NONE,
            bandwidth: None,
            faults: Faults::NONE,
            at_most: usize::MAX,
            retry_after: 1,
            seed: 0,
            port: 0,
        }
    }

    /// How long it waits before it answers.
    pub const fn latency(self, latency: Latency) -> Self {
        Self { latency, ..self }
    }

    /// How fast a flag comes over one connection, in bytes a second, at least 1. Each connection
    /// has as much, and heads of answers come at once.
    pub const fn bandwidth(self, bytes_a_second: u32) -> Self {
        Self {
            bandwidth: Some(bytes_a_second),
            ..self
        }
    }

    /// Which share of the requests for flags fail, and how.
    pub const fn faults(self, faults: Faults) -> Self {
        Self { faults, ..self }
    }

    /// How many requests for flags it answers at once, at least 1. One more is answered 503 without
    /// waiting.
    pub const fn at_most(self, requests: usize) -> Self {
        Self {
            at_most: requests,
            ..self
        }
    }

    /// What `Retry-After` says in answers 503 and 429, in seconds; 1 unless it is set. A 0 is sent as well.
    pub const fn retry_after(self, seconds: u32) -> Self {
        Self {
            retry_after: seconds,
            ..self
        }
    }

    /// What the faults are drawn from; 0 unless it is set.
    pub const fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The port it listens at; 0, as it is unless set, is any that is free.
    pub const fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Sees that there can be such a site.
    pub(super) fn check(&self) -> io::Result<()> {
        let refused = |reason: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        if let Some(reason) = self.latency.refusal() {
            return refused(&reason);
        }
        if self.at_most == 0 {
            return refused("at most 0 requests at once serves no flag: it takes 1 or more");
        }
        if !self.faults.are_shares() {
            return refused(
                "the shares of faults are no shares of the requests: each lies between 0.0 and \
                 1.0, and so does their sum",
            );
        }
        if self.bandwidth == Some(0) {
            return refused("a bandwidth of 0 bytes a second serves no flag: it takes 1 or more");
        }
        Ok(())
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Latency> for Site {
    fn from(latency: Latency) -> Self {
        Self::new().latency(latency)
    }
}

impl From<Faults> for Site {
    fn from(faults: Faults) -> Self {
        Self::new().faults(faults)
    }
}
