//! A generator that also takes values: PEP 342 on stable Rust.
//!
//! The [crate's front page](crate) explains what flows where, and has a table of Python's words and
//! the ones used here. Below this Python layer lies the core: a [`Coroutine`] is resumed with an
//! argument and answers a [`CoroutineState`], as the compiler's own unstable coroutines do.
//!
#![cfg_attr(feature = "std", doc = include_str!("python.md"))]
#![cfg_attr(feature = "std", doc = include_str!("others.md"))]

// Each of these files uses only those above it:
//
// | file | what it is about |
// |---|---|
// | `contract.rs` | the core's trait, `Coroutine`, what a resumption answers, and the iterator that a coroutine can be |
// | `machine.rs` | the engine: an `async` block that is resumed, and its `yield` |
// | `exception.rs` | what is raised: `Exception`, `Raised`, and Python's classes of error |
// | `raise.rs` | what `?` does to an error in a body |
// | `resumption.rs` | what the Python layer hands to a `yield`: nothing, a value or an error |
// | `erase.rs` | how bodies of different types become one type |
// | `delegate.rs` | `yield from` |
// | `observer.rs` | who watches a generator, and what there is to tell |
// | `generator.rs` | `Generator`: `next`, `send`, `throw`, `close` |
// | `async_generator.rs` | `AsyncGenerator`: the same, with `await` |
// | `macros.rs` | what makes bodies: `coroutine!`, `generator!`, `async_generator!`; `expansion!` shows it |
// | `shared.rs` | `SharedGenerator`: one generator under several names |
//
// The first two are the core, which needs no `std`; the rest is the Python layer.
#[cfg(feature = "std")]
mod async_generator;
mod contract;
#[cfg(feature = "std")]
mod delegate;
#[cfg(feature = "std")]
mod erase;
#[cfg(feature = "std")]
mod exception;
#[cfg(feature = "std")]
mod generator;
mod machine;
mod macros;
#[cfg(feature = "std")]
mod observer;
#[cfg(feature = "std")]
mod raise;
#[cfg(feature = "std")]
mod resumption;
#[cfg(feature = "std")]
mod shared;

#[cfg(feature = "std")]
pub(crate) use async_generator::ObservedBody;
#[cfg(feature = "std")]
pub use async_generator::{
    AsyncBody, AsyncGenerator, BorrowingAsyncGenerator, LocalAsyncGenerator, anext,
};
pub use contract::{Coroutine, CoroutineState, FromCoroutine, from_coroutine};
#[cfg(feature = "std")]
pub(crate) use erase::Erase;
#[cfg(feature = "std")]
pub use exception::{
    AsyncRaised, AttributeError, Exception, GeneratorExit, Raised, RuntimeError,
    StopAsyncIteration, StopIteration, TypeError, ValueError,
};
#[cfg(feature = "std")]
pub use generator::{
    Body, BorrowingGenerator, Generator, GeneratorState, LocalGenerator, Results, Sent, Thrown,
    next,
};
#[cfg(feature = "std")]
pub(crate) use observer::{Answered, Asked, AsyncObserver, Observer};
#[cfg(feature = "std")]
pub use shared::SharedGenerator;

#[doc(inline)]
pub use crate::__coroutine as coroutine;
#[cfg(feature = "expansion")]
#[doc(inline)]
pub use crate::__expansion as expansion;
#[cfg(feature = "std")]
#[doc(inline)]
pub use crate::{__async_generator as async_generator, __generator as generator};

/// The items that the expansions of the macros name. Code written by hand has no use for them.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "std")]
    pub use super::delegate::{IterateInto, NotDelegated, Source, yield_from};
    pub use core::result::Result;
    pub use hitchhiker_macros as expand;

    pub use super::machine::{AwaitedInBody, Machine, Yielder, first, never};
    #[cfg(feature = "std")]
    pub use super::raise::{NotRaised, RaisedAsBox, RaisedAsError, Tried};
    #[cfg(feature = "std")]
    pub use super::resumption::{Resumption, Returns};

    /// The macros among whose arguments a `yield` may stand. The expansion calls them by their path
    /// in this module, so that a reader's own macro of such a name never gets what the `yield`
    /// becomes.
    pub mod macros {
        pub use core::{
            assert, assert_eq, assert_ne, debug_assert, debug_assert_eq, debug_assert_ne,
            format_args, matches, panic, todo, unimplemented, unreachable, write, writeln,
        };
        #[cfg(feature = "std")]
        pub use std::{eprint, eprintln, format, print, println, vec};

        #[cfg(feature = "std")]
        pub use crate::__dbg as dbg;
    }
}
