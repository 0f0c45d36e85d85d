use hitchhiker::coroutine::{Coroutine, CoroutineState, coroutine};
use std::pin::pin;

fn main() {
    let text = String::from("vogon poetry");
    let mut kept = vec![];
    let mut words = pin!(coroutine!(|| for word in text.split(' ') {
        yield word;
    }));
    while let CoroutineState::Yielded(word) = words.as_mut().resume(()) {
        kept.push(word);
    }
    println!("{kept:?}"); // `text` was the body's, and is gone
}
