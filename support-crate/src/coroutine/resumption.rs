//! What passes between a generator of Python's kind and its body.

use std::marker::PhantomData;
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

/// What a body is to return, for rustc to know before it reads the body.
#[doc(hidden)]
pub struct Returns<T>(PhantomData<fn() -> T>);

impl<T> Returns<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }

    /// What the body would leave itself with, if it did so here.
    pub fn never(self) -> Result<T, Exception> {
        unreachable!("a body does not return before it begins")
    }
}
