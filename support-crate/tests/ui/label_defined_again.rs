// A macro defines the label of the body once more.
#![forbid(unsafe_code)]
use hitchhiker::coroutine::*;
use std::task::{Context, Waker};
use std::future::Future;
use std::pin::pin;
macro_rules! relabel {
    (@ ($($all:tt)*) (match $(:: $p:ident)+ ($($s:tt)*) { $(:: $o:ident)+ ($v:ident) => $w:ident, $(:: $e:ident)+ ($r:ident) => { break $l:lifetime $($x:tt)* } })) => {
        let f = async { let _: Result<Option<()>, Exception> = $l: { Ok($($all)*) }; };
        let _ = pin!(f).poll(&mut Context::from_waker(Waker::noop()));
    };
    ($($all:tt)*) => { relabel!(@ ($($all)*) $($all)*) };
}
fn main() {
    let mut g: Generator<i32> = generator! {
        relabel!(yield 1);
    };
    let _ = next(&mut g);
}
