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
    /// `ManuallyDrop`, because `received` always takes the exception out. Without it, every resumption would
    /// have to check whether there is an exception to drop.
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

/// The `Yielder` of a body of Python's kind, which receives a `Resumption` at each `yield`.
#[doc(hidden)]
pub type PythonYielder<Y, S> = Yielder<Y, Resumption<S>>;

/// Tells rustc the type that a body returns, before rustc reads the body.
#[doc(hidden)]
pub struct Returns<T>(PhantomData<fn() -> T>);

impl<T> Returns<T> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }

    /// What a `break` before the body would give, if it ever ran: rustc learns `T` from this.
    pub fn never(self) -> Result<T, Exception> {
        unreachable!("a body does not return before it begins")
    }
}
