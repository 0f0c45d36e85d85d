//! The core's contract, in the words of `std::ops::Coroutine`, and the iterator that a coroutine can be.

use core::iter::FusedIterator;
use core::ops::DerefMut;
use core::pin::Pin;

/// What a resumption ended in, as the unstable [`std::ops::CoroutineState`] has it.
///
/// [`std::ops::CoroutineState`]: https://doc.rust-lang.org/std/ops/enum.CoroutineState.html
///
/// ```
/// use hitchhiker::coroutine::CoroutineState;
///
/// let state: CoroutineState<i32, &str> = CoroutineState::Yielded(1);
/// assert_ne!(state, CoroutineState::Complete("done"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoroutineState<Y, R> {
    /// The body is suspended at a `yield`, which had this value.
    Yielded(Y),
    /// The body has returned this value.
    Complete(R),
}

/// A body that is resumed with an `R`, as the unstable [`std::ops::Coroutine`] has it.
///
/// [`coroutine!`](super::coroutine) makes one, without the Python layer: it is pinned and resumed
/// where it stands, on the stack or in a box, and needs no memory but its own.
///
/// [`std::ops::Coroutine`]: https://doc.rust-lang.org/std/ops/trait.Coroutine.html
///
/// ```
/// use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
/// use std::pin::pin;
///
/// let mut total = pin!(coroutine!(|first: u32| {
///     let mut sum = first;
///     while sum < 60 {
///         sum += yield sum;
///     }
///     "enough"
/// }));
/// assert_eq!(total.as_mut().resume(10), CoroutineState::Yielded(10));
/// assert_eq!(total.as_mut().resume(20), CoroutineState::Yielded(30));
/// assert_eq!(total.as_mut().resume(30), CoroutineState::Complete("enough"));
/// ```
pub trait Coroutine<R = ()> {
    /// The type of the values that the body yields.
    type Yield;
    /// The type of the value that the body returns.
    type Return;

    /// Runs the body to its next `yield`, or to its end.
    ///
    /// The `yield` at which the body is suspended evaluates to `argument`; the argument of the first
    /// resumption is that of the closure.
    ///
    /// # Panics
    ///
    /// When the body panics, and when it has already completed or panicked.
    ///
    /// ```
    /// use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
    /// use std::pin::Pin;
    ///
    /// // Boxed, coroutines of one signature are of one type.
    /// type Counter = Pin<Box<dyn Coroutine<Yield = u32, Return = ()>>>;
    /// let mut counters: [Counter; 2] = [
    ///     Box::pin(coroutine!(|| { yield 1; })),
    ///     Box::pin(coroutine!(|| { yield 10; yield 20; })),
    /// ];
    /// for counter in &mut counters {
    ///     assert!(matches!(counter.as_mut().resume(()), CoroutineState::Yielded(1 | 10)));
    /// }
    /// ```
    fn resume(self: Pin<&mut Self>, argument: R) -> CoroutineState<Self::Yield, Self::Return>;
}

/// A pinned reference or box resumes what it points to, as in std.
///
/// ```
/// use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
/// use std::pin::{Pin, pin};
///
/// fn first<C: Coroutine<Yield = u32> + Unpin>(mut coroutine: C) -> Option<u32> {
///     match Pin::new(&mut coroutine).resume(()) {
///         CoroutineState::Yielded(value) => Some(value),
///         CoroutineState::Complete(_) => None,
///     }
/// }
/// assert_eq!(first(Box::pin(coroutine!(|| { yield 1; }))), Some(1));
/// assert_eq!(first(pin!(coroutine!(|| { yield 2; }))), Some(2));
/// ```
impl<R, P: DerefMut<Target: Coroutine<R>>> Coroutine<R> for Pin<P> {
    type Yield = <P::Target as Coroutine<R>>::Yield;
    type Return = <P::Target as Coroutine<R>>::Return;

    #[inline]
    fn resume(self: Pin<&mut Self>, argument: R) -> CoroutineState<Self::Yield, Self::Return> {
        self.as_deref_mut().resume(argument)
    }
}

impl<R, C: Coroutine<R> + Unpin + ?Sized> Coroutine<R> for &mut C {
    type Yield = C::Yield;
    type Return = C::Return;

    #[inline]
    fn resume(mut self: Pin<&mut Self>, argument: R) -> CoroutineState<C::Yield, C::Return> {
        Pin::new(&mut **self).resume(argument)
    }
}

/// Makes an iterator of a pinned coroutine that is resumed with nothing, as the unstable
/// [`std::iter::from_coroutine`] does.
///
/// It allocates nothing: `pin!` keeps the coroutine on the stack. A function that returns an
/// iterator returns a box, `from_coroutine(Box::pin(…))`, or a `Generator`: a body may borrow from
/// itself across a `yield`, and an iterator can be moved between two values.
///
/// [`std::iter::from_coroutine`]: https://doc.rust-lang.org/std/iter/fn.from_coroutine.html
///
/// ```
/// use hitchhiker::coroutine::{coroutine, from_coroutine};
/// use std::pin::pin;
///
/// let powers = pin!(coroutine!(|| {
///     for exponent in 0.. {
///         yield 2_u64.pow(exponent);
///     }
/// }));
/// let sum: u64 = from_coroutine(powers).take(5).sum();
/// assert_eq!(sum, 31);
/// ```
pub fn from_coroutine<C: Coroutine<Return = ()> + Unpin>(coroutine: C) -> FromCoroutine<C> {
    FromCoroutine {
        coroutine: Some(coroutine),
    }
}

/// The iterator that [`from_coroutine`] gives: it ends where the body does, and stays at its end.
#[derive(Debug, Clone)]
pub struct FromCoroutine<C> {
    /// `None` once the body has ended.
    coroutine: Option<C>,
}

impl<C: Coroutine<Return = ()> + Unpin> Iterator for FromCoroutine<C> {
    type Item = C::Yield;

    #[inline]
    fn next(&mut self) -> Option<C::Yield> {
        match Pin::new(self.coroutine.as_mut()?).resume(()) {
            CoroutineState::Yielded(value) => Some(value),
            CoroutineState::Complete(()) => {
                self.coroutine = None;
                None
            }
        }
    }
}

impl<C: Coroutine<Return = ()> + Unpin> FusedIterator for FromCoroutine<C> {}
