//! What the checks of chapter 10's three exercises say.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use hitchhiker::check::{self, Waits};

type List = Arc<Mutex<Vec<u32>>>;

/// Pending once.
async fn once() {
    let mut asked = false;
    poll_fn(|_| match std::mem::replace(&mut asked, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await
}

const WAITS: &str = "the first poll of note answers Pending";
const FREE: &str = "the lock is free while note waits";
const WRITES: &str = "on another thread, it goes on and writes [1, 2]";

#[test]
fn a_note_that_locks_only_to_write_passes() {
    async fn note(list: List) {
        for number in [1, 2] {
            once().await;
            list.lock().unwrap().push(number);
        }
    }
    let said = check::note(note).to_string();
    assert_eq!(said, format!("✓ {WAITS}\n✓ {FREE}\n✓ {WRITES}"));
}

#[test]
fn a_lock_that_is_kept_while_it_waits_is_told() {
    /// A guard in a box that claims to be `Send`, since no guard of std is.
    struct Kept<'a>(#[expect(dead_code)] std::sync::MutexGuard<'a, Vec<u32>>);
    // SAFETY: this test's platforms unlock on any thread.
    unsafe impl Send for Kept<'_> {}
    async fn note(list: List) {
        let _kept = Kept(list.lock().unwrap());
        once().await;
    }
    let said = check::note(note).to_string();
    assert!(
        said.contains(&format!("✗ {FREE}; yours holds it")),
        "{said}"
    );
}

#[test]
fn a_note_that_does_not_wait_never_ends_or_writes_something_else_is_told() {
    async fn at_once(list: List) {
        list.lock().unwrap().extend([1, 2]);
    }
    async fn never(_: List) {
        std::future::pending().await
    }
    async fn only_one(list: List) {
        once().await;
        list.lock().unwrap().push(1);
    }
    async fn unwritten(_: List) {
        todo!("mend the lines above")
    }
    let said = check::note(at_once).to_string();
    assert_eq!(said, format!("✗ {WAITS}; yours answers Ready(())"));
    let said = check::note(never).to_string();
    assert!(
        said.ends_with("yours is pending after 1000 polls"),
        "{said}"
    );
    let said = check::note(only_one).to_string();
    assert!(
        said.ends_with(&format!("✗ {WRITES}; yours writes [1]")),
        "{said}"
    );
    let said = check::note(unwritten).to_string();
    assert_eq!(
        said,
        format!("✗ {WAITS}; yours panicked: not yet implemented: mend the lines above")
    );
}

#[test]
fn a_panic_on_the_other_thread_is_told() {
    async fn note(_: List) {
        once().await;
        panic!("no towel")
    }
    let said = check::note(note).to_string();
    assert!(
        said.ends_with(&format!("✗ {WRITES}; yours panicked: no towel")),
        "{said}"
    );
}

const QUICK: &str = "of slow, quick and slower, first gives \"quick\"";

/// Polls each of `futures` by `poll`.
async fn raced<F>(
    mut futures: Vec<F>,
    mut poll: impl FnMut(&mut F, &mut Context<'_>) -> Poll<&'static str>,
) -> &'static str {
    poll_fn(|context| {
        let mut polled = futures.iter_mut().map(|future| poll(future, context));
        polled.find(Poll::is_ready).unwrap_or(Poll::Pending)
    })
    .await
}

#[test]
fn a_first_that_pins_in_boxes_passes() {
    async fn first(futures: Vec<Waits>) -> &'static str {
        let boxes = futures.into_iter().map(Box::pin).collect();
        raced(boxes, |future: &mut Pin<Box<Waits>>, context| {
            future.as_mut().poll(context)
        })
        .await
    }
    assert_eq!(check::first(first).to_string(), format!("✓ {QUICK}"));
}

#[test]
fn a_first_that_waits_for_one_after_the_other_is_told() {
    async fn first(futures: Vec<Waits>) -> &'static str {
        futures.into_iter().next().unwrap().await
    }
    let said = check::first(first).to_string();
    assert_eq!(said, format!("✗ {QUICK}; yours gives \"slow\""));
}

#[test]
fn a_future_that_is_moved_between_two_polls_is_told() {
    async fn first(futures: Vec<Waits>) -> &'static str {
        let mut futures: Vec<_> = futures.into_iter().map(Some).collect();
        let mut elsewhere = Vec::with_capacity(futures.len());
        poll_fn(|context| {
            for future in &mut futures {
                // SAFETY: `Waits` only compares addresses, so that a move makes it panic and no more.
                let pinned = unsafe { Pin::new_unchecked(future.as_mut().unwrap()) };
                let _ = pinned.poll(context);
            }
            elsewhere.extend(futures.iter_mut().map(Option::take));
            std::mem::swap(&mut futures, &mut elsewhere);
            elsewhere.clear();
            Poll::<()>::Pending
        })
        .await;
        unreachable!("it panics at the second poll")
    }
    let said = check::first(first).to_string();
    assert_eq!(
        said,
        format!("✗ {QUICK}; yours panicked: it moved a future between two polls")
    );
}

#[test]
fn steps_in_boxes_pass_and_others_are_told() {
    async fn steps(n: u64) -> u32 {
        once().await;
        match n {
            1 => 0,
            n if n.is_multiple_of(2) => 1 + Box::pin(steps(n / 2)).await,
            n => 1 + Box::pin(steps(3 * n + 1)).await,
        }
    }
    async fn one_too_many(n: u64) -> u32 {
        steps(n).await + 1
    }
    assert_eq!(
        check::steps(steps).to_string(),
        "✓ steps(1) gives 0\n✓ steps(6) gives 8\n✓ steps(27) gives 111"
    );
    assert!(
        check::steps(one_too_many)
            .to_string()
            .starts_with("✗ steps(1) gives 0; yours gives 1\n✗ steps(6) gives 8; yours gives 9")
    );
}
