//! What passes between a generator of Python's kind and its body.

use std::mem::ManuallyDrop;

use super::exception::Exception;
use super::machine::Yielder;

/// What a resumption brings to the suspended `yield`.
#[doc(hidden)]
pub enum Resumption<S> {
    Next,
    Send(S),
    /// Always received, so never dropped; not to say so costs every resumption a check.
    Throw(ManuallyDrop<Exception>),
}

impl<S> Resumption<S> {
    /// What the `yield` evaluates to, or the error that it raises.
    #[inline]
    pub fn received(self) -> Result<Option<S>, Exception> {
        match self {
            Self::Next => Ok(None),
            Self::Send(value) => Ok(Some(value)),
            Self::Throw(exception) => Err(ManuallyDrop::into_inner(exception)),
        }
    }
}

/// What the body of a `generator!` yields with.
#[doc(hidden)]
pub type PythonYielder<Y, S> = Yielder<Y, Resumption<S>>;
