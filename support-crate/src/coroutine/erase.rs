//! Bodies of one signature become one type: boxed, as a trait object.

use std::pin::Pin;

use super::machine::Machine;

/// Keeps the traits of bodies to the machines that the macros make.
pub trait Sealed {}

impl<Y, R, F> Sealed for Machine<Y, R, F> {}

/// Boxes a body of type `C` as the trait object that a generator's type names, such as
/// `dyn Body<Y, S, T> + Send`. The trait object implements this trait.
pub trait Erase<C> {
    fn erase(body: C) -> Pin<Box<Self>>;
}
