//! The first exercise of chapter 4.

use super::report::Report;
use crate::coroutine::CoroutineState;

/// What the `resume` of [`countdown_by_hand`] answers: a `CoroutineState<u32, ()>`.
#[diagnostic::on_unimplemented(
    message = "`resume` is to answer a `CoroutineState<u32, ()>`, not a `{Self}`",
    label = "another signature than that of the exercise",
    note = "begin the method with `fn resume(&mut self) -> CoroutineState<u32, ()> {{`"
)]
pub trait Answer {
    #[doc(hidden)]
    fn state(self) -> CoroutineState<u32, ()>;
}

impl Answer for CoroutineState<u32, ()> {
    fn state(self) -> CoroutineState<u32, ()> {
        self
    }
}

/// Checks the first exercise of chapter 4: a countdown without `yield`. `start` makes one, and
/// `resume` answers `start`, then `start - 1`, and so on down to 1, and is then complete.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::coroutine::CoroutineState;
///
/// struct Countdown(u32);
///
/// impl Countdown {
///     fn resume(&mut self) -> CoroutineState<u32, ()> {
///         match self.0 {
///             0 => CoroutineState::Complete(()),
///             n => {
///                 self.0 -= 1;
///                 CoroutineState::Yielded(n)
///             }
///         }
///     }
/// }
/// assert!(check::countdown_by_hand(Countdown, Countdown::resume).passed());
/// ```
pub fn countdown_by_hand<C, A>(start: fn(u32) -> C, resume: fn(&mut C) -> A) -> Report
where
    C: 'static,
    A: Answer + 'static,
{
    Report::on(move |cases| {
        for number in [3, 1, 0] {
            let yields = (1..=number).rev().map(CoroutineState::Yielded);
            let wanted: Vec<_> = yields.chain([CoroutineState::Complete(())]).collect();
            let what = format!("countdown({number})");
            cases.expect_value(&what, "answers", &wanted, || {
                let (mut countdown, mut came) = (start(number), vec![]);
                // A few more than are wanted, so that one without an end gets an answer as well.
                while came.len() < 9 && came.last() != Some(&CoroutineState::Complete(())) {
                    came.push(resume(&mut countdown).state());
                }
                came
            });
        }
        let what = "countdown(30) and countdown(20), resumed in turn,";
        let wanted = [30, 20, 29, 19].map(CoroutineState::Yielded);
        cases.expect_value(what, "answer", &wanted, || {
            let (mut one, mut other) = (start(30), start(20));
            let mut in_turn = || [resume(&mut one).state(), resume(&mut other).state()];
            let [[a, b], [c, d]] = [in_turn(), in_turn()];
            [a, b, c, d]
        });
    })
}
