#![forbid(unsafe_code)]
use hitchhiker::coroutine::*;
use std::task::{Context, Waker};
use std::future::Future;
use std::pin::pin;
macro_rules! later { ($e:expr) => { async move { $e } }; }
fn main() {
    let mut g: Generator<i32> = generator! {
        let f = later!(try { yield 1 });
        let _ = pin!(f).poll(&mut Context::from_waker(Waker::noop()));
    };
    let _ = next(&mut g);
}
