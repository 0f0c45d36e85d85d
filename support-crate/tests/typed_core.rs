//! The core without the Python layer keeps the contract of `std::ops::Coroutine`.

use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
use std::pin::{Pin, pin};

#[test]
fn the_first_argument_is_the_closures_and_each_later_one_the_yields() {
    let mut total = pin!(coroutine!(|first: u64| {
        let mut sum = first;
        loop {
            sum += yield sum;
        }
    }));
    let mut seen = vec![];
    for n in [1, 10, 100] {
        let CoroutineState::Yielded(sum) = total.as_mut().resume(n);
        seen.push(sum);
    }
    assert_eq!(seen, [1, 11, 111]);
}

#[test]
fn return_and_the_last_expression_complete_it() {
    for stop in [true, false] {
        let mut c = pin!(coroutine!(|()| {
            yield 1;
            if stop {
                return "returned";
            }
            "ran to the end"
        }));
        assert_eq!(c.as_mut().resume(()), CoroutineState::Yielded(1));
        let end = if stop { "returned" } else { "ran to the end" };
        assert_eq!(c.as_mut().resume(()), CoroutineState::Complete(end));
    }
}

#[test]
#[should_panic]
fn resumed_after_completion_it_panics() {
    let mut c = pin!(coroutine!(|| if false {
        yield
    }));
    assert_eq!(c.as_mut().resume(()), CoroutineState::Complete(()));
    c.as_mut().resume(());
}

#[test]
fn a_reference_is_yielded_from_a_body_that_borrows() {
    let text = String::from("so long and thanks");
    let text = text.as_str();
    let mut words = pin!(coroutine!(|| for word in text.split(' ') {
        yield word;
    }));
    let mut kept = vec![];
    while let CoroutineState::Yielded(word) = words.as_mut().resume(()) {
        kept.push(word);
    }
    assert_eq!(kept, ["so", "long", "and", "thanks"]);
}

#[test]
fn a_body_holds_its_locals_and_borrows_from_them_across_a_yield() {
    let mut c: Pin<Box<dyn Coroutine<usize, Yield = char, Return = usize>>> =
        Box::pin(coroutine!(|mut at: usize| {
            let letters: Vec<char> = "panic".chars().collect();
            let borrowed = &letters;
            while let Some(letter) = borrowed.get(at) {
                at = yield *letter;
            }
            borrowed.len()
        }));
    assert_eq!(c.as_mut().resume(4), CoroutineState::Yielded('c'));
    assert_eq!(c.as_mut().resume(0), CoroutineState::Yielded('p'));
    assert_eq!(c.as_mut().resume(9), CoroutineState::Complete(5));
}

#[test]
fn a_body_without_a_yield_completes_at_once() {
    let mut c = pin!(coroutine!(|x: i32| x + 1));
    let state: CoroutineState<(), i32> = c.as_mut().resume(1);
    assert_eq!(state, CoroutineState::Complete(2));
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_vector_that_only_some_processors_know_is_an_argument_like_any_other() {
    use std::arch::x86_64::__m256;
    let mut c = pin!(coroutine!(|first: __m256| {
        yield size_of_val(&first);
    }));
    // SAFETY: any bits are a vector.
    let zero: __m256 = unsafe { std::mem::zeroed() };
    assert_eq!(c.as_mut().resume(zero), CoroutineState::Yielded(32));
}
