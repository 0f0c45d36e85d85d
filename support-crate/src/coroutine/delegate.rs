//! `yield from` (PEP 380).
//!
//! A body that delegates waits until the inner generator has ended, so the inner one might as well be
//! resumed directly, however deep it is. Each delegation is a future in the frame of the body that
//! waits for it. Its [`Header`] is linked to the delegation that this body is itself the inner
//! generator of, and to the one that its own inner generator waits for. The outermost generator holds
//! the innermost of them, the [`Top`] of that stack: a resumption goes straight there and passes no
//! body in between.
//!
//! A generator that is only lent, `yield from &mut inner`, takes part in the same stack. It may
//! outlive the generator that it is lent to, so it remembers the delegation of its own body: from
//! there the links lead to the innermost one, whatever has become of those outside.
//!
//! # Why this is sound
//!
//! The links are raw pointers, and a header dies with the frame that it is in. So this is the
//! invariant, and it holds whenever code runs that is not this crate's:
//!
//! > **Each header that a link may still be followed to is in the frame of a body that is suspended
//! > in this header's delegation.**
//!
//! Links are followed outwards from the `top` of a generator that is resumed or dropped, by [`drive`]
//! and [`end`]; and inwards from the `own` delegation of one that was lent and has no `top`, by
//! [`Top::innermost`]. No others are: what `outer` says of the `own` delegation is written again by
//! `innermost` or [`Top::push`] before it is read.
//!
//! A suspended body awaits one delegation at most, and leaves it, or drops it, only when the body is
//! resumed or dropped. Both happen in this crate alone, to a body whose delegation no link leads to
//! any more:
//!
//! **A body or an iterator is resumed** by [`resume_top`] and by [`drive_on`]. The top is then the
//! delegation whose inner generator runs, or none if the outermost one does. The delegation that this
//! body had been suspended in was taken off the stack before, by `resume_top` when its inner
//! generator had ended, or by `drive_on` when that one had ignored `GeneratorExit`. Between the poll
//! in which a body reaches its next delegation and [`Top::after`], which puts that one on the stack,
//! no code of anybody else runs. A reader's code cannot reach any generator of the stack meanwhile:
//! the outermost one is borrowed by its caller, and each inner one is owned or borrowed by a frame. A
//! panic goes on to the outermost generator, which ends all that its `top` leads to, also what is
//! lent to them (`Running` in `generator.rs`).
//!
//! **Inner generators are ended** by [`end_within`], so destructors of their locals run. The stack has
//! been shortened before: `drive_on` takes off what is to be ended, and a generator that is dropped or
//! unwound gives its `top` away. A destructor that panics meanwhile finds the outermost generator
//! with a stack that is alive. One body after the other is dropped, from inside out, so the next
//! header to look at is in a frame outside of what is dropped. A destructor cannot reach those frames;
//! where it panics, [`Ending`] goes on with the rest.
//!
//! **What is lent is left alone then**, with all that it delegates to, because its owner may go on
//! with it, even in a destructor of a frame that is being dropped. It is found from its `own`
//! delegation, and none of the headers inwards from there is in a frame that has been dropped. After a
//! panic of a body, where this would not be so, all that is lent on the stack is ended, too.
//!
//! **A generator that is ended itself** is out of reach before its inner generators are: it is being
//! dropped, it has been taken out of its place (`Delegate::end`), or a panic unwinds, in which no
//! second one gets out of a destructor. So nobody starts from its `top` or `own` again.
//!
//! **A result is replaced**, or a value dropped that was yielded in spite of `GeneratorExit`, after
//! the delegation has been taken off the stack and the result is written.
//!
//! **Observers and other names of a shared generator** see a generator that has a stack of its own
//! (`Generator::resume_apart`). An observer is told before that generator is resumed and after it has
//! answered. Other names are refused while it runs.
//!
//! **Forgetting** a generator leaves its frames, and the headers in them, alive for ever. **Moving,
//! swapping or sending** one moves its links with it, and no frame: a frame is in a box. Wakers play no
//! part: these bodies are polled with one that does nothing.
//!
//! `tests/destructors.rs` has the cases that once went wrong, `tests/fuzz` random ones.

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
        // SAFETY: the body that owns the delegation is suspended in it, so it is alive and unused.
        unsafe { self.push(Self(Some(address.cast())), Self(Some(address.cast()))) };
        Step::Delegated(())
    }

    /// Puts the delegations from `outermost` up to `innermost` on top.
    ///
    /// # Safety
    ///
    /// All of them must be suspended, and so must be what is on this stack.
    pub unsafe fn push(&mut self, outermost: Self, innermost: Self) {
        // SAFETY: the caller promises that both are alive.
        unsafe {
            if let Some(header) = outermost.0 {
                (*header.as_ptr()).outer = *self;
            }
            if let Some(header) = self.0 {
                (*header.as_ptr()).inner = outermost;
            }
        }
        *self = innermost;
    }

    /// Takes off what is on top of `outer`.
    ///
    /// # Safety
    ///
    /// `outer` must be a delegation on this stack, or none.
    unsafe fn pop_to(&mut self, outer: Self) {
        if let Some(header) = outer.0 {
            // SAFETY: the caller promises that it is on the stack, so it is alive.
            unsafe { (*header.as_ptr()).inner = Self::NONE };
        }
        *self = outer;
    }

    /// The top of the stack that this delegation, which is now its outermost, is on.
    ///
    /// # Safety
    ///
    /// The body that owns this delegation must be suspended in it.
    pub unsafe fn innermost(self) -> Self {
        let mut top = self;
        let mut next = self;
        if let Some(header) = self.0 {
            // SAFETY: the caller promises that it is alive.
            unsafe { (*header.as_ptr()).outer = Self::NONE };
        }
        while let Some(header) = next.0 {
            top = next;
            // SAFETY: an inner generator that waits in a delegation lives in, or is lent to, the
            // frame of the delegation around it.
            next = unsafe { (*header.as_ptr()).inner };
        }
        top
    }
}

/// Ends the inner generators of a stack, the innermost first: each drops a body that has nothing
/// left to end inside of it, so no recursion gets as deep as the stack.
///
/// The outermost generator that is lent, and all inside of it, are left alone, unless `lent_too`.
///
/// # Safety
///
/// `top` must be the top of a stack, or an outermost part of one, that nobody resumes afterwards.
pub unsafe fn end<Y, S>(top: Top<Y, S>, lent_too: bool) {
    // SAFETY: as `end_within`; nothing lies outside of the whole.
    unsafe { end_within(top, None, lent_too) }
}

/// As [`end`], up to the delegation `last`.
///
/// # Safety
///
/// As for `end`; and `last` must be on the stack.
unsafe fn end_within<Y, S>(top: Top<Y, S>, last: Option<NonNull<Header<Y, S>>>, lent_too: bool) {
    let is_last = |header| Some(header) == last;
    let mut first = top;
    let mut next = top;
    while let Some(header) = next.0.filter(|_| !lent_too) {
        // SAFETY: what is on the stack is alive.
        let Header { outer, is_lent, .. } = unsafe { *header.as_ptr() };
        next = if is_last(header) { Top::NONE } else { outer };
        if is_lent {
            first = next;
        }
    }
    let mut ending = Ending { next: first, last };
    // SAFETY: the caller promises that these are on a stack that nobody resumes.
    unsafe { ending.end_all() };
}

/// Delegations whose inner generators are still to be ended, from inside out.
struct Ending<Y, S> {
    next: Top<Y, S>,
    last: Option<NonNull<Header<Y, S>>>,
}

impl<Y, S> Ending<Y, S> {
    /// # Safety
    ///
    /// As for `end_within`.
    unsafe fn end_all(&mut self) {
        while let Some(header) = self.next.0 {
            // SAFETY: what is ended here is inside of what is looked at afterwards.
            let Header { outer, settle, .. } = unsafe { *header.as_ptr() };
            self.next = match Some(header) == self.last {
                true => Top::NONE,
                false => outer,
            };
            // SAFETY: the header came with this function.
            unsafe { settle(header, Settle::End) };
        }
    }
}

/// Ends the rest where a destructor has panicked. Otherwise each frame would drop the next one, which
/// takes more of the thread's stack the longer the chain is.
impl<Y, S> Drop for Ending<Y, S> {
    fn drop(&mut self) {
        // SAFETY: as for the call that did not come to its end.
        unsafe { self.end_all() };
    }
}

/// What the inner generator of a delegation came to.
enum Reached<Y> {
    Yielded(Y),
    /// The inner generator delegates in turn; the new delegation is on top.
    Delegated,
    /// The inner generator has ended; the delegation holds its result.
    Ended,
    /// It has ended as `close` wants it: it returned, or `GeneratorExit` left it. This is a variant of
    /// its own, since one with a field would not fit into two registers beside `Yielded`.
    EndedCleanly,
}

type Resume<Y, S> = unsafe fn(NonNull<Header<Y, S>>, Resumption<S>, &mut Top<Y, S>) -> Reached<Y>;
type SettleIt<Y, S> = unsafe fn(NonNull<Header<Y, S>>, Settle);

/// What becomes of a delegation whose inner generator is not resumed again.
enum Settle {
    /// The body that waits gets this error.
    Fail(Exception),
    /// The inner generator is ended; nobody waits for it any more.
    End,
}

/// The part of a delegation that does not depend on the type of the inner generator.
struct Header<Y, S> {
    /// The delegation whose inner generator is the body that waits in this one.
    outer: Top<Y, S>,
    /// The delegation that the inner generator's body waits in, if it delegates, too.
    inner: Top<Y, S>,
    is_lent: bool,
    resume: Resume<Y, S>,
    settle: SettleIt<Y, S>,
}

/// The future that a `yield from` awaits.
#[repr(C)] // the header lies first, so that its address is the delegation's
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
    label = "it is no generator that yields `{Y}` and receives `{S}`, as the body around it does",
    note = "to change the values on their way, yield each of them: `for value in inner {{ yield … }}`"
)]
pub trait Delegate<Y, S> {
    type Return;

    /// Whether the inner generator may outlive the delegation.
    const IS_LENT: bool = false;

    fn resume(
        &mut self,
        with: Resumption<S>,
        top: &mut Top<Y, S>,
    ) -> Step<Y, Result<Self::Return, Exception>>;

    /// Drops what is left of the inner generator, its body above all; it is not resumed again.
    fn end(&mut self) {}
}

/// Suspends the body until `inner` has ended; resumptions go to `inner` until then.
pub fn yield_from<Y, S, I, T>(_: &PythonYielder<Y, S>, inner: I) -> Delegation<'_, Y, S, I, T>
where
    I: Delegate<Y, S, Return = T>,
{
    Delegation {
        header: Header {
            outer: Top::NONE,
            inner: Top::NONE,
            is_lent: I::IS_LENT,
            resume: Delegation::<Y, S, I, T>::resume,
            settle: Delegation::<Y, S, I, T>::settle,
        },
        inner,
        result: None,
        yielder: PhantomData,
        _pinned: PhantomPinned,
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
        let delegation: *mut Self = header.cast().as_ptr();
        // SAFETY: the caller promises the type; a suspended body does not touch its delegation. The
        // header is borrowed by nobody, for the stack's links lead there.
        match unsafe { &mut (*delegation).inner }.resume(with, top) {
            Step::Yielded(value) => Reached::Yielded(value),
            Step::Delegated(()) => Reached::Delegated,
            // SAFETY: as above.
            Step::Complete(result) => Self::ended(unsafe { &mut (*delegation).result }, result),
        }
    }

    /// Leaves what the inner generator came to for the body that waits.
    #[cold]
    #[inline(never)]
    fn ended(left: &mut Option<Result<T, Exception>>, result: Result<T, Exception>) -> Reached<Y> {
        let reached = match &result {
            Err(error) if !error.is::<GeneratorExit>() => Reached::Ended,
            _ => Reached::EndedCleanly,
        };
        *left = Some(result);
        reached
    }

    /// # Safety
    ///
    /// As for `resume`.
    unsafe fn settle(header: NonNull<Header<Y, S>>, how: Settle) {
        let delegation: *mut Self = header.cast().as_ptr();
        match how {
            Settle::Fail(error) => {
                // SAFETY: as in `resume`.
                let result = unsafe { &mut (*delegation).result };
                // A value in its place is dropped afterwards: its destructor may be a reader's.
                drop(result.replace(Err(error)));
            }
            // SAFETY: as in `resume`.
            Settle::End => unsafe { &mut (*delegation).inner }.end(),
        }
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
    body: impl FnMut(Resumption<S>, &mut Top<Y, S>) -> Step<Y, T>,
) -> CoroutineState<Y, T> {
    // Most resumptions bring back a value from the innermost generator: that is all there is to do.
    if let (Some(header), Resumption::Next | Resumption::Send(_)) = (top.0, &with) {
        // SAFETY: `header` is that of the top.
        if let Reached::Yielded(value) = unsafe { resume_top(header, with, top) } {
            return CoroutineState::Yielded(value);
        }
        with = Resumption::Next;
    }
    // SAFETY: the caller promises the same.
    unsafe { drive_on(top, with, body) }
}

/// As [`drive`], whatever the resumption is and whatever becomes of it.
///
/// # Safety
///
/// As for `drive`.
#[inline(never)]
unsafe fn drive_on<Y, S, T>(
    top: &mut Top<Y, S>,
    mut with: Resumption<S>,
    mut body: impl FnMut(Resumption<S>, &mut Top<Y, S>) -> Step<Y, T>,
) -> CoroutineState<Y, T> {
    // PEP 380 closes the inner generator for a `GeneratorExit`, then raises it in the outer one. The
    // outer one is closed by that, too, where it is itself the inner one of another.
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
        let is_closing = closing.0 == Some(header);
        // SAFETY: `header` is that of the top.
        match unsafe { resume_top(header, with, top) } {
            Reached::Delegated => {}
            Reached::Yielded(value) => match closing.0 {
                None => return CoroutineState::Yielded(value),
                Some(ignoring) => {
                    // SAFETY: the delegation is still on the stack, so it is alive.
                    let Header { outer, settle, .. } = unsafe { *ignoring.as_ptr() };
                    let error = RuntimeError::new("generator ignored GeneratorExit");
                    let ignored = *top;
                    // The stack must lead past these before a destructor among them can panic.
                    // SAFETY: all of these are on the stack; the header came with its function.
                    unsafe {
                        top.pop_to(outer);
                        settle(ignoring, Settle::Fail(error.into()));
                    }
                    closing = outer;
                    // SAFETY: they were on the stack, which does not lead to them any more.
                    unsafe { end_within(ignored, Some(ignoring), false) };
                    drop(value);
                }
            },
            ended => {
                if is_closing {
                    if let Reached::EndedCleanly = ended {
                        // SAFETY: its body has not been resumed since; the header came with this
                        // function.
                        unsafe {
                            ((*header.as_ptr()).settle)(header, Settle::Fail(GeneratorExit.into()))
                        };
                    }
                    closing = *top;
                }
            }
        }
        with = Resumption::Next;
    }
}

/// Resumes the innermost generator, and takes its delegation off the stack if it has ended.
///
/// # Safety
///
/// `header` must be that of the delegation at the `top`.
#[inline]
unsafe fn resume_top<Y, S>(
    header: NonNull<Header<Y, S>>,
    with: Resumption<S>,
    top: &mut Top<Y, S>,
) -> Reached<Y> {
    // SAFETY: what is on the stack is alive: each delegation's body is suspended in it, and
    // leaves it only when it is resumed, for which it is taken off the stack first.
    let Header { outer, resume, .. } = unsafe { *header.as_ptr() };
    // SAFETY: the header came with this function.
    let reached = unsafe { resume(header, with, top) };
    if let Reached::Ended | Reached::EndedCleanly = reached {
        // SAFETY: `outer` is the next on the stack.
        unsafe { top.pop_to(outer) };
    }
    reached
}

impl<Y, S> Clone for Header<Y, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Y, S> Copy for Header<Y, S> {}

/// What stands behind `yield from`. Its method `into_delegate` says what is delegated to.
///
/// It is a method so that a generator is not taken for the iterator that it also is: rustc takes a
/// method of the type itself before one of a trait, and one that takes a reference last. A method of
/// that name in anybody else's trait is given no `PythonYielder`, and what it returns is a
/// `Delegate` or a compile error.
pub struct Source<I>(pub I);

/// `yield from` an iterator: values go out, and nothing comes in.
pub trait IterateInto {
    /// The iterator that gives the values.
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

/// This holds for anything else, which does not compile: the bound of `into_delegate` says why.
#[allow(clippy::wrong_self_convention)] // `yield from` looks for a method of this name
pub trait NotDelegated {
    /// The type that would have to give values.
    type Inner;

    /// Says that the value cannot be delegated to.
    fn into_delegate<T>(&self) -> Refused<T>
    where
        Self::Inner: YieldedFrom;
}

impl<I> NotDelegated for Source<I> {
    type Inner = I;

    fn into_delegate<T>(&self) -> Refused<T>
    where
        I: YieldedFrom,
    {
        unreachable!("what cannot be delegated to does not compile")
    }
}

/// No type implements this: a method above is found first for whatever gives values.
#[diagnostic::on_unimplemented(
    message = "`yield from` takes a generator or what a `for` loop takes, not `{Self}`",
    label = "gives no values",
    note = "call the function that makes the generator, `yield from inner()`; lend one by `yield from &mut inner`; \
            a single value needs no `from`"
)]
pub trait YieldedFrom {}

pub struct Refused<T>(PhantomData<fn() -> T>);

impl<Y, S, T> Delegate<Y, S> for Refused<T> {
    type Return = T;

    fn resume(&mut self, _: Resumption<S>, _: &mut Top<Y, S>) -> Step<Y, Result<T, Exception>> {
        unreachable!("what cannot be delegated to does not compile")
    }
}
