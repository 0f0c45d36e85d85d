//! Asynchronous generators (PEP 525): a body that yields, receives and awaits.

use std::fmt::{self, Debug};
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use super::erase::{Erase, Sealed};
use super::exception::{
    AsyncRaised, Exception, GeneratorExit, RuntimeError, StopAsyncIteration, TypeError,
};
use super::generator::{Sent, Thrown};
use super::machine::{AwaitedInBody, Exchange, Machine, Step};
use super::observer::{Answered, Asked, AsyncObserver};
use super::resumption::{PythonYielder, Resumption, Returns};

/// A suspended body, its type erased: what an [`AsyncGenerator`] drives.
pub trait AsyncBody<Y, S>: Sealed {
    #[doc(hidden)]
    fn poll_resume(
        self: Pin<&mut Self>,
        exchange: Exchange<Y, Resumption<S>>,
        waker: &Waker,
    ) -> Poll<Step<Y, Result<(), Exception>>>;
}

impl<Y, S, F> AsyncBody<Y, S> for Machine<Y, Resumption<S>, F>
where
    F: Future<Output = Result<(), Exception>>,
{
    fn poll_resume(
        self: Pin<&mut Self>,
        exchange: Exchange<Y, Resumption<S>>,
        waker: &Waker,
    ) -> Poll<Step<Y, Result<(), Exception>>> {
        self.poll_step(exchange, waker).map(|step| match step {
            Step::Yielded(value) => Step::Yielded(value),
            Step::Complete(result) => Step::Complete(result),
            Step::Delegated(_) => Step::Delegated(()),
        })
    }
}

impl<'a, Y, S, C: AsyncBody<Y, S> + Send + 'a> Erase<C> for dyn AsyncBody<Y, S> + Send + 'a {
    fn erase(body: C) -> Pin<Box<Self>> {
        Box::pin(body)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, Y, S, C: AsyncBody<Y, S> + 'a> Erase<C> for dyn AsyncBody<Y, S> + 'a {
    fn erase(body: C) -> Pin<Box<Self>> {
        Box::pin(body)
    }
}

/// A generator whose body also awaits: yields `Y`, receives `S` (PEP 525).
///
/// [`async_generator!`](super::async_generator) makes one. Its methods are futures, to be awaited
/// on any runtime. It is a [`Stream`] too, whose items are `Result`s: an error that leaves the body
/// is the last.
///
/// # Cancellation
///
/// Dropping the future of a method, as a timeout does, loses nothing: the body stays where it
/// awaits, and the next [`anext`] goes on from there and gives the value that the dropped one would
/// have given. Until then there is no `yield` that could receive, so [`asend`](Self::asend) with a
/// value and [`athrow`](Self::athrow) answer `RuntimeError`. Dropping the generator, wherever it
/// stands, drops the locals of its body.
///
/// ```
/// use futures_util::StreamExt;
/// use hitchhiker::coroutine::*;
///
/// fn squares(upto: u64) -> AsyncGenerator<u64> {
///     async_generator! {
///         for x in 1..=upto {
///             tokio::task::yield_now().await;
///             yield x * x;
///         }
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut g = squares(3);
/// assert_eq!(anext(&mut g).await?, 1);
/// let rest: Vec<u64> = g.map(Result::unwrap).collect().await;
/// assert_eq!(rest, [4, 9]);
/// # Ok::<(), AsyncRaised>(()) }).unwrap();
/// ```
pub struct AsyncGenerator<Y, S = (), B: ?Sized = dyn AsyncBody<Y, S> + Send> {
    /// `None` once the body has ended.
    body: Option<Pin<Box<B>>>,
    position: Position,
    /// Whether `aclose` has raised its `GeneratorExit`: where the body goes on nevertheless, nothing
    /// more is raised in it.
    was_closed: bool,
    exchange: PhantomData<fn(S) -> Y>,
}

/// An [`AsyncGenerator`] whose body stays on its thread.
///
/// ```
/// use hitchhiker::coroutine::*;
/// use std::rc::Rc;
///
/// fn shared(word: Rc<str>) -> LocalAsyncGenerator<usize> {
///     async_generator! { yield word.len(); }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(anext(&mut shared("towel".into())).await?, 5);
/// # Ok::<(), AsyncRaised>(()) }).unwrap();
/// ```
pub type LocalAsyncGenerator<Y, S = ()> = AsyncGenerator<Y, S, dyn AsyncBody<Y, S>>;

/// An [`AsyncGenerator`] whose body borrows from its caller for `'a`.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn words<'a>(text: &'a str) -> BorrowingAsyncGenerator<'a, &'a str> {
///     async_generator! {
///         for word in text.split(' ') {
///             yield word;
///         }
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let text = String::from("so long");
/// assert_eq!(anext(&mut words(&text)).await?, "so");
/// # Ok::<(), AsyncRaised>(()) }).unwrap();
/// ```
pub type BorrowingAsyncGenerator<'a, Y, S = ()> =
    AsyncGenerator<Y, S, dyn AsyncBody<Y, S> + Send + 'a>;

/// Where the body of an [`AsyncGenerator`] stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Position {
    Start,
    AtYield,
    /// In the middle of an `.await`: the future that drove the body is being polled, or was dropped.
    AtAwait,
}

/// Runs the generator to its next `yield` and gives the value yielded there: Python's
/// `await anext(g)`.
///
/// # Errors
///
/// [`AsyncRaised::StopAsyncIteration`] once the body has returned; [`AsyncRaised::Exception`] with
/// the error that left it.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut g: AsyncGenerator<i32> = async_generator! { yield 42; };
/// assert_eq!(anext(&mut g).await?, 42);
/// assert_eq!(anext(&mut g).await.unwrap_err().to_string(), "StopAsyncIteration");
/// # Ok::<(), AsyncRaised>(()) }).unwrap();
/// ```
pub async fn anext<Y, S, B>(generator: &mut AsyncGenerator<Y, S, B>) -> Result<Y, AsyncRaised>
where
    B: AsyncBody<Y, S> + ?Sized,
{
    generator.resume(|| Resumption::Next).await
}

impl<Y, S, B: ?Sized> AsyncGenerator<Y, S, B> {
    /// Makes a generator of a body, in the text that `expansion!` shows.
    #[doc(hidden)]
    pub fn from_body<F>(
        promise: AwaitedInBody<Self>,
        body: impl FnOnce(PythonYielder<Y, S>) -> F,
    ) -> Self
    where
        F: Future<Output = Result<(), Exception>>,
        B: Erase<Machine<Y, Resumption<S>, F>>,
    {
        Self::from_typed_body(promise, |yielder, _| body(yielder))
    }

    /// Makes a generator of a body, where [`async_generator!`](super::async_generator) expands: rustc knows what
    /// the body is to return before it reads the body. An error about the last bound shows that line's comment.
    #[doc(hidden)]
    pub fn from_typed_body<F>(
        promise: AwaitedInBody<Self>,
        body: impl FnOnce(PythonYielder<Y, S>, Returns<()>) -> F,
    ) -> Self
    where
        F: Future<Output = Result<(), Exception>>,
        B: Erase<Machine<Y, Resumption<S>, F>>, // What stays on its thread makes a `LocalAsyncGenerator`.
    {
        Self {
            body: Some(B::erase(Machine::from_body(promise, |yielder| {
                body(yielder, Returns::new())
            }))),
            position: Position::Start,
            was_closed: false,
            exchange: PhantomData,
        }
    }

    /// The same generator, and `observer` is told what it is asked and what it answers.
    pub(crate) fn observed_by(self, observer: Box<dyn AsyncObserver<Y, S>>) -> Self
    where
        B: Erase<ObservedBody<Y, S, B>>,
    {
        let body = self.body.map(|body| {
            B::erase(ObservedBody {
                body: Some(body),
                observer,
                going: Going::Start,
            })
        });
        Self { body, ..self }
    }
}

impl<Y, S, B: AsyncBody<Y, S> + ?Sized> AsyncGenerator<Y, S, B> {
    /// Resumes the body with `value`, which the suspended `yield` evaluates to, and gives the next
    /// value yielded (PEP 525, "Asynchronous Generator Object").
    ///
    /// # Errors
    ///
    /// As [`anext`]; and `TypeError` when a value is sent to a generator that has not started, and
    /// `RuntimeError` when the body is in the middle of an `.await`, where a dropped future has left
    /// it. The generator is left as it was.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut total: AsyncGenerator<i64, i64> = async_generator! {
    ///     let mut sum = 0;
    ///     while let Some(number) = yield sum {
    ///         sum += number;
    ///     }
    /// };
    /// total.asend(None).await?;
    /// total.asend(10).await?;
    /// assert_eq!(total.asend(20).await?, 30);
    /// # Ok::<(), AsyncRaised>(()) }).unwrap();
    /// ```
    pub async fn asend(&mut self, value: impl Sent<S>) -> Result<Y, AsyncRaised> {
        let value = match value.sent() {
            Some(_) if self.body.is_some() && self.position == Position::Start => {
                let message = "can't send non-None value to a just-started async generator";
                return Err(AsyncRaised::Exception(TypeError::new(message).into()));
            }
            Some(value) => {
                self.expect_yield("asend()")?;
                Some(value)
            }
            None => None,
        };
        self.resume(|| value.map_or(Resumption::Next, Resumption::Send))
            .await
    }

    /// Raises `error` at the suspended `yield` and gives the next value yielded, where the body
    /// goes on (PEP 525, "Asynchronous Generator Object").
    ///
    /// By default the error leaves the body and comes back; so it does where the body has not
    /// started, which ends the generator.
    ///
    /// # Errors
    ///
    /// As [`anext`], and `RuntimeError` as [`asend`](Self::asend).
    /// [`AsyncRaised::StopAsyncIteration`], and `error` is dropped, once the generator has ended or
    /// an [`aclose`](Self::aclose) been ignored.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut g: AsyncGenerator<i32> = async_generator! {
    ///     if (try { yield 1 }).is_err() { yield -1; }
    /// };
    /// anext(&mut g).await?;
    /// assert_eq!(g.athrow(ValueError::new("no")).await?, -1);
    /// # Ok::<(), AsyncRaised>(()) }).unwrap();
    /// ```
    pub async fn athrow(&mut self, error: impl Thrown) -> Result<Y, AsyncRaised> {
        let error = error.thrown();
        self.expect_yield("athrow()")?;
        if self.was_closed {
            return Err(AsyncRaised::StopAsyncIteration);
        }
        if self.body.is_some() && self.position == Position::Start {
            self.body = None;
            return Err(error.out_of_async_generator().into());
        }
        self.resume(|| Resumption::Throw(ManuallyDrop::new(error)))
            .await
    }

    /// Ends the generator: raises [`GeneratorExit`] at the suspended `yield`, which by default
    /// leaves the body and drops its locals (PEP 525, "Asynchronous Generator Object").
    ///
    /// A body in the middle of an `.await`, where nothing can be raised, is dropped. Closing a
    /// generator that has not started or has ended runs nothing.
    ///
    /// # Errors
    ///
    /// The error that the body raised instead, and `RuntimeError` when it yielded once more. A body
    /// that does so can still be resumed, but not be closed again: a second `aclose` gives
    /// [`StopAsyncIteration`].
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut g: AsyncGenerator<u32> = async_generator! { for x in 0.. { yield x; } };
    /// anext(&mut g).await.unwrap();
    /// g.aclose().await?;
    /// assert_eq!(anext(&mut g).await.unwrap_err().to_string(), "StopAsyncIteration");
    /// # Ok::<(), Exception>(()) }).unwrap();
    /// ```
    pub async fn aclose(&mut self) -> Result<(), Exception> {
        if self.body.is_none() || self.position != Position::AtYield {
            self.body = None;
            return Ok(());
        }
        if mem::replace(&mut self.was_closed, true) {
            return Err(StopAsyncIteration.into());
        }
        let exit = || Resumption::Throw(ManuallyDrop::new(GeneratorExit.into()));
        match self.resume(exit).await {
            Ok(_) => Err(RuntimeError::new("async generator ignored GeneratorExit").into()),
            Err(AsyncRaised::StopAsyncIteration) => Ok(()),
            Err(AsyncRaised::Exception(error)) if error.is::<GeneratorExit>() => Ok(()),
            Err(AsyncRaised::Exception(error)) => Err(error),
        }
    }

    fn expect_yield(&self, method: &str) -> Result<(), AsyncRaised> {
        if self.body.is_some() && self.position == Position::AtAwait {
            let message = format!("{method}: asynchronous generator is already running");
            return Err(AsyncRaised::Exception(RuntimeError::new(message).into()));
        }
        Ok(())
    }

    /// Calls `with` only where a `yield` waits for a resumption: nobody would drop a `Throw` that goes nowhere.
    async fn resume(&mut self, with: impl FnOnce() -> Resumption<S>) -> Result<Y, AsyncRaised> {
        let mut with = Some(with);
        poll_fn(|context| self.poll_resume(&mut with, context)).await
    }

    /// Polls the body; `with` is taken and called where a `yield` waits for a resumption.
    fn poll_resume(
        &mut self,
        with: &mut Option<impl FnOnce() -> Resumption<S>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Y, AsyncRaised>> {
        // The body is out of its place while it runs: a panic drops it, and the generator has ended.
        let Some(mut body) = self.body.take() else {
            return Poll::Ready(Err(AsyncRaised::StopAsyncIteration));
        };
        let exchange = match mem::replace(&mut self.position, Position::AtAwait) {
            Position::AtYield => with
                .take()
                .map_or(Exchange::Empty, |make| Exchange::Resumed(make())),
            Position::Start | Position::AtAwait => Exchange::Empty,
        };
        match body.as_mut().poll_resume(exchange, context.waker()) {
            Poll::Pending => {
                self.body = Some(body);
                Poll::Pending
            }
            Poll::Ready(Step::Yielded(value)) => {
                self.body = Some(body);
                self.position = Position::AtYield;
                Poll::Ready(Ok(value))
            }
            Poll::Ready(Step::Complete(Ok(()))) => {
                Poll::Ready(Err(AsyncRaised::StopAsyncIteration))
            }
            Poll::Ready(Step::Complete(Err(error))) => {
                let error = error.out_of_async_generator();
                Poll::Ready(Err(AsyncRaised::Exception(error)))
            }
            Poll::Ready(Step::Delegated(())) => {
                unreachable!("`async_generator!` refuses `yield from`")
            }
        }
    }
}

/// The remaining values, each a `Result`: an error that leaves the body is the last item.
impl<Y, S, B: AsyncBody<Y, S> + ?Sized> Stream for AsyncGenerator<Y, S, B> {
    type Item = Result<Y, Exception>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let generator = self.get_mut();
        generator
            .poll_resume(&mut Some(|| Resumption::Next), context)
            .map(|result| match result {
                Ok(value) => Some(Ok(value)),
                Err(AsyncRaised::StopAsyncIteration) => None,
                Err(AsyncRaised::Exception(error)) => Some(Err(error)),
            })
    }
}

/// The stream has ended once the body has returned, failed, panicked or been closed.
///
/// ```
/// use futures_util::StreamExt;
/// use futures_util::stream::FusedStream;
/// use hitchhiker::coroutine::*;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut g: AsyncGenerator<i32> = async_generator! { yield 1; };
/// while let Some(value) = g.next().await {
///     assert_eq!(value?, 1);
/// }
/// assert!(g.is_terminated());
/// # Ok::<(), Exception>(()) }).unwrap();
/// ```
impl<Y, S, B: AsyncBody<Y, S> + ?Sized> FusedStream for AsyncGenerator<Y, S, B> {
    fn is_terminated(&self) -> bool {
        self.body.is_none()
    }
}

/// A body that tells an observer whatever it is asked, and whatever it answers. It stands in the place
/// of the body in it, so a body that nobody observes is polled as if there were no observers.
pub struct ObservedBody<Y, S, B: ?Sized> {
    /// `None` once the body has ended.
    body: Option<Pin<Box<B>>>,
    observer: Box<dyn AsyncObserver<Y, S>>,
    going: Going,
}

/// What an observed body does.
#[derive(Clone, Copy, PartialEq)]
enum Going {
    Start,
    AtYield,
    /// The body awaits, on its way to an answer to whoever has asked it.
    Answers,
    /// The body awaits, while it is being closed.
    Closes,
}

impl<Y, S, B: ?Sized> Sealed for ObservedBody<Y, S, B> {}

impl<Y, S, B: AsyncBody<Y, S> + ?Sized> AsyncBody<Y, S> for ObservedBody<Y, S, B> {
    fn poll_resume(
        mut self: Pin<&mut Self>,
        exchange: Exchange<Y, Resumption<S>>,
        waker: &Waker,
    ) -> Poll<Step<Y, Result<(), Exception>>> {
        let this = &mut *self;
        let closes = match &exchange {
            Exchange::Resumed(Resumption::Throw(error)) => error.is::<GeneratorExit>(),
            _ => this.going == Going::Closes,
        };
        match &exchange {
            Exchange::Resumed(Resumption::Send(value)) => this.observer.asked(Asked::Send(value)),
            Exchange::Resumed(Resumption::Throw(_)) if closes => this.observer.asked(Asked::Close),
            Exchange::Resumed(Resumption::Throw(error)) => {
                this.observer.asked(Asked::Throw(error));
            }
            Exchange::Empty if this.going != Going::Start => this.observer.polled(),
            _ => this.observer.asked(Asked::Next),
        }
        let body = this.body.as_mut().expect("an ended body is dropped");
        let unwound = AsyncUnwound(&*this.observer);
        let polled = body
            .as_mut()
            .poll_resume(exchange, &this.observer.waker(waker));
        let ignored = Exception::from(RuntimeError::new("async generator ignored GeneratorExit"));
        match &polled {
            Poll::Pending => {
                this.going = if closes {
                    Going::Closes
                } else {
                    Going::Answers
                };
                this.observer.pending();
                mem::forget(unwound);
                return polled;
            }
            Poll::Ready(Step::Yielded(_)) if closes => {
                this.observer.answered(Answered::Raised(&ignored), false);
            }
            Poll::Ready(Step::Yielded(value)) => {
                this.observer.answered(Answered::Yielded(value), false);
            }
            Poll::Ready(Step::Complete(Ok(()))) => {
                this.observer.answered(Answered::Returned(&()), true);
            }
            Poll::Ready(Step::Complete(Err(error))) if closes && error.is::<GeneratorExit>() => {
                this.observer.answered(Answered::Closed, true);
            }
            Poll::Ready(Step::Complete(Err(error))) => {
                this.observer.answered(Answered::Raised(error), true);
            }
            Poll::Ready(Step::Delegated(())) => {}
        }
        mem::forget(unwound);
        this.going = Going::AtYield;
        if let Poll::Ready(Step::Complete(_)) = polled {
            this.body = None;
        }
        polled
    }
}

impl<Y, S, B: ?Sized> Drop for ObservedBody<Y, S, B> {
    fn drop(&mut self) {
        if self.body.is_some() && self.going != Going::Start && !std::thread::panicking() {
            self.observer.is_dropped();
            self.body = None;
            self.observer.was_dropped();
        }
    }
}

/// Tells the observer of a panic, which drops this on its way out.
struct AsyncUnwound<'a, Y, S>(&'a dyn AsyncObserver<Y, S>);

impl<Y, S> Drop for AsyncUnwound<'_, Y, S> {
    fn drop(&mut self) {
        self.0.panicked();
    }
}

impl<Y, S, B: ?Sized> Debug for AsyncGenerator<Y, S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncGenerator")
            .field("has_ended", &self.body.is_none())
            .finish_non_exhaustive()
    }
}
