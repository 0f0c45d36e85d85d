//! The core without the Python layer keeps the contract of `std::ops::Coroutine`.

use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine, from_coroutine};
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

#[test]
fn a_written_return_type_is_what_the_body_returns() {
    let mut c = pin!(coroutine!(|n: i32| -> Box<dyn std::fmt::Display> {
        if (yield n) > 0 {
            return Box::new("more");
        }
        Box::new(0)
    }));
    assert_eq!(c.as_mut().resume(1).yielded(), Some(1));
    let CoroutineState::Complete(returned) = c.as_mut().resume(2) else {
        panic!("it yielded")
    };
    assert_eq!(returned.to_string(), "more");
}

trait Yielded<Y> {
    fn yielded(self) -> Option<Y>;
}

impl<Y, R> Yielded<Y> for CoroutineState<Y, R> {
    fn yielded(self) -> Option<Y> {
        match self {
            CoroutineState::Yielded(value) => Some(value),
            CoroutineState::Complete(_) => None,
        }
    }
}

#[test]
fn references_and_boxes_are_coroutines_too() {
    fn sum<C: Coroutine<u32, Yield = u32, Return = ()> + Unpin>(mut coroutine: C) -> u32 {
        let mut sum = 0;
        while let Some(value) = Pin::new(&mut coroutine).resume(sum).yielded() {
            sum += value;
        }
        sum
    }
    fn twice() -> impl Coroutine<u32, Yield = u32, Return = ()> {
        coroutine!(|_: u32| {
            let sum = yield 5;
            yield sum;
        })
    }
    assert_eq!(sum(Box::pin(twice())), 10);
    assert_eq!(sum(pin!(twice())), 10);
    let mut lent = Box::pin(twice());
    assert_eq!(sum(&mut lent), 10);
    let boxed: Pin<Box<dyn Coroutine<u32, Yield = u32, Return = ()>>> = Box::pin(twice());
    assert_eq!(sum(boxed), 10);
}

#[test]
fn an_iterator_of_a_coroutine_stays_at_its_end() {
    let pinned = pin!(coroutine!(|| {
        yield 1;
        yield 2;
    }));
    let mut iterator = from_coroutine(pinned);
    assert_eq!(iterator.by_ref().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(iterator.next(), None);
}
