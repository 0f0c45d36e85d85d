//! Whether and when a flag is tried again.

use std::time::{Duration, SystemTime};

use fastrand::Rng;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::flags::error::Cause;

/// Whether another try may go better: an overloaded site recovers, and a broken connection may hold the
/// next time. A site's own answer stays the same, and so does a disk that refuses a file.
pub(super) fn may_pass(cause: &Cause) -> bool {
    match cause {
        Cause::Status(status) => {
            // 418 is what Fluent Python's server of flags answers at random.
            status.is_server_error()
                || *status == StatusCode::REQUEST_TIMEOUT
                || *status == StatusCode::IM_A_TEAPOT
                || *status == StatusCode::TOO_MANY_REQUESTS
        }
        // An address that reqwest cannot read stays unreadable at the next try.
        Cause::Unreachable(error) => !error.is_builder(),
        Cause::UnreachableByProxy { .. }
        | Cause::Truncated(_)
        | Cause::ClosedEarly { .. }
        | Cause::TimedOut { .. } => true,
        Cause::NotACode
        | Cause::NotFound
        | Cause::NoTls(_)
        | Cause::Redirected(_)
        | Cause::TooLarge { .. }
        | Cause::NotAGif(_)
        | Cause::NotHttp(_)
        | Cause::NotSaved { .. } => false,
    }
}

/// How long to wait between tries: exponential back-off with full jitter, as in Marc Brooker's
/// "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
#[derive(Debug, Clone)]
pub(super) struct BackOff {
    /// At most how long before the second try.
    pub(super) first: Duration,
    /// At most how long before any other try.
    pub(super) most: Duration,
}

impl BackOff {
    /// The waits before the second try, the third and so on, for the `nth` flag.
    // The waits depend on the number of the flag, so that they are the same in whatever order flags arrive.
    pub(super) fn waits(&self, seed: u64, nth: u64) -> impl Iterator<Item = Duration> + use<> {
        let mut random = Rng::with_seed(seed ^ nth);
        self.longest()
            .map(move |longest| longest.mul_f64(random.f64()))
    }

    /// At most how long each of those waits is: twice the one before, up to `most`.
    fn longest(&self) -> impl Iterator<Item = Duration> + use<> {
        let most = self.most;
        std::iter::successors(Some(self.first.min(most)), move |longest| {
            Some(longest.saturating_mul(2).min(most))
        })
    }
}

/// How long the site asks to be left alone: [RFC 9110, section 10.2.3][1], seconds or a date.
///
/// [1]: https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|digit| digit.is_ascii_digit()) {
        // Where there are more digits than a number can hold, the time is long in any case.
        return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn back_off() -> impl Strategy<Value = BackOff> {
        (any::<Duration>(), any::<Duration>()).prop_map(|(first, most)| BackOff { first, most })
    }

    proptest! {
        #[test]
        fn a_wait_is_random_below_a_bound_that_doubles(
            back_off in back_off(),
            seed: u64,
            nth: u64,
        ) {
            for (tried, wait) in (0..40).zip(back_off.waits(seed, nth)) {
                let doubled = back_off.first.saturating_mul(2_u32.saturating_pow(tried));
                prop_assert!(wait <= doubled.min(back_off.most));
            }
        }

        #[test]
        fn the_same_seed_gives_the_same_waits(back_off in back_off(), seed: u64, nth: u64) {
            let waits = || back_off.waits(seed, nth).take(10).collect::<Vec<_>>();
            prop_assert_eq!(waits(), waits());
        }

        #[test]
        fn two_flags_do_not_wait_alike(seed: u64, nth in 0..1_000_000_u64) {
            let second = Duration::from_secs(1);
            let back_off = BackOff { first: second, most: second };
            let wait = |nth| back_off.waits(seed, nth).next();
            prop_assert_ne!(wait(nth), wait(nth + 1));
        }

        #[test]
        fn retry_after_is_read_in_seconds(seconds: u64) {
            let wait = retry_after(&headers(&seconds.to_string()), SystemTime::now());
            prop_assert_eq!(wait, Some(Duration::from_secs(seconds)));
        }

        #[test]
        fn retry_after_is_read_as_a_date(now in 0..4_000_000_000_u64, seconds in 0..1_000_000_u64) {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
            let wait = Duration::from_secs(seconds);
            let date = httpdate::fmt_http_date(now + wait);
            prop_assert_eq!(retry_after(&headers(&date), now), Some(wait));
        }

        #[test]
        fn whatever_retry_after_says_is_read_or_left(value in "[ -~]*") {
            retry_after(&headers(&value), SystemTime::now());
        }
    }

    fn headers(value: &str) -> HeaderMap {
        [(RETRY_AFTER, value.parse().unwrap())]
            .into_iter()
            .collect()
    }

    #[test]
    fn waits_spread_over_the_whole_range() {
        let second = Duration::from_secs(1);
        let back_off = BackOff {
            first: second,
            most: second,
        };
        let waits: Vec<_> = back_off.waits(42, 0).take(1_000).collect();
        for tenth in 0..10 {
            let tenth =
                Duration::from_millis(100 * tenth)..Duration::from_millis(100 * (tenth + 1));
            let inside = waits.iter().filter(|wait| tenth.contains(wait)).count();
            assert!((60..140).contains(&inside), "{inside} in {tenth:?}");
        }
    }

    #[test]
    fn a_date_that_has_passed_is_no_wait() {
        let past = headers("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(retry_after(&past, SystemTime::now()), Some(Duration::ZERO));
    }

    #[test]
    fn retry_after_of_too_many_digits_is_for_ever() {
        let digits = headers("99999999999999999999999");
        assert_eq!(retry_after(&digits, SystemTime::now()), Some(Duration::MAX));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for status in (100..600).filter_map(|code| StatusCode::from_u16(code).ok()) {
            let passes = matches!(status.as_u16(), 408 | 418 | 429 | 500..600);
            assert_eq!(may_pass(&Cause::Status(status)), passes, "{status}");
        }
        let after = Duration::ZERO;
        assert!(may_pass(&Cause::TimedOut { after }));
        assert!(!may_pass(&Cause::NotFound));
        assert!(!may_pass(&Cause::NotACode));
        assert!(!may_pass(&Cause::TooLarge { limit: 0 }));
    }
}
