//! A generator that also takes values: PEP 342 on stable Rust.
//!
//! The [crate's front page](crate) explains what flows where, and has a table of Python's words and
//! the ones used here. Below them lies the core: a [`Coroutine`] is resumed with an argument and
//! answers a [`CoroutineState`], as the compiler's own unstable ones are.
//!
#![doc = include_str!("python.md")]

#[cfg(feature = "std")]
mod async_generator;
mod contract;
#[cfg(feature = "std")]
mod delegate;
#[cfg(feature = "std")]
mod exception;
#[cfg(feature = "std")]
mod generator;
mod machine;
#[cfg(feature = "std")]
mod shared;

#[cfg(feature = "std")]
pub use async_generator::{AsyncBody, AsyncGenerator, AsyncRaised, LocalAsyncGenerator, anext};
pub use contract::{Coroutine, CoroutineState};
#[cfg(feature = "std")]
pub use exception::{
    AttributeError, Exception, GeneratorExit, Raised, RuntimeError, StopIteration, TypeError,
    ValueError,
};
#[cfg(feature = "std")]
pub use generator::{
    Body, BorrowingGenerator, Generator, GeneratorState, LocalGenerator, Results, Sent, next,
};
pub use hitchhiker_macros::coroutine;
#[cfg(feature = "std")]
pub use hitchhiker_macros::{async_generator, generator};
#[cfg(feature = "std")]
pub use shared::SharedGenerator;

/// What the macros expand to. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "std")]
    pub use super::delegate::{IterateInto, Source};
    #[cfg(feature = "std")]
    pub use super::exception::or_exception;
    #[cfg(feature = "std")]
    pub use super::generator::Resumption;
    pub use super::machine::{AwaitedInBody, Machine, Yielder, first, never};
}
