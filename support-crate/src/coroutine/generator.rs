//! The Python-like layer: `next`, `send`, `throw` and `close`.

use std::fmt::{self, Debug};
use std::future::Future;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::pin::Pin;

use super::contract::CoroutineState;
use super::delegate::{self, Delegate, Source, Top};
use super::erase::{Erase, Sealed};
use super::exception::{Exception, GeneratorExit, Raised, RuntimeError, StopIteration, TypeError};
use super::machine::{AwaitedInBody, Exchange, Machine, Step};
use super::observer::{Answered, Asked, Observer};
use super::resumption::{PythonYielder, Resumption, Returns};

/// A suspended body, its type erased: what a [`Generator`] drives. [`generator!`](super::generator)
/// makes them; nothing else can.
pub trait Body<Y, S, T>: Sealed {
    /// Runs the body to its first `yield`. Where the body delegates, the delegation is put on `top`.
    ///
    /// It is a method of its own, so that `resume` need not ask whether it is the first resumption.
    #[doc(hidden)]
    fn start(self: Pin<&mut Self>, top: &mut Top<Y, S>) -> Step<Y, Result<T, Exception>>;

    /// Runs the body on from the `yield` that it is suspended at, as `start` does.
    #[doc(hidden)]
    fn resume(
        self: Pin<&mut Self>,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<T, Exception>>;
}

impl<Y, S, T, F> Body<Y, S, T> for Machine<Y, Resumption<S>, F>
where
    F: Future<Output = Result<T, Exception>>,
{
    fn start(self: Pin<&mut Self>, top: &mut Top<Y, S>) -> Step<Y, Result<T, Exception>> {
        let step = self.step(Exchange::Empty);
        // SAFETY: this is the body that has come to that step.
        unsafe { top.after(step) }
    }

    #[inline]
    fn resume(
        self: Pin<&mut Self>,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<T, Exception>> {
        let step = self.step(Exchange::Resumed(with));
        // SAFETY: this is the body that has come to that step.
        unsafe { top.after(step) }
    }
}

impl<'a, Y, S, T, C: Body<Y, S, T> + Send + 'a> Erase<C> for dyn Body<Y, S, T> + Send + 'a {
    fn erase(body: C) -> Pin<Box<Self>> {
        Box::pin(body)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, Y, S, T, C: Body<Y, S, T> + 'a> Erase<C> for dyn Body<Y, S, T> + 'a {
    fn erase(body: C) -> Pin<Box<Self>> {
        Box::pin(body)
    }
}

/// A generator that also takes values: yields `Y`, receives `S`, returns `T` (PEP 342).
///
/// [`generator!`](super::generator) makes one; it has not run a line of its body by then. It can
/// be moved while it is suspended, and sent to another thread. A body that cannot be sent makes a
/// [`LocalGenerator`], one that borrows from its caller a [`BorrowingGenerator`].
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn well_known_generator() -> Generator<i32> {
///     generator! {
///         yield 100;
///         yield 200;
///         yield 300;
///     }
/// }
///
/// for x in well_known_generator() {
///     println!("{x}");
/// }
/// let mut g = well_known_generator();
/// assert_eq!((next(&mut g)?, next(&mut g)?, next(&mut g)?), (100, 200, 300));
/// # Ok::<(), Raised>(())
/// ```
pub struct Generator<Y, S = (), T = (), B: ?Sized = dyn Body<Y, S, T> + Send> {
    body: Standing<Y, S, T, B>,
    /// The innermost delegation, while the body waits in a `yield from`. It is none in a generator that
    /// another one delegates to, or did until that one was dropped: `find_top` then finds it from
    /// `own`.
    top: Top<Y, S>,
    /// The delegation of this generator's body, where `Place::Delegating` says that it waits in one.
    own: Top<Y, S>,
    exchange: PhantomData<fn(S) -> (Y, T)>,
}

/// A body and where it stands. rustc tells the variants apart by the [`Place`], too, so that one look
/// tells [`Generator::resume`] all it needs; where a body moves on, its place alone is written.
enum Standing<Y, S, T, B: ?Sized> {
    Alive(Place, Pin<Box<B>>),
    /// The generator in the box knows where its body stands.
    Observed(Box<Observed<Y, S, T, B>>),
    Ended,
}

/// Where a body stands that has not ended.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)] // as wide as an address: with room left beside it, rustc would add a tag of its own
enum Place {
    Start,
    /// At a `yield` of its own. An inner generator that a delegation owns counts as standing here when
    /// it delegates, too: the outermost generator alone keeps track of that.
    AtYield,
    /// At a `yield from`, whose delegation is the generator's `own` one.
    Delegating,
}

impl<Y, S, T, B: ?Sized> Standing<Y, S, T, B> {
    /// Says that the body, if it has not ended, stands at `place` now.
    #[inline]
    fn is_now(&mut self, place: Place) {
        if let Self::Alive(stands, _) = self {
            *stands = place;
        }
    }
}

/// A [`Generator`] whose body stays on its thread: it may hold an `Rc` or a `RefCell`'s guard.
///
/// ```
/// use hitchhiker::coroutine::*;
/// use std::{cell::Cell, rc::Rc};
///
/// fn steps(seen: Rc<Cell<u32>>) -> LocalGenerator<u32> {
///     generator! {
///         yield seen.get();
///         yield seen.get();
///     }
/// }
/// let seen = Rc::new(Cell::new(1));
/// let mut g = steps(seen.clone());
/// assert_eq!(next(&mut g)?, 1);
/// seen.set(2);
/// assert_eq!(next(&mut g)?, 2);
/// # Ok::<(), Raised>(())
/// ```
pub type LocalGenerator<Y, S = (), T = ()> = Generator<Y, S, T, dyn Body<Y, S, T>>;

/// A [`Generator`] whose body borrows from its caller for `'a`.
///
/// Where the type says `Generator`, rustc refuses such a body with `lifetime may not live long enough`,
/// and says that it `must outlive 'static`. In a `BorrowingGenerator` the lifetime has a name.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn words<'a>(text: &'a str) -> BorrowingGenerator<'a, &'a str> {
///     generator! {
///         for word in text.split(' ') {
///             yield word;
///         }
///     }
/// }
/// let text = String::from("so long and thanks");
/// assert_eq!(words(&text).last(), Some("thanks"));
/// ```
pub type BorrowingGenerator<'a, Y, S = (), T = ()> =
    Generator<Y, S, T, dyn Body<Y, S, T> + Send + 'a>;

/// Where a generator stands, in the words of Python's `inspect.getgeneratorstate`.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn once() -> Generator<i32> {
///     generator! { yield 1; }
/// }
/// let mut g = once();
/// assert_eq!(g.state(), GeneratorState::Created);
/// next(&mut g)?;
/// assert_eq!(g.state(), GeneratorState::Suspended);
/// g.close()?;
/// assert_eq!(g.state(), GeneratorState::Closed);
/// # Ok::<(), Raised>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeneratorState {
    /// Not a line of the body has run.
    Created,
    /// The body runs: only a [`SharedGenerator`](super::SharedGenerator) can be seen in this state.
    Running,
    /// The body waits at a `yield`.
    Suspended,
    /// The body has returned, failed or been closed.
    Closed,
}

/// What [`Generator::send`] takes: an `S`, or `None` for Python's `send(None)`.
#[diagnostic::on_unimplemented(
    message = "this generator receives `{S}`, but `{Self}` was sent",
    label = "neither `{S}` nor `None`",
    note = "a generator of type `Generator<Y, S, T>` yields `Y`, receives `S` and returns `T`"
)]
pub trait Sent<S> {
    #[doc(hidden)]
    fn sent(self) -> Option<S>;
}

impl<S> Sent<S> for S {
    #[inline]
    fn sent(self) -> Option<S> {
        Some(self)
    }
}

impl<S> Sent<S> for Option<S> {
    #[inline]
    fn sent(self) -> Option<S> {
        self
    }
}

/// What [`Generator::throw`] takes: any error that may go to another thread.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be thrown into a generator: it is no error",
    label = "no error",
    note = "`ValueError::new(\"…\")` and its like have a text; your own type needs `Error + Send + Sync + 'static`"
)]
pub trait Thrown {
    #[doc(hidden)]
    fn thrown(self) -> Exception;
}

impl<E: Into<Exception>> Thrown for E {
    fn thrown(self) -> Exception {
        self.into()
    }
}

/// Runs the generator to its next `yield` and gives the value yielded there: Python's `next(g)`.
///
/// The `yield` at which the body was suspended evaluates to `None`.
///
/// # Errors
///
/// [`Raised::StopIteration`] once the body has returned; [`Raised::Exception`] with the error that
/// left it.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn twice() -> Generator<&'static str> {
///     generator! { yield "so long"; yield "and thanks"; }
/// }
/// let mut g = twice();
/// assert_eq!(next(&mut g)?, "so long");
/// assert_eq!(next(&mut g)?, "and thanks");
/// assert_eq!(next(&mut g).unwrap_err().to_string(), "StopIteration");
/// # Ok::<(), Raised>(())
/// ```
#[inline]
pub fn next<Y, S, T, B>(generator: &mut Generator<Y, S, T, B>) -> Result<Y, Raised<T>>
where
    B: Body<Y, S, T> + ?Sized,
{
    generator.resume(Resumption::Next)
}

impl<Y, S, T, B: ?Sized> Generator<Y, S, T, B> {
    /// Makes a generator of a body, in the text that `expansion!` shows.
    #[doc(hidden)]
    pub fn from_body<F>(
        promise: AwaitedInBody<Self>,
        body: impl FnOnce(PythonYielder<Y, S>) -> F,
    ) -> Self
    where
        F: Future<Output = Result<T, Exception>>,
        B: Erase<Machine<Y, Resumption<S>, F>>,
    {
        Self::from_typed_body(promise, |yielder, _| body(yielder))
    }

    /// Makes a generator of a body, where [`generator!`](super::generator) expands: rustc knows what the body
    /// is to return before it reads the body. An error about the last bound shows that line's comment.
    #[doc(hidden)]
    pub fn from_typed_body<F>(
        promise: AwaitedInBody<Self>,
        body: impl FnOnce(PythonYielder<Y, S>, Returns<T>) -> F,
    ) -> Self
    where
        F: Future<Output = Result<T, Exception>>,
        B: Erase<Machine<Y, Resumption<S>, F>>, // What stays on its thread makes a `LocalGenerator`.
    {
        Self {
            body: Standing::Alive(
                Place::Start,
                B::erase(Machine::from_body(promise, |yielder| {
                    body(yielder, Returns::new())
                })),
            ),
            top: Top::NONE,
            own: Top::NONE,
            exchange: PhantomData,
        }
    }

    /// Where the generator stands (Python's `inspect.getgeneratorstate`).
    pub fn state(&self) -> GeneratorState {
        match self.body {
            Standing::Alive(Place::Start, _) => GeneratorState::Created,
            Standing::Alive(Place::AtYield | Place::Delegating, _) => GeneratorState::Suspended,
            Standing::Observed(ref observed) => observed.generator.state(),
            Standing::Ended => GeneratorState::Closed,
        }
    }

    /// The same generator, and `observer` is told what it is asked and what it answers.
    pub(crate) fn observed_by(self, observer: Box<dyn Observer<Y, S, T>>) -> Self {
        Self {
            body: Standing::Observed(Box::new(Observed::new(self, observer))),
            ..Self::ended()
        }
    }

    fn ended() -> Self {
        Self {
            body: Standing::Ended,
            top: Top::NONE,
            own: Top::NONE,
            exchange: PhantomData,
        }
    }
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Generator<Y, S, T, B> {
    /// Resumes the body with `value`, which the suspended `yield` evaluates to, and gives the next
    /// value yielded (PEP 342, "New generator method: send(value)").
    ///
    /// `send(None)` is [`next`].
    ///
    /// # Errors
    ///
    /// As [`next`]; and `TypeError` when a value is sent to a generator that has not started: no
    /// `yield` waits for it there. The generator is left as it was.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn echo() -> Generator<String, &'static str> {
    ///     generator! {
    ///         let mut heard = yield String::from("ready");
    ///         while let Some(word) = heard {
    ///             heard = yield format!("{word}!");
    ///         }
    ///     }
    /// }
    /// let mut g = echo();
    /// assert_eq!(
    ///     g.send("hello").unwrap_err().to_string(),
    ///     "TypeError: can't send non-None value to a just-started generator",
    /// );
    /// assert_eq!(g.send(None)?, "ready");
    /// assert_eq!(g.send("hello")?, "hello!");
    /// # Ok::<(), Raised>(())
    /// ```
    #[inline]
    pub fn send(&mut self, value: impl Sent<S>) -> Result<Y, Raised<T>> {
        match value.sent() {
            None => self.resume(Resumption::Next),
            Some(value) => self.resume(Resumption::Send(value)),
        }
    }

    /// Raises `error` at the suspended `yield` and gives the next value yielded, where the body
    /// goes on (PEP 342, "New generator method: throw(type, value=None, traceback=None)").
    ///
    /// # Errors
    ///
    /// As [`next`]: by default the error leaves the body, as one of `?` does, and comes back. The
    /// error also comes back where the body has not started or has ended.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn patient() -> Generator<i32> {
    ///     generator! { loop { yield 42; } }
    /// }
    /// let mut g = patient();
    /// next(&mut g)?;
    /// let raised = g.throw(ValueError::new("enough")).unwrap_err();
    /// assert_eq!(raised.to_string(), "ValueError: enough");
    /// assert_eq!(next(&mut g).unwrap_err().to_string(), "StopIteration");
    /// # Ok::<(), Raised>(())
    /// ```
    pub fn throw(&mut self, error: impl Thrown) -> Result<Y, Raised<T>> {
        let error = error.thrown();
        if let Standing::Observed(observed) = &mut self.body {
            return observed.throw(error);
        }
        match self.state() {
            GeneratorState::Suspended => self.resume(Resumption::Throw(ManuallyDrop::new(error))),
            GeneratorState::Created => {
                self.body = Standing::Ended;
                Err(error.out_of_generator().into())
            }
            GeneratorState::Closed | GeneratorState::Running => Err(error.into()),
        }
    }

    /// Ends the generator: raises [`GeneratorExit`] at the suspended `yield`, which by default
    /// leaves the body and drops its locals (PEP 342, "New generator method: close()").
    ///
    /// Gives what the body returned on its way out, where it did so (as Python 3.13 does). Closing
    /// a generator that has not started or has ended runs nothing.
    ///
    /// # Dropping
    ///
    /// Dropping a generator ends it, too, but raises nothing in its body.
    ///
    /// # Errors
    ///
    /// The error that the body raised instead, and `RuntimeError` when it yielded once more.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn ticks() -> Generator<u32> {
    ///     generator! { for tick in 0.. { yield tick; } }
    /// }
    /// let mut g = ticks();
    /// next(&mut g)?;
    /// g.close()?;
    /// assert_eq!(next(&mut g).unwrap_err().to_string(), "StopIteration");
    /// # Ok::<(), Raised>(())
    /// ```
    pub fn close(&mut self) -> Result<Option<T>, Exception> {
        if let Standing::Observed(observed) = &mut self.body {
            return observed.close();
        }
        if self.state() != GeneratorState::Suspended {
            self.body = Standing::Ended;
            return Ok(None);
        }
        match self.resume(Resumption::Throw(ManuallyDrop::new(GeneratorExit.into()))) {
            Ok(_) => Err(RuntimeError::new("generator ignored GeneratorExit").into()),
            Err(Raised::StopIteration(stop)) => Ok(stop.value),
            Err(Raised::Exception(error)) if error.is::<GeneratorExit>() => Ok(None),
            Err(Raised::Exception(error)) => Err(error),
        }
    }

    /// The remaining values for a `for` loop, each a `Result`: an error that leaves the body comes
    /// as the last item, where the generator's own [`Iterator`] panics with it.
    ///
    /// ```
    /// use hitchhiker::coroutine::*;
    ///
    /// fn sizes() -> Generator<usize> {
    ///     generator! {
    ///         for word in ["3", "4", "many"] {
    ///             yield word.parse()?;
    ///         }
    ///     }
    /// }
    /// let sizes: Result<Vec<usize>, Exception> = sizes().results().collect();
    /// assert_eq!(
    ///     sizes.unwrap_err().to_string(),
    ///     "ParseIntError: invalid digit found in string",
    /// );
    /// ```
    pub fn results(&mut self) -> Results<'_, Y, S, T, B> {
        Results { generator: self }
    }

    #[inline]
    pub(super) fn resume(&mut self, with: Resumption<S>) -> Result<Y, Raised<T>> {
        let running = Running(self);
        let generator = &mut *running.0;
        match &mut generator.body {
            Standing::Alive(Place::AtYield, body) => {
                match body.as_mut().resume(with, &mut generator.top) {
                    Step::Yielded(value) => {
                        mem::forget(running);
                        Ok(value)
                    }
                    step => running.delegate_or_end(step),
                }
            }
            _ => running.start_or_drive(with),
        }
    }

    /// Resumes a generator that delegates, or has just begun to.
    fn drive(&mut self, with: Resumption<S>) -> CoroutineState<Y, Result<T, Exception>> {
        let (body, own) = (&mut self.body, &mut self.own);
        let resume_body = |with, top: &mut Top<Y, S>| match body {
            Standing::Alive(_, body) => {
                let step = body.as_mut().resume(with, top);
                *own = *top; // the body's delegation, if the body has come to one
                step
            }
            Standing::Observed(_) | Standing::Ended => {
                unreachable!("a generator that delegates has a body")
            }
        };
        // SAFETY: `self.top` is this generator's top, and `resume_body` resumes its own body.
        unsafe { delegate::drive(&mut self.top, with, resume_body) }
    }

    /// Resumes the inner generator of a delegation that owns it; its own delegation is put on `top`.
    #[inline(always)]
    fn resume_within(
        &mut self,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<T, Exception>> {
        match &mut self.body {
            Standing::Alive(Place::AtYield, body) => match body.as_mut().resume(with, top) {
                Step::Complete(result) => self.ended_within(result),
                step => step,
            },
            _ => self.resume_seldom(with, top),
        }
    }

    /// Resumes an inner generator that does not stand at a `yield`, which seldom happens.
    #[cold]
    #[inline(never)]
    fn resume_seldom(
        &mut self,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<T, Exception>> {
        let step = match &mut self.body {
            Standing::Alive(Place::Start, body) => body.as_mut().start(top),
            Standing::Alive(Place::AtYield, body) => body.as_mut().resume(with, top),
            Standing::Alive(Place::Delegating, _) => {
                self.hand_over(top);
                Step::Delegated(())
            }
            Standing::Observed(_) => return self.resume_apart(with),
            Standing::Ended => return Step::Complete(Err(no_value())),
        };
        match step {
            Step::Complete(result) => self.ended_within(result),
            step => {
                self.body.is_now(Place::AtYield);
                step
            }
        }
    }

    /// Resumes the inner generator of a delegation as PEP 380 says, where it keeps its own delegations:
    /// an observer, or another name of the generator, is to find them there.
    pub(super) fn resume_apart(&mut self, with: Resumption<S>) -> Step<Y, Result<T, Exception>> {
        let result = match with {
            Resumption::Next | Resumption::Send(_) => self.resume(with),
            Resumption::Throw(error) => {
                let error = ManuallyDrop::into_inner(error);
                match error.is::<GeneratorExit>() {
                    true => Err(self.close().err().unwrap_or(error).into()),
                    false => self.throw(error),
                }
            }
        };
        match result {
            Ok(value) => Step::Yielded(value),
            Err(Raised::StopIteration(stop)) => Step::Complete(stop.value.ok_or_else(no_value)),
            // Only a generator that had ended before gives back a `StopIteration` that is thrown into it.
            Err(Raised::Exception(error)) if error.is_stop_iteration() => {
                Step::Complete(Err(no_value()))
            }
            Err(Raised::Exception(error)) => Step::Complete(Err(error)),
        }
    }

    #[cold]
    fn ended_within(&mut self, result: Result<T, Exception>) -> Step<Y, Result<T, Exception>> {
        self.body = Standing::Ended;
        Step::Complete(result.map_err(|error| error.out_of_generator()))
    }
}

impl<Y, S, T, B: ?Sized> Generator<Y, S, T, B> {
    /// Finds the innermost delegation again, which the generator that this one was lent to has held.
    fn find_top(&mut self) {
        if let (Standing::Alive(Place::Delegating, _), true) = (&self.body, self.top.is_none()) {
            // SAFETY: the body is suspended in the delegation `own`.
            self.top = unsafe { self.own.innermost() };
        }
    }

    /// Puts this generator's delegations on `top`, above the delegation whose inner generator it is.
    fn hand_over(&mut self, top: &mut Top<Y, S>) {
        self.find_top();
        // SAFETY: all of them are suspended.
        unsafe { top.push(self.own, self.top) };
        self.top = Top::NONE;
    }

    /// Ends the generators that this one delegates to, before its body is dropped.
    #[cold]
    #[inline(never)]
    fn end_inner(&mut self, lent_too: bool) {
        self.find_top();
        let top = mem::replace(&mut self.top, Top::NONE);
        // SAFETY: `top` was that of this generator, which gets no other one, for it is being ended.
        unsafe { delegate::end(top, lent_too) };
    }
}

/// Drops the bodies of a chain of generators one after the other, not one inside of the other.
impl<Y, S, T, B: ?Sized> Drop for Generator<Y, S, T, B> {
    #[inline]
    fn drop(&mut self) {
        if let Standing::Alive(Place::Delegating, _) = self.body {
            self.end_inner(false);
        }
    }
}

impl<Y, S, T, B: ?Sized> Source<Generator<Y, S, T, B>> {
    /// What is delegated to.
    pub fn into_delegate(self) -> Generator<Y, S, T, B> {
        self.0
    }
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Delegate<Y, S> for Generator<Y, S, T, B> {
    type Return = T;

    #[inline]
    fn resume(
        &mut self,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<T, Exception>> {
        self.resume_within(with, top)
    }

    fn end(&mut self) {
        // It has ended before a destructor runs: where one panics, nobody looks for its delegations again.
        drop(mem::replace(self, Self::ended()));
    }
}

impl<'g, Y, S, T, B: ?Sized> Source<&'g mut Generator<Y, S, T, B>> {
    /// What is delegated to.
    pub fn into_delegate(self) -> Lent<'g, Y, S, T, B> {
        Lent {
            generator: self.0,
            is_here: false,
        }
    }
}

/// A generator in a box is delegated to as the one in the box, not as the iterator that a box is, too.
impl<Y, S, T, B: ?Sized> Source<Box<Generator<Y, S, T, B>>> {
    /// What is delegated to.
    pub fn into_delegate(self) -> Generator<Y, S, T, B> {
        *self.0
    }
}

impl<'g, Y, S, T, B: ?Sized> Source<&'g mut Box<Generator<Y, S, T, B>>> {
    /// What is delegated to.
    pub fn into_delegate(self) -> Lent<'g, Y, S, T, B> {
        Source(&mut **self.0).into_delegate()
    }
}

/// A generator that a delegation does not own. It may outlive the delegation, so it always knows
/// where it stands.
pub struct Lent<'g, Y, S, T, B: ?Sized> {
    generator: &'g mut Generator<Y, S, T, B>,
    /// Whether the generator's delegations are on the stack of the one that it is lent to.
    is_here: bool,
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Delegate<Y, S> for Lent<'_, Y, S, T, B> {
    type Return = T;

    const IS_LENT: bool = true;

    fn resume(
        &mut self,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<T, Exception>> {
        let generator = &mut *self.generator;
        let was_here = mem::replace(&mut self.is_here, true);
        let step = match &mut generator.body {
            Standing::Alive(Place::Start, body) => body.as_mut().start(top),
            Standing::Alive(Place::Delegating, _) if !was_here => {
                generator.hand_over(top);
                return Step::Delegated(());
            }
            Standing::Alive(_, body) => body.as_mut().resume(with, top),
            Standing::Observed(_) => return generator.resume_apart(with),
            Standing::Ended => return Step::Complete(Err(no_value())),
        };
        match step {
            Step::Yielded(value) => {
                generator.body.is_now(Place::AtYield);
                Step::Yielded(value)
            }
            Step::Delegated(()) => {
                generator.own = *top;
                generator.body.is_now(Place::Delegating);
                Step::Delegated(())
            }
            Step::Complete(result) => generator.ended_within(result),
        }
    }

    fn end(&mut self) {
        // What this generator delegates to was further inwards on the stack, and has been ended before.
        self.generator.body = Standing::Ended;
    }
}

/// A generator that runs. Dropped, this guard drops the body, so a generator that panics has ended.
struct Running<'g, Y, S, T, B: ?Sized>(&'g mut Generator<Y, S, T, B>);

// What happens seldom is not inlined, so that `resume` is small enough to be inlined in its callers.
impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Running<'_, Y, S, T, B> {
    /// Resumes a generator that does not wait at a `yield` of its own.
    #[inline(never)]
    fn start_or_drive(self, with: Resumption<S>) -> Result<Y, Raised<T>> {
        let generator = &mut *self.0;
        match &mut generator.body {
            Standing::Alive(Place::Delegating | Place::AtYield, _) => {
                generator.find_top();
                let state = generator.drive(with);
                self.settle(state)
            }
            Standing::Alive(Place::Start, _) if matches!(with, Resumption::Send(_)) => {
                mem::forget(self);
                Err(sent_too_early())
            }
            Standing::Alive(Place::Start, body) => {
                let step = body.as_mut().start(&mut generator.top);
                self.delegate_or_end(step)
            }
            Standing::Observed(observed) => {
                let result = observed.resume(with);
                mem::forget(self);
                result
            }
            Standing::Ended => Err(Raised::StopIteration(StopIteration { value: None })),
        }
    }

    #[inline(never)]
    fn delegate_or_end(self, step: Step<Y, Result<T, Exception>>) -> Result<Y, Raised<T>> {
        let state = match step {
            Step::Yielded(value) => CoroutineState::Yielded(value),
            Step::Complete(result) => CoroutineState::Complete(result),
            Step::Delegated(()) => {
                self.0.own = self.0.top;
                self.0.drive(Resumption::Next)
            }
        };
        self.settle(state)
    }

    #[inline]
    fn settle(self, state: CoroutineState<Y, Result<T, Exception>>) -> Result<Y, Raised<T>> {
        match state {
            CoroutineState::Yielded(value) => {
                self.0.body.is_now(match self.0.top.is_none() {
                    true => Place::AtYield,
                    false => Place::Delegating,
                });
                mem::forget(self);
                Ok(value)
            }
            CoroutineState::Complete(Ok(value)) => {
                Err(Raised::StopIteration(StopIteration { value: Some(value) }))
            }
            CoroutineState::Complete(Err(error)) => Err(error.out_of_generator().into()),
        }
    }
}

impl<Y, S, T, B: ?Sized> Drop for Running<'_, Y, S, T, B> {
    fn drop(&mut self) {
        // An inner generator has panicked, and the panic goes through all bodies that wait for it.
        if !self.0.top.is_none() {
            self.0.end_inner(true);
        }
        self.0.body = Standing::Ended;
    }
}

/// The error of a `yield from` whose generator had ended before: Rust has no value that fits each type.
#[cold]
fn no_value() -> Exception {
    RuntimeError::new("generator had already returned its value").into()
}

/// A generator that an observer is told of: whatever it is asked, and whatever it answers.
///
/// It is kept in another generator's `Standing`, so a generator that nobody observes is resumed as if
/// there were no observers.
struct Observed<Y, S, T, B: ?Sized> {
    generator: Generator<Y, S, T, B>,
    observer: Box<dyn Observer<Y, S, T>>,
}

impl<Y, S, T, B: ?Sized> Observed<Y, S, T, B> {
    fn new(generator: Generator<Y, S, T, B>, observer: Box<dyn Observer<Y, S, T>>) -> Self {
        Self {
            generator,
            observer,
        }
    }

    /// As [`Generator::throw`].
    fn throw(&mut self, error: Exception) -> Result<Y, Raised<T>>
    where
        B: Body<Y, S, T>,
    {
        self.observer.asked(Asked::Throw(&error));
        let asked = Waiting(&*self.observer);
        let result = self.generator.throw(error);
        asked.answered(Answered::of(&result), self.generator.state());
        result
    }

    /// As [`Generator::close`].
    fn close(&mut self) -> Result<Option<T>, Exception>
    where
        B: Body<Y, S, T>,
    {
        self.observer.asked(Asked::Close);
        let asked = Waiting(&*self.observer);
        let result = self.generator.close();
        let answer = match &result {
            Ok(Some(value)) => Answered::Returned(value),
            Ok(None) => Answered::Closed,
            Err(error) => Answered::Raised(error),
        };
        asked.answered(answer, self.generator.state());
        result
    }

    /// As [`Generator::resume`].
    #[cold]
    #[inline(never)]
    fn resume(&mut self, with: Resumption<S>) -> Result<Y, Raised<T>>
    where
        B: Body<Y, S, T>,
    {
        let with = match with {
            Resumption::Throw(error) => return self.throw(ManuallyDrop::into_inner(error)),
            with => with,
        };
        self.observer.asked(match &with {
            Resumption::Send(value) => Asked::Send(value),
            _ => Asked::Next,
        });
        let asked = Waiting(&*self.observer);
        let result = self.generator.resume(with);
        asked.answered(Answered::of(&result), self.generator.state());
        result
    }
}

impl<Y, S, T, B: ?Sized> Drop for Observed<Y, S, T, B> {
    fn drop(&mut self) {
        if self.generator.state() == GeneratorState::Suspended {
            self.observer.is_dropped();
            self.generator = Generator::ended();
            self.observer.was_dropped();
        }
    }
}

/// An observer that waits for the answer. It is told of a panic instead, which drops this on its way
/// out of a body.
struct Waiting<'a, Y, S, T>(&'a dyn Observer<Y, S, T>);

impl<Y, S, T> Waiting<'_, Y, S, T> {
    fn answered(self, answer: Answered<'_, Y, T>, state: GeneratorState) {
        self.0.answered(answer, state == GeneratorState::Closed);
        mem::forget(self);
    }
}

impl<Y, S, T> Drop for Waiting<'_, Y, S, T> {
    fn drop(&mut self) {
        self.0.panicked();
    }
}

#[cold]
fn sent_too_early<T>() -> Raised<T> {
    let message = "can't send non-None value to a just-started generator";
    Exception::from(TypeError::new(message)).into()
}

/// Yields until the body returns; what it returned is dropped, as in Python's `for`.
///
/// # Panics
///
/// When an error leaves the body, with that error: a `for` loop has no place for an error, which must
/// not pass for the end. [`Generator::results`] gives it as an item.
impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Iterator for Generator<Y, S, T, B> {
    type Item = Y;

    fn next(&mut self) -> Option<Y> {
        match self.resume(Resumption::Next) {
            Ok(value) => Some(value),
            Err(Raised::StopIteration(_)) => None,
            Err(Raised::Exception(error)) => panic!("{error}"),
        }
    }
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> std::iter::FusedIterator for Generator<Y, S, T, B> {}

/// The iterator that [`Generator::results`] gives.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// fn one() -> Generator<i32> {
///     generator! { yield 1; }
/// }
/// assert_eq!(one().results().map(Result::unwrap).collect::<Vec<_>>(), [1]);
/// ```
#[derive(Debug)]
pub struct Results<'g, Y, S, T, B: ?Sized> {
    generator: &'g mut Generator<Y, S, T, B>,
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Iterator for Results<'_, Y, S, T, B> {
    type Item = Result<Y, Exception>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.generator.resume(Resumption::Next) {
            Ok(value) => Some(Ok(value)),
            Err(Raised::StopIteration(_)) => None,
            Err(Raised::Exception(error)) => Some(Err(error)),
        }
    }
}

impl<Y, S, T, B: ?Sized> Debug for Generator<Y, S, T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generator")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
