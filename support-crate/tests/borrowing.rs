//! Bodies that borrow from their caller.

use std::pin::pin;

use hitchhiker::coroutine::*;

#[test]
fn a_generator_yields_what_it_borrows_from_its_caller() {
    fn words<'a>(text: &'a str) -> BorrowingGenerator<'a, &'a str> {
        generator! {
            for word in text.split(' ') {
                yield word;
            }
        }
    }
    let text = String::from("so long and thanks");
    let kept: Vec<_> = words(&text).collect();
    assert_eq!(kept, ["so", "long", "and", "thanks"]);
}

#[test]
fn a_generator_writes_to_what_it_borrows() -> Result<(), Raised> {
    fn collecting(into: &mut Vec<i32>) -> BorrowingGenerator<'_, usize, i32> {
        generator! {
            while let Some(number) = yield into.len() {
                into.push(number);
            }
        }
    }
    let mut numbers = vec![1];
    let mut g = collecting(&mut numbers);
    assert_eq!(next(&mut g)?, 1);
    assert_eq!(g.send(2)?, 2);
    drop(g);
    assert_eq!(numbers, [1, 2]);
    Ok(())
}

#[test]
fn a_typed_coroutine_is_resumed_with_references_and_yields_them() {
    let text = String::from("so long");
    let mut longest = pin!(coroutine!(|first: &str| {
        let mut longest = first;
        loop {
            let word = yield longest;
            if word.len() > longest.len() {
                longest = word;
            }
        }
    }));
    let mut resume = |word| -> CoroutineState<&str, ()> { longest.as_mut().resume(word) };
    assert_eq!(resume("and"), CoroutineState::Yielded("and"));
    assert_eq!(resume(&text), CoroutineState::Yielded("so long"));
    assert_eq!(resume("fish"), CoroutineState::Yielded("so long"));
}
