//! What goes wrong on purpose, and how it is drawn.

use std::fmt::{self, Display};

use fastrand::Rng;

use crate::flags::code::Code;

/// One way in which a request for a flag fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The answer is 418, and another try is as good as the first.
    Teapot,
    /// The answer is 503 with `Retry-After`.
    Unavailable,
    /// The answer is 429 with `Retry-After`.
    TooManyRequests,
    /// The answer breaks off in the middle of the flag: the connection is closed.
    CutOff,
    /// The answer stops in the middle of the flag, and the connection stays open until the client
    /// leaves or the server is dropped.
    Stalled,
    /// The connection is closed at once, without an answer.
    Closed,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Teapot,
        Self::Unavailable,
        Self::TooManyRequests,
        Self::CutOff,
        Self::Stalled,
        Self::Closed,
    ];

    /// The name in a word: the status where there is one, such as `"503"`, else what
    /// becomes of the answer: `"cut-off"`, `"stalled"`, `"closed"`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Teapot => "418",
            Self::Unavailable => "503",
            Self::TooManyRequests => "429",
            Self::CutOff => "cut-off",
            Self::Stalled => "stalled",
            Self::Closed => "closed",
        }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Which share of the requests for flags fail, and how.
///
/// A share is of all requests for flags: 0.0 is none, 1.0 is every one.
///
/// ```
/// use hitchhiker::flags::{Fault, FlagServer, Faults};
///
/// let server = FlagServer::start(Faults::every(0.25))?; // every fourth fails, each time otherwise
/// let server = FlagServer::start(Faults::only(Fault::Stalled, 0.1))?;
/// let server = FlagServer::start(
///     Faults::only(Fault::Unavailable, 0.2).and(Fault::CutOff, 0.05),
/// )?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Faults {
    /// In the order of [`Fault::ALL`].
    shares: [f64; Fault::ALL.len()],
}

impl Faults {
    /// Nothing goes wrong.
    pub const NONE: Self = Self {
        shares: [0.0; Fault::ALL.len()],
    };

    /// This share of the requests fails, of every kind evenly.
    pub const fn every(share: f64) -> Self {
        Self {
            shares: [share / Fault::ALL.len() as f64; Fault::ALL.len()],
        }
    }

    /// This share of the requests fails, all in one way.
    pub const fn only(fault: Fault, share: f64) -> Self {
        Self::NONE.and(fault, share)
    }

    /// The same faults, with this share of `fault`.
    pub const fn and(mut self, fault: Fault, share: f64) -> Self {
        self.shares[fault as usize] = share;
        self
    }

    /// Whether each of the shares lies between 0.0 and 1.0, and so does their sum.
    pub(super) fn are_shares(&self) -> bool {
        const ROUNDING: f64 = 1e-9; // six times 1/6 can come to a little more than 1
        let is_share = |share: f64| (0.0..=1.0 + ROUNDING).contains(&share);
        self.shares.into_iter().all(is_share) && is_share(self.shares.iter().sum())
    }

    /// What becomes of a request for the flag of `code`, before which `earlier` ones have come.
    ///
    /// The draw depends on nothing else, so that a site does the same again whatever is asked meanwhile.
    pub(super) fn draw(&self, seed: u64, code: Code, earlier: u64) -> Option<Fault> {
        // Each part is mixed in by a draw of its own. If they were added, the seeds 1 and 2 would share
        // draws.
        let mixed = [seed, code.number(), earlier]
            .into_iter()
            .fold(0, |mixed, part| Rng::with_seed(mixed ^ part).u64(..));
        let mut left = Rng::with_seed(mixed).f64();
        let mut shares = Fault::ALL.into_iter().zip(self.shares);
        let drawn = shares.find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        drawn.map(|(fault, _)| fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(code: &str) -> Code {
        Code::parse(code).unwrap()
    }

    #[test]
    fn a_fault_stands_at_its_number_in_the_list_of_all() {
        for (number, fault) in Fault::ALL.into_iter().enumerate() {
            assert_eq!(fault as usize, number);
        }
    }

    #[test]
    fn each_fault_is_drawn_as_often_as_its_share_says() {
        const DRAWS: u64 = 60_000;
        let faults = Faults::every(0.3).and(Fault::Stalled, 0.2);
        for seed in 0..3 {
            let mut drawn = [0_u32; Fault::ALL.len()];
            for earlier in 0..DRAWS {
                if let Some(fault) = faults.draw(seed, code("kr"), earlier) {
                    drawn[fault as usize] += 1;
                }
            }
            for (count, share) in drawn.into_iter().zip(faults.shares) {
                let drawn = f64::from(count) / DRAWS as f64;
                assert!((drawn - share).abs() < 0.005, "{drawn} instead of {share}");
            }
        }
    }

    #[test]
    fn neighbouring_seeds_codes_and_requests_have_draws_of_their_own() {
        let faults = Faults::every(0.5);
        let draws =
            |seed, code: Code| -> Vec<_> { (0..64).map(|n| faults.draw(seed, code, n)).collect() };
        let all = [
            (1, code("kr")),
            (2, code("kr")),
            (1, code("ks")),
            (1, code("ls")),
        ];
        for (number, (seed, code)) in all.into_iter().enumerate() {
            for (other_seed, other_code) in &all[..number] {
                let (one, other) = (draws(seed, code), draws(*other_seed, *other_code));
                assert_ne!(one, other);
                assert_ne!(one[1..], other[..63], "one step apart");
                assert_ne!(one[..63], other[1..], "one step apart");
            }
        }
    }

    #[test]
    fn all_or_nothing_leaves_nothing_to_chance() {
        for earlier in 0..10_000 {
            assert_eq!(Faults::NONE.draw(7, code("fr"), earlier), None);
            assert!(Faults::every(1.0).draw(7, code("fr"), earlier).is_some());
            for fault in Fault::ALL {
                let only = Faults::only(fault, 1.0);
                assert_eq!(only.draw(7, code("fr"), earlier), Some(fault));
            }
        }
    }
}
