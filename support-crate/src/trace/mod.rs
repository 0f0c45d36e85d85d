//! Pictures of what happened: who resumed whom, and with what.
//!
//! A [`Trace`] wraps generators and futures without changing what they do, writes down what they
//! are asked and what they answer, and shows itself as a sequence picture: a lifeline for each of
//! them, an arrow for each event, time running down. What is not wrapped costs nothing. Values are
//! written as `{:?}` writes them; the rest of a long one, or of one whose `Debug` panics, is a `…`.
//!
//! ```
//! use hitchhiker::coroutine::*;
//! use hitchhiker::trace::Trace;
//!
//! fn total() -> Generator<i64, i64> {
//!     generator! {
//!         let mut sum = 0;
//!         while let Some(number) = yield sum {
//!             sum += number;
//!         }
//!     }
//! }
//!
//! let trace = Trace::new();
//! let mut coro = trace.generator("total", total());
//! next(&mut coro)?;
//! coro.send(10)?;
//! assert_eq!(
//!     trace.text(),
//!     "cell  → total  next\n\
//!      total → cell   yield 0\n\
//!      cell  → total  send 10\n\
//!      total → cell   yield 10",
//! );
//! # Ok::<(), Raised>(())
//! ```

// Each of these files uses only those above it:
//
// | file | what it is about |
// |---|---|
// | `record.rs` | what is written down |
// | `futures.rs` | a future that tells when it is polled and woken |
// | `generators.rs` | what a generator of either kind tells |
// | `text.rs` | a record in words |
// | `sequence.rs` | a record as lifelines and arrows |
// | `lanes.rs` | a record as one bar a lane, over real time |
// | `live.rs` | a display that follows a record while it grows |

mod futures;
mod generators;
mod lanes;
mod live;
mod record;
mod sequence;
mod text;

use std::fmt::{self, Debug, Display};
use std::future::Future;

use crate::coroutine::{AsyncBody, AsyncGenerator, Erase, Generator, ObservedBody};
use crate::display::{Output, Show};
use generators::AsyncLane;
use record::{Lane, Shared, What};

pub use futures::Traced;
pub use lanes::Lanes;
pub use live::Live;

/// A record of who resumed whom with what. Its clones are the same record.
///
/// Who resumes is whoever runs at that moment on the same thread, as far as the trace knows it: a
/// generator or a future that it has wrapped, or what [`enter`](Self::enter) names. Otherwise it is
/// `cell`, on the thread that has made the trace, or the name of the thread.
///
/// A cell that ends in a trace shows it. At most 10,000 events are kept, and 200 are drawn.
///
/// ```
/// use hitchhiker::coroutine::*;
/// use hitchhiker::trace::Trace;
///
/// fn talkative(trace: Trace) -> Generator<&'static str> {
///     generator! {
///         trace.say("started");
///         yield "first";
///     }
/// }
///
/// let trace = Trace::new();
/// let mut t = trace.generator("talkative", talkative(trace.clone()));
/// next(&mut t)?;
/// assert_eq!(
///     trace.text(),
///     "cell      → talkative  next\n\
///      talkative              prints started\n\
///      talkative → cell       yield \"first\"",
/// );
/// # Ok::<(), Raised>(())
/// ```
#[derive(Clone)]
pub struct Trace {
    record: Shared,
}

impl Trace {
    /// An empty trace.
    pub fn new() -> Self {
        Self::with_lanes([])
    }

    /// An empty trace, in whose pictures those called `names` stand in this order, and others after
    /// them. Without such names, whoever was wrapped first stands first: where a generator is given
    /// another one that is traced, the inner one stands first.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    /// use hitchhiker::trace::Trace;
    ///
    /// fn outer(inner: Generator<i32>) -> Generator<i32> {
    ///     generator! { yield from inner; }
    /// }
    ///
    /// let trace = Trace::with_lanes(["outer", "inner"]);
    /// let inner = trace.generator("inner", generator! { yield 1; });
    /// let mut g = trace.generator("outer", outer(inner));
    /// next(&mut g)?;
    /// assert_eq!(trace.lanes().to_string().lines().next().unwrap().split(' ').next(), Some("outer"));
    /// # Ok::<(), Raised>(())
    /// ```
    pub fn with_lanes<const N: usize>(names: [&str; N]) -> Self {
        Self {
            record: Shared::expecting(&names),
        }
    }

    /// The same generator; what it is asked and what it answers is written down under `name`.
    ///
    /// A generator of any kind can be traced, and goes on being one of that kind: all its methods
    /// work, and others can `yield from` it. Values are written down as `{:?}` shows them. `next` and
    /// `send(None)` are one and the same, `next`. `close` is also what PEP 380 does to an inner
    /// generator when the outer one is closed.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    /// use hitchhiker::trace::Trace;
    ///
    /// fn outer(trace: Trace) -> Generator<i32> {
    ///     let inner: Generator<i32> = generator! { yield 1; };
    ///     let inner = trace.generator("inner", inner);
    ///     generator! { yield from inner; }
    /// }
    ///
    /// let trace = Trace::new();
    /// let mut g = trace.generator("outer", outer(trace.clone()));
    /// next(&mut g)?;
    /// g.close()?;
    /// assert_eq!(
    ///     trace.text(),
    ///     "cell  → outer  next\n\
    ///      outer → inner  next\n\
    ///      inner → outer  yield 1\n\
    ///      outer → cell   yield 1\n\
    ///      cell  → outer  close\n\
    ///      outer → inner  close\n\
    ///      inner → outer  closed\n\
    ///      outer → cell   closed",
    /// );
    /// # Ok::<(), Raised>(())
    /// ```
    pub fn generator<Y, S, T, B>(
        &self,
        name: &str,
        generator: Generator<Y, S, T, B>,
    ) -> Generator<Y, S, T, B>
    where
        Y: Debug,
        S: Debug,
        T: Debug,
        B: ?Sized,
    {
        generator.observed_by(Box::new(self.record.lane(name)))
    }

    /// The same future; when it is polled and what it answers is written down under `name`, and so
    /// is each wake by the waker that it gets.
    ///
    /// ```
    /// use hitchhiker::trace::Trace;
    /// use std::task::{Context, Waker};
    /// use std::pin::pin;
    ///
    /// let trace = Trace::new();
    /// let mut answer = pin!(trace.future("answer", async { 42 }));
    /// let _ = answer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    /// assert_eq!(trace.text(), "cell   → answer  poll\nanswer → cell    ready 42");
    /// ```
    pub fn future<F>(&self, name: &str, future: F) -> Traced<F>
    where
        F: Future,
        F::Output: Debug,
    {
        Traced::new(future, self.record.lane(name))
    }

    /// The same asynchronous generator; what it is asked and what it answers is written down under
    /// `name`, and so are the polls and wakes between the two.
    ///
    /// # What is not written down
    ///
    /// The trace sees nothing of what the generator refuses without its body: a value that is sent too
    /// early, and whatever is asked after the end.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    /// use hitchhiker::trace::Trace;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let trace = Trace::new();
    /// let ticks: AsyncGenerator<i32> = async_generator! {
    ///     tokio::task::yield_now().await;
    ///     yield 1;
    /// };
    /// let mut ticks = trace.async_generator("ticks", ticks);
    /// anext(&mut ticks).await?;
    /// ticks.aclose().await?;
    /// assert_eq!(
    ///     trace.text(),
    ///     "cell  → ticks  anext\n\
    ///      ticks → cell   pending\n\
    ///      cell  → ticks  wake\n\
    ///      cell  → ticks  poll\n\
    ///      ticks → cell   yield 1\n\
    ///      cell  → ticks  aclose\n\
    ///      ticks → cell   closed",
    /// );
    /// # Ok::<(), Exception>(()) }).unwrap();
    /// ```
    pub fn async_generator<Y, S, B>(
        &self,
        name: &str,
        generator: AsyncGenerator<Y, S, B>,
    ) -> AsyncGenerator<Y, S, B>
    where
        Y: Debug,
        S: Debug,
        B: AsyncBody<Y, S> + Erase<ObservedBody<Y, S, B>> + ?Sized,
    {
        generator.observed_by(Box::new(AsyncLane(self.record.lane(name))))
    }

    /// Prints a line, and writes it down for whoever runs on this thread.
    pub fn say(&self, text: impl Display) {
        let text = text.to_string();
        println!("{text}");
        self.record.note_here(What::Say, &text);
    }

    /// Writes down that `name` does something: what a loop of your own does, say. The name may be
    /// that of a generator or future in this trace, or a new one.
    ///
    /// ```
    /// use hitchhiker::trace::Trace;
    ///
    /// let trace = Trace::new();
    /// trace.event("loop", "sleeps 120 ms");
    /// assert_eq!(trace.text(), "loop  sleeps 120 ms");
    /// ```
    pub fn event(&self, name: &str, what: impl Display) {
        self.record.note(name, What::Own, &what.to_string());
    }

    /// Says that `name` runs on this thread until what this returns is dropped: a loop of your own,
    /// say, which resumes others.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    /// use hitchhiker::trace::Trace;
    ///
    /// let trace = Trace::new();
    /// let task: Generator<i32> = generator! { yield 1; };
    /// let mut task = trace.generator("task", task);
    /// let running = trace.enter("loop");
    /// next(&mut task)?;
    /// drop(running);
    /// assert_eq!(trace.text(), "loop → task  next\ntask → loop  yield 1");
    /// # Ok::<(), Raised>(())
    /// ```
    pub fn enter(&self, name: &str) -> Entered {
        Entered(self.record.enter(name))
    }

    /// The trace in words, one line an event.
    pub fn text(&self) -> String {
        text::of(&self.record.lock())
    }

    /// The sequence picture as an SVG file.
    pub fn svg(&self) -> String {
        sequence::svg(&self.record.lock())
    }

    /// The other view of what has happened so far: a bar for each name, over real time.
    pub fn lanes(&self) -> Lanes {
        Lanes::of(&self.record.lock())
    }

    /// Shows a view of the trace now, and again and again while it grows, until what this returns is
    /// dropped: `trace.live(Trace::lanes)`, or `trace.live(Trace::clone)` for the sequence picture.
    ///
    /// ```
    /// use hitchhiker::trace::Trace;
    ///
    /// let trace = Trace::new();
    /// let live = trace.live(Trace::lanes);
    /// trace.event("loop", "begins");
    /// drop(live); // the last state is shown
    /// ```
    pub fn live<V: Show>(&self, view: impl Fn(&Self) -> V + Send + 'static) -> Live {
        Live::of(self.clone(), view)
    }

    /// How many events there have been.
    fn count(&self) -> usize {
        let record = self.record.lock();
        record.events.len() + record.left_out
    }

    /// Shows the trace as the result of a cell: as a picture, and in words.
    pub fn evcxr_display(&self) {
        self.output().show_as_result();
    }
}

impl Default for Trace {
    fn default() -> Self {
        Self::new()
    }
}

impl Show for Trace {
    fn output(&self) -> Output {
        Output::text(self.text()).html(sequence::html(&self.record.lock()))
    }
}

impl Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Debug for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("events", &self.record.lock().events.len())
            .finish_non_exhaustive()
    }
}

/// Says, while it is there, who runs on this thread: see [`Trace::enter`].
#[must_use = "it says who runs until it is dropped"]
pub struct Entered(Lane);

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.leaves();
    }
}

impl Debug for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entered")
    }
}
