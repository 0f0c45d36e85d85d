//! `yield from` (PEP 380).
//!
//! A body that delegates stands still until the inner generator has ended, so whoever resumes the
//! outer one might as well resume the inner one directly, however deep it is. Each delegation lives
//! in the frame of the body that waits for it, and points to the delegation that this body is
//! itself the inner generator of. The outermost generator holds the innermost of them, the
//! [`Top`] of that stack: a resumption goes straight there and passes no body in between.

use std::future::Future;
use std::marker::{PhantomData, PhantomPinned};
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use super::contract::CoroutineState;
use super::exception::{AttributeError, Exception, GeneratorExit, RuntimeError, class_name};
use super::machine::{Exchange, Step, exchange_of};
use super::resumption::{PythonYielder, Resumption};

/// The innermost delegation of a generator, if it delegates.
pub struct Top<Y, S>(Option<NonNull<Header<Y, S>>>);

impl<Y, S> Clone for Top<Y, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Y, S> Copy for Top<Y, S> {}

// SAFETY: it points into the frames of the generator that holds it, and moves to another thread
// only with them; whether they may move is decided by what else they hold.
unsafe impl<Y, S> Send for Top<Y, S> {}
// SAFETY: nothing is done through a shared `Top`.
unsafe impl<Y, S> Sync for Top<Y, S> {}

impl<Y, S> Top<Y, S> {
    pub const NONE: Self = Self(None);

    #[inline]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// Puts the delegation that a body has come to, if it has come to one, on top.
    ///
    /// # Safety
    ///
    /// `step` must be that of a body with this `Y` and `S`, which has not been resumed since.
    #[inline]
    pub unsafe fn after<T>(&mut self, step: Step<Y, T, NonNull<()>>) -> Step<Y, T> {
        let address = match step {
            Step::Yielded(value) => return Step::Yielded(value),
            Step::Complete(result) => return Step::Complete(result),
            Step::Delegated(address) => address,
        };
        let mut header: NonNull<Header<Y, S>> = address.cast();
        // SAFETY: the body that owns the delegation is suspended in it, so it is alive and unused.
        unsafe { header.as_mut() }.outer = *self;
        self.0 = Some(header);
        Step::Delegated(())
    }
}

/// What the inner generator of a delegation came to.
enum Reached<Y> {
    Yielded(Y),
    /// It delegates in turn; the new delegation is on top.
    Delegated,
    /// It has ended; the delegation holds its result.
    Ended,
    /// The same as `close` wants it: it returned, or `GeneratorExit` left it. A variant of its own,
    /// since one with a field would not fit into two registers beside `Yielded`.
    EndedCleanly,
}

type Resume<Y, S> = unsafe fn(NonNull<Header<Y, S>>, Resumption<S>, &mut Top<Y, S>) -> Reached<Y>;
type Fail<Y, S> = unsafe fn(NonNull<Header<Y, S>>, Exception);

/// The part of a delegation that does not depend on the type of the inner generator.
struct Header<Y, S> {
    outer: Top<Y, S>,
    resume: Resume<Y, S>,
    fail: Fail<Y, S>,
}

/// The future that a `yield from` awaits.
#[repr(C)] // the header first, so that its address is the delegation's
pub struct Delegation<'a, Y, S, I, T> {
    header: Header<Y, S>,
    inner: I,
    result: Option<Result<T, Exception>>,
    yielder: PhantomData<&'a PythonYielder<Y, S>>,
    _pinned: PhantomPinned,
}

/// What a body can delegate to. Outside of this crate the trait has no name, so nobody else's type
/// is ever resumed with a `top`.
#[diagnostic::on_unimplemented(
    message = "this generator cannot `yield from` a `{Self}`",
    label = "it is no generator that yields `{Y}` and receives `{S}`, as the body around it does"
)]
pub trait Delegate<Y, S> {
    type Return;

    fn resume(
        &mut self,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<Self::Return, Exception>>;
}

impl<Y, S> PythonYielder<Y, S> {
    /// Suspends the body until `inner` has ended; resumptions go to `inner` until then.
    pub fn delegate<I, T>(&self, inner: I) -> Delegation<'_, Y, S, I, T>
    where
        I: Delegate<Y, S, Return = T>,
    {
        Delegation {
            header: Header {
                outer: Top::NONE,
                resume: Delegation::<Y, S, I, T>::resume,
                fail: Delegation::<Y, S, I, T>::fail,
            },
            inner,
            result: None,
            yielder: PhantomData,
            _pinned: PhantomPinned,
        }
    }
}

impl<Y, S, I: Delegate<Y, S, Return = T>, T> Delegation<'_, Y, S, I, T> {
    /// # Safety
    ///
    /// `header` must be that of a `Delegation` of this type, in which its body is suspended.
    unsafe fn resume(
        header: NonNull<Header<Y, S>>,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Reached<Y> {
        // SAFETY: the caller promises the type; a suspended body does not touch its delegation.
        let delegation = unsafe { header.cast::<Self>().as_mut() };
        match delegation.inner.resume(with, top) {
            Step::Yielded(value) => Reached::Yielded(value),
            Step::Delegated(()) => Reached::Delegated,
            Step::Complete(result) => {
                let reached = match &result {
                    Err(error) if !error.is::<GeneratorExit>() => Reached::Ended,
                    _ => Reached::EndedCleanly,
                };
                delegation.result = Some(result);
                reached
            }
        }
    }

    /// # Safety
    ///
    /// As for `resume`.
    unsafe fn fail(header: NonNull<Header<Y, S>>, error: Exception) {
        // SAFETY: as in `resume`.
        unsafe { header.cast::<Self>().as_mut() }.result = Some(Err(error));
    }
}

impl<Y, S, I, T> Future for Delegation<'_, Y, S, I, T> {
    type Output = Result<T, Exception>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: a yielder exists only together with the promise that this asks for.
        let exchange = unsafe { exchange_of::<Y, Resumption<S>>(context) };
        // SAFETY: the delegation stays where it is; its fields are only written to.
        let delegation = unsafe { self.get_unchecked_mut() };
        match delegation.result.take() {
            Some(result) => {
                *exchange = Exchange::Empty;
                Poll::Ready(result)
            }
            None => {
                *exchange = Exchange::Delegated(NonNull::from(delegation).cast());
                Poll::Pending
            }
        }
    }
}

/// Resumes a generator that delegates, up to the next value or the end of its own `body`.
///
/// # Safety
///
/// `top` must be the top of the generator whose own body `body` resumes.
#[inline]
pub unsafe fn drive<Y, S, T>(
    top: &mut Top<Y, S>,
    mut with: Resumption<S>,
    mut body: impl FnMut(Resumption<S>, &mut Top<Y, S>) -> Step<Y, T>,
) -> CoroutineState<Y, T> {
    // PEP 380 closes the inner generator for a `GeneratorExit`, then raises it in the outer one:
    // which closes that one, where it is an inner one itself.
    let mut closing = match &with {
        Resumption::Throw(error) if error.is::<GeneratorExit>() => *top,
        _ => Top::NONE,
    };
    loop {
        let Some(header) = top.0 else {
            match body(with, top) {
                Step::Yielded(value) => return CoroutineState::Yielded(value),
                Step::Complete(result) => return CoroutineState::Complete(result),
                Step::Delegated(()) => {
                    with = Resumption::Next;
                    continue;
                }
            }
        };
        // SAFETY: what is on the stack is alive: each delegation's body is suspended in it, and
        // leaves it only when it is resumed, for which it is taken off the stack first.
        let Header {
            outer,
            resume,
            fail,
        } = unsafe { *header.as_ref() };
        let is_closing = closing.0 == Some(header);
        // SAFETY: the header came with these functions.
        match unsafe { resume(header, with, top) } {
            Reached::Delegated => {}
            Reached::Yielded(value) => match closing.0 {
                None => return CoroutineState::Yielded(value),
                Some(ignoring) => {
                    // SAFETY: as above; what is on top of it is dropped together with it.
                    let Header { outer, fail, .. } = unsafe { *ignoring.as_ref() };
                    let error = RuntimeError::new("generator ignored GeneratorExit");
                    // SAFETY: the header came with this function.
                    unsafe { fail(ignoring, error.into()) };
                    *top = outer;
                    closing = outer;
                }
            },
            ended => {
                *top = outer;
                if is_closing {
                    if let Reached::EndedCleanly = ended {
                        // SAFETY: the header came with this function.
                        unsafe { fail(header, GeneratorExit.into()) };
                    }
                    closing = outer;
                }
            }
        }
        with = Resumption::Next;
    }
}

impl<Y, S> Clone for Header<Y, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Y, S> Copy for Header<Y, S> {}

/// What stands behind `yield from`. Its method `into_delegate` says what is delegated to.
///
/// It is a method so that a generator is not taken for the iterator that it also is: one of the
/// type itself goes before one of a trait. Whoever's trait has a method of that name, it is given
/// no `PythonYielder`, and what it returns is a `Delegate` or a compile error.
pub struct Source<I>(pub I);

/// `yield from` an iterator: values out, nothing in.
pub trait IterateInto {
    /// What gives the values.
    type Iterator;

    /// What is delegated to.
    fn into_delegate(self) -> Iterated<Self::Iterator>;
}

pub struct Iterated<I>(I);

impl<I: IntoIterator> IterateInto for Source<I> {
    type Iterator = I::IntoIter;

    /// What is delegated to.
    fn into_delegate(self) -> Iterated<I::IntoIter> {
        Iterated(self.0.into_iter())
    }
}

impl<S, I: Iterator> Delegate<I::Item, S> for Iterated<I> {
    type Return = ();

    fn resume(
        &mut self,
        with: Resumption<S>,
        _: &mut Top<I::Item, S>,
    ) -> Step<I::Item, Result<(), Exception>> {
        match with {
            Resumption::Next => match self.0.next() {
                Some(value) => Step::Yielded(value),
                None => Step::Complete(Ok(())),
            },
            Resumption::Send(_) => {
                let class = class_name::<I>();
                let message = format!("'{class}' object has no attribute 'send'");
                Step::Complete(Err(AttributeError::new(message).into()))
            }
            Resumption::Throw(error) => Step::Complete(Err(ManuallyDrop::into_inner(error))),
        }
    }
}
