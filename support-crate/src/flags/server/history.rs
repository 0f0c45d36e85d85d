//! What a server has counted, and what it has served for each flag.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::faults::Fault;
use crate::flags::code::Code;

/// What was served for one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Served {
    /// The flag, whole.
    Flag,
    /// Something that went wrong on purpose.
    Fault(Fault),
    /// 404: no country has this code.
    NotFound,
    /// 503, since as many requests as the site allows were being answered.
    TooMany,
}

impl Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.pad("flag"),
            Self::Fault(fault) => fault.fmt(f),
            Self::NotFound => f.pad("not found"),
            Self::TooMany => f.pad("too many"),
        }
    }
}

/// What a server has counted since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// The requests that have come in, for whatever.
    pub requests: u64,
    /// The connections that are open now.
    pub open_connections: usize,
    /// How many connections were open at the same time, at most.
    pub most_open_connections: usize,
    /// How many requests for flags were being answered at the same time, at most.
    pub most_requests_at_once: usize,
    /// The bytes of flags that were sent, without heads.
    pub bytes: u64,
}

impl Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} requests, {} at once at most; {} bytes of flags; {} connections open, {} at most",
            self.requests,
            self.most_requests_at_once,
            self.bytes,
            self.open_connections,
            self.most_open_connections,
        )
    }
}

/// Where the server writes down what it does.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    // The server has one thread, so only a caller who reads the counts can make it wait for the lock.
    state: Mutex<State>,
    closed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    counts: Counts,
    requests_at_once: usize,
    history: BTreeMap<Code, Vec<Served>>,
}

// The history grows with every request, so an entry has to stay small.
const _: () = assert!(size_of::<Served>() == 1);

impl Ledger {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn counts(&self) -> Counts {
        self.state().counts
    }

    pub(super) fn history(&self) -> BTreeMap<String, Vec<Served>> {
        let state = self.state();
        let entries = state.history.iter();
        entries
            .map(|(code, served)| (code.as_str().to_owned(), served.clone()))
            .collect()
    }

    /// Waits at most `limit` until no connection is open; gives how many are.
    pub(super) fn wait_until_idle(&self, limit: Duration) -> usize {
        let waited = self
            .closed
            .wait_timeout_while(self.state(), limit, |state| {
                state.counts.open_connections > 0
            });
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.counts.open_connections
    }

    /// Writes down a request that is for no flag.
    pub(super) fn request(&self) {
        self.state().counts.requests += 1;
    }

    /// Writes down a request for a flag: what is served by `plan`, which is told how many came
    /// before it, unless `at_most` are being answered already.
    pub(super) fn request_for(
        self: &Arc<Self>,
        code: Code,
        at_most: usize,
        plan: impl FnOnce(u64) -> Served,
    ) -> (Served, Option<Counted>) {
        let mut state = self.state();
        let state = &mut *state;
        state.counts.requests += 1;
        let earlier = state.history.entry(code).or_default();
        if state.requests_at_once >= at_most {
            earlier.push(Served::TooMany);
            return (Served::TooMany, None);
        }
        let served = plan(earlier.len() as u64);
        earlier.push(served);
        state.requests_at_once += 1;
        let most = &mut state.counts.most_requests_at_once;
        *most = state.requests_at_once.max(*most);
        (served, Some(Counted(self.clone())))
    }
}

/// A request for a flag that is being answered, counted as long as it lives.
pub(super) struct Counted(Arc<Ledger>);

impl Counted {
    pub(super) fn sent(&self, bytes: usize) {
        self.0.state().counts.bytes += bytes as u64;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.state().requests_at_once -= 1;
    }
}

/// An open connection, counted as long as it lives.
pub(super) struct Open(Arc<Ledger>);

impl Open {
    pub(super) fn new(ledger: Arc<Ledger>) -> Self {
        {
            let counts = &mut ledger.state().counts;
            counts.open_connections += 1;
            let most = &mut counts.most_open_connections;
            *most = counts.open_connections.max(*most);
        }
        Self(ledger)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.state().counts.open_connections -= 1;
        self.0.closed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(code: &str) -> Code {
        Code::parse(code).unwrap()
    }

    #[test]
    fn a_request_beyond_the_limit_takes_its_turn_in_the_plan() {
        let ledger = Arc::new(Ledger::default());
        let (_, first) = ledger.request_for(code("fr"), 1, |_| Served::Flag);
        let (served, _) = ledger.request_for(code("cn"), 1, |_| Served::Flag);
        assert_eq!(served, Served::TooMany);
        drop(first);
        let mut turns = vec![];
        for _ in 0..2 {
            ledger.request_for(code("cn"), 1, |earlier| {
                turns.push(earlier);
                Served::Flag
            });
        }
        assert_eq!(turns, [1, 2]);
    }
}
