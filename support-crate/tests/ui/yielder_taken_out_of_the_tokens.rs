// A macro takes apart what a `yield` becomes.
#![forbid(unsafe_code)]
use hitchhiker::coroutine::*;
use std::task::{Context, Waker};
use std::future::Future;
use std::pin::pin;
macro_rules! steal {
    ((match $(:: $p:ident)+ ({ $y:ident . $($rest:tt)* }) { $($arms:tt)* })) => {
        let f = async { $y.give(7).await; };
        let _ = pin!(f).poll(&mut Context::from_waker(Waker::noop()));
    };
}
fn main() {
    let mut g: Generator<i32> = generator! {
        steal!(yield 1);
    };
    let _ = next(&mut g);
}
