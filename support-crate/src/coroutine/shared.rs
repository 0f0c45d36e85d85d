//! One generator under several names.

use std::fmt::{self, Debug};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::delegate::{Delegate, Source, Top};
use super::exception::{Exception, Raised, ValueError};
use super::generator::{Body, Generator, GeneratorState, Sent, Thrown};
use super::machine::Step;
use super::resumption::Resumption;

/// A generator that several places resume, as every name of a Python generator can.
///
/// Its clones are the same generator. Only one of them resumes it at a time; a resumption that comes
/// meanwhile, from the body itself too, is refused with Python's `ValueError`, and does not wait.
/// [`state`](Self::state) and `{:?}` can be asked for at any time: no resumption is refused for that.
///
/// It is an iterator as a [`Generator`] is, and so is a reference to it. `yield from` takes both, and
/// passes values and errors on to the generator.
///
/// # When another name ends it
///
/// Where another name has ended the generator meanwhile, an error that is thrown into the `yield from`
/// is raised there, and `close` closes the body around it, as in Python. A resumption by `next` or
/// `send` would make Python's `yield from` evaluate to `None`. Here it has to be a `T`, which only the
/// end of the body gives: `RuntimeError: generator had already returned its value` is raised instead.
///
/// ```
/// use hitchhiker::coroutine::*;
/// use std::sync::OnceLock;
///
/// static ITSELF: OnceLock<SharedGenerator<String>> = OnceLock::new();
///
/// let g = SharedGenerator::new(generator! {
///     let Some(itself) = ITSELF.get() else { return };
///     yield itself.send(None).unwrap_err().to_string();
/// });
/// let same = ITSELF.get_or_init(|| g.clone());
/// assert_eq!(g.send(None)?, "ValueError: generator already executing");
/// assert_eq!(same.state(), GeneratorState::Suspended);
/// # Ok::<(), Raised>(())
/// ```
pub struct SharedGenerator<Y, S = (), T = (), B: ?Sized = dyn Body<Y, S, T> + Send> {
    shared: Arc<Shared<Y, S, T, B>>,
}

/// What all names of a generator share.
struct Shared<Y, S, T, B: ?Sized> {
    /// The generator's [`GeneratorState`]. The resumption that sets it to `Running` has the generator
    /// to itself. It is outside of the mutex, so that a look at it never keeps a resumption out.
    state: AtomicU8,
    /// Locked only after the state has been set to `Running`, so nothing waits here for a body.
    generator: Mutex<Generator<Y, S, T, B>>,
}

/// The right to resume the generator. Dropped, it gives the right back and says what the state is.
struct Resuming<'g, Y, S, T, B: ?Sized> {
    state: &'g AtomicU8,
    generator: MutexGuard<'g, Generator<Y, S, T, B>>,
}

impl<Y, S, T, B: ?Sized> Deref for Resuming<'_, Y, S, T, B> {
    type Target = Generator<Y, S, T, B>;

    fn deref(&self) -> &Self::Target {
        &self.generator
    }
}

impl<Y, S, T, B: ?Sized> DerefMut for Resuming<'_, Y, S, T, B> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.generator
    }
}

impl<Y, S, T, B: ?Sized> Drop for Resuming<'_, Y, S, T, B> {
    fn drop(&mut self) {
        // The lock is released right after this: the next one to resume waits that long for it.
        let state = self.generator.state() as u8;
        self.state.store(state, Ordering::Release);
    }
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> SharedGenerator<Y, S, T, B> {
    /// Shares `generator`.
    pub fn new(generator: Generator<Y, S, T, B>) -> Self {
        Self {
            shared: Arc::new(Shared {
                state: AtomicU8::new(generator.state() as u8),
                generator: Mutex::new(generator),
            }),
        }
    }

    /// As [`Generator::send`].
    ///
    /// # Errors
    ///
    /// Those of [`Generator::send`], and `ValueError` while somebody else resumes the generator.
    pub fn send(&self, value: impl Sent<S>) -> Result<Y, Raised<T>> {
        self.free()?.send(value)
    }

    /// As [`Generator::throw`].
    ///
    /// # Errors
    ///
    /// Those of [`Generator::throw`], and `ValueError` while somebody else resumes the generator.
    pub fn throw(&self, error: impl Thrown) -> Result<Y, Raised<T>> {
        self.free()?.throw(error)
    }

    /// As [`Generator::close`].
    ///
    /// # Errors
    ///
    /// Those of [`Generator::close`], and `ValueError` while somebody else resumes the generator.
    pub fn close(&self) -> Result<Option<T>, Exception> {
        self.free()?.close()
    }

    /// As [`Generator::state`], and `Running` while somebody resumes the generator.
    pub fn state(&self) -> GeneratorState {
        const STATES: [GeneratorState; 4] = [
            GeneratorState::Created,
            GeneratorState::Running,
            GeneratorState::Suspended,
            GeneratorState::Closed,
        ];
        let state = self.shared.state.load(Ordering::Acquire);
        STATES[usize::from(state)]
    }

    fn free(&self) -> Result<Resuming<'_, Y, S, T, B>, Exception> {
        const RUNNING: u8 = GeneratorState::Running as u8;
        let Shared { state, generator } = &*self.shared;
        if state.swap(RUNNING, Ordering::Acquire) == RUNNING {
            return Err(ValueError::new("generator already executing").into());
        }
        // A body that panicked has ended its generator; there is nothing half done to hide.
        let generator = generator.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Resuming { state, generator })
    }
}

/// Yields until the body returns; what it returned is dropped.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// let numbers = SharedGenerator::new(generator! { yield 1; yield 2; yield 3; });
/// let same: SharedGenerator<i32> = numbers.clone();
/// assert_eq!(numbers.take(2).collect::<Vec<_>>(), [1, 2]);
/// assert_eq!(same.collect::<Vec<_>>(), [3]);
/// ```
///
/// # Panics
///
/// When an error leaves the body, with that error, and when somebody else resumes the generator, with
/// the `ValueError`. [`send(None)`](SharedGenerator::send) gives either as a value.
impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Iterator for SharedGenerator<Y, S, T, B> {
    type Item = Y;

    fn next(&mut self) -> Option<Y> {
        Iterator::next(&mut &*self)
    }
}

/// Yields as the generator itself does, without the need to own one of its names.
///
/// ```
/// use hitchhiker::coroutine::*;
///
/// let numbers: SharedGenerator<i32> = SharedGenerator::new(generator! { yield 1; yield 2; });
/// for number in &numbers {
///     println!("{number}: {:?}", numbers.state());
/// }
/// assert_eq!(numbers.state(), GeneratorState::Closed);
/// ```
///
/// # Panics
///
/// When the iterator that a `SharedGenerator` itself is would panic.
impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Iterator for &SharedGenerator<Y, S, T, B> {
    type Item = Y;

    fn next(&mut self) -> Option<Y> {
        match self.send(None) {
            Ok(value) => Some(value),
            Err(Raised::StopIteration(_)) => None,
            Err(Raised::Exception(error)) => panic!("{error}"),
        }
    }
}

impl<Y, S, T, B: ?Sized> Source<SharedGenerator<Y, S, T, B>> {
    /// What is delegated to.
    pub fn into_delegate(self) -> SharedGenerator<Y, S, T, B> {
        self.0
    }
}

impl<'g, Y, S, T, B: ?Sized> Source<&'g SharedGenerator<Y, S, T, B>> {
    /// What is delegated to.
    pub fn into_delegate(self) -> &'g SharedGenerator<Y, S, T, B> {
        self.0
    }
}

/// Whoever shares the generator may resume it at any time, so it keeps its own delegations.
impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Delegate<Y, S> for &SharedGenerator<Y, S, T, B> {
    type Return = T;

    fn resume(&mut self, with: Resumption<S>, _: &mut Top<Y, S>) -> Step<Y, Result<T, Exception>> {
        match self.free() {
            Ok(mut generator) => generator.resume_apart(with),
            Err(error) => {
                drop(with.received());
                Step::Complete(Err(error))
            }
        }
    }
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Delegate<Y, S> for SharedGenerator<Y, S, T, B> {
    type Return = T;

    fn resume(
        &mut self,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<T, Exception>> {
        Delegate::resume(&mut &*self, with, top)
    }
}

impl<Y, S, T, B: ?Sized> Clone for SharedGenerator<Y, S, T, B> {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
        }
    }
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> Debug for SharedGenerator<Y, S, T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedGenerator")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
