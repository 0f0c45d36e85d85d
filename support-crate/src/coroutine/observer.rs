//! Who watches a generator, and what there is to tell.
//!
//! [`Trace`](crate::trace::Trace) is such an observer.

use std::task::Waker;

use super::exception::{Exception, Raised};

/// What a generator is asked.
pub enum Asked<'a, S> {
    Next,
    Send(&'a S),
    Throw(&'a Exception),
    Close,
}

/// What a generator answers.
pub enum Answered<'a, Y, T> {
    Yielded(&'a Y),
    Returned(&'a T),
    Raised(&'a Exception),
    /// It had ended before it was asked.
    HadEnded,
    /// It was closed, and its body has returned nothing on its way out.
    Closed,
}

impl<'a, Y, T> Answered<'a, Y, T> {
    /// The answer to anything but `close`.
    pub(super) fn of(result: &'a Result<Y, Raised<T>>) -> Self {
        match result {
            Ok(value) => Self::Yielded(value),
            Err(Raised::Exception(error)) => Self::Raised(error),
            Err(Raised::StopIteration(stop)) => match &stop.value {
                Some(value) => Self::Returned(value),
                None => Self::HadEnded,
            },
        }
    }
}

/// Who is told what an observed generator does.
pub trait Observer<Y, S, T>: Send + Sync {
    /// The generator is asked; it runs until one of the next two says otherwise.
    fn asked(&self, what: Asked<'_, S>);
    /// `ended` says whether its body has ended with this answer, or before.
    fn answered(&self, answer: Answered<'_, Y, T>, ended: bool);
    fn panicked(&self);
    /// A suspended generator is dropped. It runs, its destructors do, until `was_dropped`.
    fn is_dropped(&self);
    fn was_dropped(&self);
}

/// Who is told what an observed asynchronous generator does. It is asked by the first poll of a
/// method's future; later polls only go on.
pub trait AsyncObserver<Y, S>: Observer<Y, S, ()> {
    /// The future of a method is polled once more; the body runs until it answers or is pending.
    fn polled(&self);
    fn pending(&self);
    /// The waker that the body is to be polled with, which passes its wakes on to `waker`.
    fn waker(&self, waker: &Waker) -> Waker;
}
