//! When futures ran, for a timeline: also of those that were dropped before their end.

use std::fmt::{self, Debug};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Writes down when futures began and how they ended, for [`Timeline::timed`](super::Timeline::timed).
/// Its clones are the same stopwatch.
///
/// A download that somebody drops has no [`Outcome`](crate::flags::Outcome) to draw. A stopwatch sees
/// it all the same: it notes that the future was dropped, and when. The clock starts when the
/// stopwatch is made.
///
/// ```
/// use hitchhiker::flags::*;
/// use std::time::Duration;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::fixed(Duration::from_secs(60))).unwrap();
/// let (client, url) = (reqwest::Client::new(), server.base_url());
/// let stopwatch = Stopwatch::new();
/// let flag = stopwatch.time("KR", get_flag(&client, &url, "KR"));
/// assert!(tokio::time::timeout(Duration::from_millis(5), flag).await.is_err());
/// let timeline = Timeline::default().timed("a timeout", &stopwatch);
/// assert!(timeline.svg().contains("1 dropped"));
/// # });
/// ```
#[derive(Clone)]
pub struct Stopwatch {
    began: Instant,
    times: Arc<Mutex<Vec<Timed>>>,
}

/// How one future went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timed {
    pub(super) name: String,
    pub(super) started: Duration,
    /// `None` while it goes on.
    pub(super) ended: Option<(Duration, Ended)>,
}

/// How a future ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    WithAValue,
    WithAnError,
    Dropped,
}

impl Stopwatch {
    /// A stopwatch that starts now.
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            times: Arc::default(),
        }
    }

    /// The same future; when it is first polled and how it ends is written down under `name`, such as
    /// a country code.
    pub fn time<F, T, E>(
        &self,
        name: &str,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F, T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let (stopwatch, name) = (self.clone(), name.to_owned());
        async move {
            let mut running = stopwatch.start(name);
            // In a block, so that a future that is dropped here is gone before its end is noted.
            let result = { future.await };
            running.ended = match result {
                Ok(_) => Ended::WithAValue,
                Err(_) => Ended::WithAnError,
            };
            result
        }
    }

    /// What has been written down, in the order in which the futures began, and the time now.
    pub(super) fn times(&self) -> (Vec<Timed>, Duration) {
        (self.record().clone(), self.began.elapsed())
    }

    fn start(self, name: String) -> Running {
        let mut record = self.record();
        let nth = record.len();
        record.push(Timed {
            name,
            started: self.began.elapsed(),
            ended: None,
        });
        drop(record);
        Running {
            stopwatch: self,
            nth,
            ended: Ended::Dropped,
        }
    }

    fn record(&self) -> MutexGuard<'_, Vec<Timed>> {
        // Nothing panics halfway through a change.
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Stopwatch {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopwatch")
            .field("times", &self.record().len())
            .finish_non_exhaustive()
    }
}

/// Notes the end of its future when it is dropped, be it together with that future.
struct Running {
    stopwatch: Stopwatch,
    nth: usize,
    ended: Ended,
}

impl Drop for Running {
    fn drop(&mut self) {
        let at = self.stopwatch.began.elapsed();
        let mut record = self.stopwatch.record();
        if let Some(timed) = record.get_mut(self.nth) {
            timed.ended = Some((at, self.ended));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn poll(future: std::pin::Pin<&mut impl Future>) {
        let _ = future.poll(&mut Context::from_waker(Waker::noop()));
    }

    fn ends(stopwatch: &Stopwatch) -> Vec<(String, Option<Ended>)> {
        let times = stopwatch.times().0.into_iter();
        times
            .map(|timed| (timed.name, timed.ended.map(|(_, ended)| ended)))
            .collect()
    }

    #[test]
    fn each_future_is_noted_with_how_it_ended() {
        let stopwatch = Stopwatch::new();
        poll(pin!(stopwatch.time("value", ready(Ok::<_, ()>(42)))));
        poll(pin!(stopwatch.time("error", ready(Err::<(), _>("no")))));
        {
            let mut dropped = Box::pin(stopwatch.time("dropped", pending::<Result<(), ()>>()));
            poll(dropped.as_mut());
        }
        let mut running = Box::pin(stopwatch.time("running", pending::<Result<(), ()>>()));
        poll(running.as_mut());
        let expected = [
            ("value", Some(Ended::WithAValue)),
            ("error", Some(Ended::WithAnError)),
            ("dropped", Some(Ended::Dropped)),
            ("running", None),
        ];
        assert_eq!(
            ends(&stopwatch),
            expected.map(|(name, end)| (name.to_owned(), end))
        );
    }

    #[test]
    fn a_future_that_nobody_polls_is_not_noted() {
        let stopwatch = Stopwatch::new();
        drop(stopwatch.time("fresh", ready(Ok::<_, ()>(42))));
        assert_eq!(ends(&stopwatch), []);
    }
}
