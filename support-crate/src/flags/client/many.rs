//! Many flags at once.

use std::fmt;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::job::Job;
use super::options::Options;
use super::save::tidy;
use crate::flags::outcome::Outcome;

/// Downloads the flags of the countries `codes` from `{base_url}/cc/cc.gif`, several at once.
///
/// Each code ends in exactly one [`Outcome`]; a code that is named twice ends in two. Outcomes arrive as
/// soon as they are complete, and what has arrived stays yours whatever becomes of the others. Nothing is
/// asked of the site before the first outcome is awaited.
///
/// The codes are taken from the iterator one by one, when there is room for another request, so
/// that memory does not grow with their number. An endless iterator gives endless outcomes, even after
/// [`Options::total_limit`] is over; take as many as you want.
///
/// ```
/// use hitchhiker::flags::*;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// let options = Options::default().at_once(5);
/// let mut downloads = download_many(&base_url(&server), POP20_CC, options);
/// let mut gallery = Gallery::default();
/// while let Some(outcome) = downloads.next().await {
///     println!("{outcome}");
///     if let End::Downloaded(flag) = outcome.end {
///         gallery.push(flag);
///     }
/// }
/// assert_eq!(gallery.len(), 21);
/// # });
/// ```
pub fn download_many<I>(base_url: &str, codes: I, options: Options) -> Downloads
where
    I: IntoIterator<Item: AsRef<str>, IntoIter: Send + 'static>,
{
    let codes = codes.into_iter().map(|code| code.as_ref().to_owned());
    let (sender, outcomes) = mpsc::channel(options.at_once);
    Downloads {
        order: Some(Order {
            base_url: base_url.trim_end_matches('/').to_owned(),
            codes: Box::new((0..).zip(codes.fuse())),
            options,
            sender,
        }),
        outcomes,
        workers: JoinSet::new(),
    }
}

/// The outcomes of [`download_many`], in the order they arrive.
///
/// A [`Stream`], for those who have combinators for it; [`next`](Self::next) and
/// [`gather`](Self::gather) need none.
///
/// Thousands of flags a second are best awaited in a task, by `tokio::spawn`: the thread of a
/// `block_on` is woken from outside for each outcome, which costs a third of the time.
///
/// # Dropping
///
/// Dropping it gives up what is on its way: the requests end, no task stays, no file is left unfinished.
///
/// # Panics
///
/// It must be awaited in a tokio runtime with network and time. If the iterator of codes panics, so
/// does waiting for the outcomes, after those that are on their way.
#[must_use = "nothing is downloaded until outcomes are awaited"]
pub struct Downloads {
    /// What is to be done, until somebody waits for it.
    order: Option<Order>,
    outcomes: mpsc::Receiver<Outcome>,
    /// Each task downloads many flags, one after the other: an answer then wakes only the task that it is
    /// for, on the thread where the answer arrived.
    workers: JoinSet<()>,
}

struct Order {
    base_url: String,
    codes: Codes,
    options: Options,
    sender: mpsc::Sender<Outcome>,
}

type Codes = Box<dyn Iterator<Item = (u64, String)> + Send>;

impl Downloads {
    /// The next outcome that arrives, or `None` when each code has had its own.
    ///
    /// # Cancellation
    ///
    /// A call that is given up while it waits, in a `select!` or by a timeout, loses nothing: the downloads
    /// go on, and the next call gives the outcome.
    pub async fn next(&mut self) -> Option<Outcome> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All outcomes, in the order they arrived.
    ///
    /// ```
    /// use hitchhiker::flags::*;
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let server = FlagServer::start(Latency::NONE).unwrap();
    /// let downloads = download_many(&base_url(&server), ["KR", "ZZ"], Options::default());
    /// assert_eq!(downloads.gather().await.len(), 2);
    /// # });
    /// ```
    pub async fn gather(mut self) -> Vec<Outcome> {
        let mut outcomes = vec![];
        while let Some(outcome) = self.next().await {
            outcomes.push(outcome);
        }
        outcomes
    }

    fn start(&mut self, order: Order) {
        let Order {
            base_url,
            mut codes,
            options,
            sender,
        } = order;
        if let Some(folder) = options.folder.clone() {
            self.workers.spawn_blocking(move || tidy(&folder));
        }
        let first: Vec<_> = codes.by_ref().take(options.at_once).collect();
        let job = Arc::new(Job::new(base_url, options));
        let codes = Arc::new(Mutex::new(codes));
        for code in first {
            let working = work(job.clone(), code, codes.clone(), sender.clone());
            self.workers.spawn(working);
        }
    }
}

impl Stream for Downloads {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outcome>> {
        if let Some(order) = self.order.take() {
            self.start(order);
        }
        if let Some(outcome) = ready!(self.outcomes.poll_recv(context)) {
            return Poll::Ready(Some(outcome));
        }
        while let Some(ended) = ready!(self.workers.poll_join_next(context)) {
            if let Err(error) = ended
                && let Ok(panic) = error.try_into_panic()
            {
                resume_unwind(panic);
            }
        }
        Poll::Ready(None)
    }
}

impl fmt::Debug for Downloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloads")
            .field("started", &self.order.is_none())
            .finish_non_exhaustive()
    }
}

/// Downloads the flag of `code`, then those of more codes, as long as there are any.
async fn work(
    job: Arc<Job>,
    code: (u64, String),
    codes: Arc<Mutex<Codes>>,
    outcomes: mpsc::Sender<Outcome>,
) {
    // The lock is poisoned if the iterator has panicked. Then the iterator is not asked again.
    let another = || codes.lock().ok()?.next();
    let mut code = Some(code);
    while let Some((nth, cc)) = code {
        let outcome = job.outcome(nth, cc).await;
        if outcomes.send(outcome).await.is_err() {
            return; // nobody waits for outcomes any more
        }
        code = another();
    }
}
