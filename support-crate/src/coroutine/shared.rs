//! One generator under several names.

use std::fmt::{self, Debug};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use super::exception::{Exception, Raised, ValueError};
use super::generator::{Body, Generator, GeneratorState, Sent};

/// A generator that several places resume, as every name of a Python generator can.
///
/// Its clones are the same generator. Rust lets only one of them resume it at a time; whoever comes
/// meanwhile, the body itself included, is refused with Python's `ValueError`, and does not wait.
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
    generator: Arc<Mutex<Generator<Y, S, T, B>>>,
}

impl<Y, S, T, B: Body<Y, S, T> + ?Sized> SharedGenerator<Y, S, T, B> {
    /// Shares `generator`.
    pub fn new(generator: Generator<Y, S, T, B>) -> Self {
        Self {
            generator: Arc::new(Mutex::new(generator)),
        }
    }

    /// As [`Generator::send`].
    ///
    /// # Errors
    ///
    /// As there, and `ValueError` while somebody else resumes the generator.
    pub fn send(&self, value: impl Sent<S>) -> Result<Y, Raised<T>> {
        self.free()?.send(value)
    }

    /// As [`Generator::throw`].
    ///
    /// # Errors
    ///
    /// As there, and `ValueError` while somebody else resumes the generator.
    pub fn throw(&self, error: impl Into<Exception>) -> Result<Y, Raised<T>> {
        self.free()?.throw(error)
    }

    /// As [`Generator::close`].
    ///
    /// # Errors
    ///
    /// As there, and `ValueError` while somebody else resumes the generator.
    pub fn close(&self) -> Result<Option<T>, Exception> {
        self.free()?.close()
    }

    /// As [`Generator::state`], and `Running` while somebody resumes the generator.
    pub fn state(&self) -> GeneratorState {
        self.free()
            .map_or(GeneratorState::Running, |generator| generator.state())
    }

    fn free(&self) -> Result<MutexGuard<'_, Generator<Y, S, T, B>>, Exception> {
        match self.generator.try_lock() {
            Ok(generator) => Ok(generator),
            // A body that panicked has ended its generator; there is nothing half done to hide.
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(ValueError::new("generator already executing").into())
            }
        }
    }
}

impl<Y, S, T, B: ?Sized> Clone for SharedGenerator<Y, S, T, B> {
    fn clone(&self) -> Self {
        Self {
            generator: self.generator.clone(),
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
