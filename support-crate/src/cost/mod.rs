//! What a piece of work costs: time, the processor's time, memory.
//!
//! [`Cost::of`] runs something and measures it, and a [`Comparison`] draws several costs beside each
//! other.
//!
//! ```
//! use hitchhiker::cost::{Comparison, Cost};
//! use std::{hint, thread, time::Duration};
//!
//! let pause = Duration::from_millis(5);
//! let (_, asleep) = Cost::of(|| thread::sleep(pause));
//! let (_, busy) = Cost::of(|| (0..10_000_u64).map(hint::black_box).sum::<u64>());
//! assert!(asleep.took >= pause);
//! Comparison::new("two ways to wait")
//!     .row("asleep", asleep)
//!     .row("busy", busy)
//!     .evcxr_display();
//! ```

mod comparison;
#[cfg(feature = "flags")]
mod on_tokio;
#[cfg(feature = "flags")]
mod waiting;

use std::fmt::{self, Display};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

pub use comparison::Comparison;
#[cfg(feature = "flags")]
pub use on_tokio::{on_tokio, tokio_get, tokio_sleeper};
#[cfg(feature = "flags")]
pub use waiting::{Waiting, waiting_tasks, waiting_threads};

use crate::written::thousands;

/// What a piece of work cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// How long the work took, from its beginning to its end.
    pub took: Duration,
    /// How long the processor worked for it, on the thread that ran it: what other threads do, the
    /// system's included, is not in it. `None` where the system does not tell (Windows).
    pub processor: Option<Duration>,
    /// How many bytes more were in use at some moment of the work than before, as [`memory_in_use`]
    /// counts them; `None` where nobody has looked.
    pub memory: Option<usize>,
}

impl Cost {
    /// Runs `work` on this thread, and gives what it returns and what it cost. Memory is for `work` to
    /// look at, since only `work` knows when all that it needs is there.
    ///
    /// ```
    /// use hitchhiker::cost::Cost;
    ///
    /// let (answer, cost) = Cost::of(|| 6 * 7);
    /// assert_eq!((answer, cost.memory), (42, None));
    /// println!("{cost}");
    /// ```
    pub fn of<T>(work: impl FnOnce() -> T) -> (T, Self) {
        let (start, before) = (Instant::now(), processor_time());
        let result = work();
        let (took, after) = (start.elapsed(), processor_time());
        let cost = Self {
            took,
            processor: after
                .zip(before)
                .map(|(after, before)| after.saturating_sub(before)),
            memory: None,
        };
        (result, cost)
    }

    /// Like [`of`](Self::of), and a second thread looks at the memory: `after` says how long the work
    /// runs before it looks. So the work should be something that waits at this moment, such as an
    /// event loop whose tasks have all begun to wait.
    ///
    /// `memory` is `None` if the work ended before, if the system does not tell, or if the second thread
    /// could not be started.
    ///
    /// ```
    /// use hitchhiker::cost::{Cost, memory_in_use};
    /// use std::{hint, thread, time::Duration};
    ///
    /// let (looks, ends) = (Duration::from_millis(50), Duration::from_millis(500));
    /// let ((), cost) = Cost::of_waiting(looks, || {
    ///     let list = hint::black_box(vec![0_u8; 1_000_000]);
    ///     thread::sleep(ends);
    ///     drop(list);
    /// });
    /// assert!(cost.memory.is_none_or(|bytes| bytes >= 1_000_000));
    /// ```
    pub fn of_waiting<T>(after: Duration, work: impl FnOnce() -> T) -> (T, Self) {
        thread::scope(|scope| {
            let (begun, has_begun) = mpsc::channel();
            let (ends, has_ended) = mpsc::channel::<()>();
            let scales = thread::Builder::new().name("scales".into());
            let scales = scales.spawn_scoped(scope, move || {
                // What the thread itself needs is allocated by now, so it does not count.
                let before = memory_in_use();
                let _ = begun.send(()); // the receiver waits for this
                match has_ended.recv_timeout(after) {
                    Err(RecvTimeoutError::Timeout) => (before, memory_in_use()),
                    _ => (before, None),
                }
            });
            // An error means that no thread was started, and that the cost has no memory.
            let _ = has_begun.recv();
            let (result, cost) = Self::of(work);
            drop(ends);
            let weighed = scales.ok().and_then(|scales| scales.join().ok());
            let (before, during) = weighed.unwrap_or_default();
            (result, cost.with_memory(before, during))
        })
    }

    /// The same cost, with what was in use at some moment and what was in use before the work began.
    ///
    /// ```
    /// use hitchhiker::cost::{Cost, memory_in_use};
    ///
    /// let before = memory_in_use();
    /// let (during, cost) = Cost::of(|| {
    ///     let list = std::hint::black_box(vec![0_u8; 1_000_000]);
    ///     (memory_in_use(), list.len()).0
    /// });
    /// let cost = cost.with_memory(before, during);
    /// assert!(cost.memory.is_none_or(|bytes| bytes >= 1_000_000));
    /// ```
    pub fn with_memory(self, before: Option<usize>, during: Option<usize>) -> Self {
        let memory = during.zip(before);
        Self {
            memory: memory.map(|(during, before)| during.saturating_sub(before)),
            ..self
        }
    }
}

/// One line: `took 1.99 s; the processor worked for 0.03 s`.
impl Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "took {:.2} s", self.took.as_secs_f64())?;
        if let Some(processor) = self.processor {
            write!(
                f,
                "; the processor worked for {:.2} s",
                processor.as_secs_f64()
            )?;
        }
        match self.memory {
            Some(bytes) => write!(f, "; {} KB in use", thousands(bytes / 1_000)),
            None => Ok(()),
        }
    }
}

/// How long the processor has worked for this thread, if the system tells.
#[cfg(unix)]
fn processor_time() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};

    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).ok()
}

/// How long the processor has worked for this thread, if the system tells.
#[cfg(not(unix))]
fn processor_time() -> Option<Duration> {
    None
}

/// How many bytes all threads of this program have allocated and not freed, if the system tells: glibc
/// does.
///
/// ```
/// use hitchhiker::cost::memory_in_use;
///
/// if let Some(bytes) = memory_in_use() {
///     println!("{bytes} bytes are in use");
/// }
/// ```
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn memory_in_use() -> Option<usize> {
    // SAFETY: `mallinfo2` takes nothing, and only reads the counters of glibc's allocator, under its locks.
    let counters = unsafe { libc::mallinfo2() };
    Some(counters.uordblks + counters.hblkhd)
}

/// How many bytes all threads of this program have allocated and not freed, if the system tells: this
/// one does not.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn memory_in_use() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleeping_thread_takes_time_and_hardly_any_of_the_processors() {
        let pause = Duration::from_millis(50);
        let ((), cost) = Cost::of(|| std::thread::sleep(pause));
        assert!(cost.took >= pause);
        assert!(cost.processor.is_none_or(|time| time < pause));
    }

    #[test]
    fn the_memory_of_work_that_waits_is_what_it_holds_then() {
        const BYTES: usize = 10_000_000;
        let ((), cost) = Cost::of_waiting(Duration::from_millis(20), || {
            let list = std::hint::black_box(vec![0_u8; BYTES]);
            thread::sleep(Duration::from_secs(1));
            drop(list);
        });
        assert!(cost.took >= Duration::from_secs(1));
        assert_eq!(cost.memory.is_some(), memory_in_use().is_some());
        assert!(cost.memory.is_none_or(|bytes| bytes >= BYTES), "{cost:?}");
    }

    #[test]
    fn work_that_ends_before_anybody_looks_has_no_memory_and_is_not_waited_for() {
        let hour = Duration::from_secs(3_600);
        let (answer, cost) = Cost::of_waiting(hour, || 6 * 7);
        assert_eq!((answer, cost.memory), (42, None));
    }

    #[test]
    fn a_panic_of_the_work_comes_out() {
        let hour = Duration::from_secs(3_600);
        let result = std::panic::catch_unwind(|| Cost::of_waiting(hour, || panic!("on purpose")));
        assert!(result.is_err());
    }

    #[test]
    fn a_cost_is_one_line_of_what_is_known() {
        let cost = Cost {
            took: Duration::from_millis(1_990),
            processor: None,
            memory: None,
        };
        assert_eq!(cost.to_string(), "took 1.99 s");
        let whole = Cost {
            processor: Some(Duration::from_millis(30)),
            ..cost.with_memory(Some(1_000), Some(13_000))
        };
        let line = "took 1.99 s; the processor worked for 0.03 s; 12 KB in use";
        assert_eq!(whole.to_string(), line);
    }
}
