//! The exercise on the way of chapter 10.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::report::Report;

/// Checks `Add`, the exercise on the way of chapter 10: `start` is the `enum` in its first state. It is
/// pending twice, then ready with 42.
///
/// ```
/// use hitchhiker::check;
///
/// let said = check::add_by_hand(async { 42 }).to_string();
/// assert!(said.contains("✗ the first poll answers Pending; yours answers Ready(42)"));
/// ```
pub fn add_by_hand(start: impl Future<Output = u32> + Send + 'static) -> Report {
    Report::on(move |cases| {
        let mut add = pin!(start);
        let polls = [
            ("first", Poll::Pending),
            ("second", Poll::Pending),
            ("third", Poll::Ready(42)),
        ];
        let mut ready = false;
        for (nth, wanted) in polls {
            cases.expect(format!("the {nth} poll answers {wanted:?}"), || {
                if ready {
                    return Err("yours was ready before".to_owned());
                }
                let answer = add.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                ready = answer.is_ready();
                match answer == wanted {
                    true => Ok(()),
                    false => Err(format!("yours answers {answer:?}")),
                }
            });
        }
    })
}
