//! How long an answer is waited for.

use std::ops::RangeInclusive;
use std::time::Duration;

/// How long the server waits before it answers.
///
/// A client that closes its half of the connection is answered at once: whether anybody is left shows only
/// when something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    least: Duration,
    most: Duration,
    seed: u64,
}

impl Latency {
    /// As fast as it can.
    pub const NONE: Self = Self::fixed(Duration::ZERO);

    /// The same for every flag.
    ///
    /// ```
    /// use hitchhiker::flags::Latency;
    /// use std::time::Duration;
    ///
    /// let latency = Latency::fixed(Duration::from_millis(150));
    /// assert_eq!(latency.of("KR"), Duration::from_millis(150));
    /// ```
    pub const fn fixed(latency: Duration) -> Self {
        Self {
            least: latency,
            most: latency,
            seed: 0,
        }
    }

    /// Another for every flag, spread evenly over `range`; the same again with the same `seed`.
    ///
    /// [`FlagServer::start`](super::FlagServer::start) refuses a range that ends before it begins.
    ///
    /// ```
    /// use hitchhiker::flags::Latency;
    /// use std::time::Duration;
    ///
    /// let range = Duration::from_millis(100)..=Duration::from_millis(900);
    /// let latency = Latency::spread(range.clone(), 42);
    /// assert!(range.contains(&latency.of("KR")));
    /// assert_ne!(latency.of("KR"), latency.of("JP"));
    /// assert_eq!(latency.of("KR"), Latency::spread(range, 42).of("kr"));
    /// ```
    pub fn spread(range: RangeInclusive<Duration>, seed: u64) -> Self {
        Self {
            least: *range.start(),
            most: *range.end(),
            seed,
        }
    }

    /// Why a server cannot have this latency, if it cannot.
    pub(super) fn refusal(&self) -> Option<String> {
        let (least, most) = (self.least.as_millis(), self.most.as_millis());
        (self.least > self.most).then(|| {
            format!("no latency lies between {least} and {most} ms: name the shorter time first")
        })
    }

    /// How long the flag of the country `code` takes.
    pub fn of(&self, code: &str) -> Duration {
        let letters = code
            .to_ascii_lowercase()
            .bytes()
            .fold(0, |all, letter| all << 8 | u64::from(letter));
        let share = fastrand::Rng::with_seed(self.seed ^ letters).f64();
        self.least + self.most.saturating_sub(self.least).mul_f64(share)
    }
}
