//! `?` in a body: any error that can be raised becomes an [`Exception`].
//!
//! A `From` for errors and another for texts and boxes would contradict each other, should the
//! standard library make a `&str` an error one day. So the macros ask a method instead, which is
//! looked for in three traits, one for each reference taken away from `&&&Tried`: the first whose
//! conditions the error meets gives the [`Conversion`].

use std::error::Error;
use std::marker::PhantomData;

use super::exception::Exception;

/// Wraps the operand of a `?`, for rustc to find by its type how its error is raised.
pub struct Tried<'r, R>(pub &'r R);

/// How the error of a `?` becomes an [`Exception`].
pub struct Conversion<V, E>(fn(E) -> Exception, PhantomData<fn() -> V>);

impl<V, E> Conversion<V, E> {
    /// The value of `result`, or what its error is raised as.
    #[inline]
    pub fn raise(self, result: Result<V, E>) -> Result<V, Exception> {
        result.map_err(self.0)
    }
}

/// This holds for an error of a type of its own, and for one that was raised before.
pub trait RaisedAsError<V, E> {
    /// How the error is raised.
    fn hitchhiker_conversion(&self) -> Conversion<V, E>;
}

impl<V, E: Into<Exception>> RaisedAsError<V, E> for &&Tried<'_, Result<V, E>> {
    #[inline]
    fn hitchhiker_conversion(&self) -> Conversion<V, E> {
        Conversion(Into::into, PhantomData)
    }
}

/// This holds for a text, and for an error whose type has been erased.
pub trait RaisedAsBox<V, E> {
    /// How the error is raised.
    fn hitchhiker_conversion(&self) -> Conversion<V, E>;
}

impl<V, E: Into<Box<dyn Error + Send + Sync>>> RaisedAsBox<V, E> for &Tried<'_, Result<V, E>> {
    #[inline]
    fn hitchhiker_conversion(&self) -> Conversion<V, E> {
        Conversion(|error| Exception::from_boxed(error.into()), PhantomData)
    }
}

/// This holds for anything else, which does not compile: the bound of `Refusal::raise` says why.
pub trait NotRaised {
    /// Says that the error cannot be raised.
    fn hitchhiker_conversion(&self) -> Refusal;
}

impl<R> NotRaised for Tried<'_, R> {
    fn hitchhiker_conversion(&self) -> Refusal {
        Refusal
    }
}

pub struct Refusal;

impl Refusal {
    pub fn raise<R: Raise>(self, _: R) -> Result<R::Value, Exception> {
        unreachable!("what cannot be raised does not compile")
    }
}

/// What `?` takes in a body.
#[diagnostic::on_unimplemented(
    message = "`?` in a body takes a `Result`, not `{Self}`",
    label = "not a `Result`",
    note = "an `Option` becomes one by `.ok_or(\"what is missing\")?`"
)]
pub trait Raise {
    type Value;
}

impl<V, E: RaisedInBody> Raise for Result<V, E> {
    type Value = V;
}

/// No type implements this: an error that can be raised is found by a trait above.
#[diagnostic::on_unimplemented(
    message = "`?` in a body cannot raise a `{Self}`",
    label = "neither an error that may go to another thread, nor a text",
    note = "what `?` raises implements `Error + Send + Sync + 'static`, or is a `&str`, a `String` or a \
            `Box<dyn Error + Send + Sync>`",
    note = "give any other a message: `.map_err(|error| error.to_string())?`"
)]
pub trait RaisedInBody {}
