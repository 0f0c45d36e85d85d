// A crate of one's own poses as `hitchhiker`, to be handed the yielder.
#![forbid(unsafe_code)]
extern crate hitchhiker as real;
extern crate self as hitchhiker;
use std::task::{Context, Waker};
use std::future::Future;
use std::pin::pin;
pub mod coroutine {
    pub use real::coroutine::{__private, Exception};
    use real::coroutine::__private::*;
    use std::marker::PhantomData;
    pub struct Generator<Y, S, T, B>(pub PhantomData<fn(Y, S, T, B)>, pub Option<Yielder<Y, Resumption<S>>>);
    impl<Y, S, T, B> Generator<Y, S, T, B> {
        pub fn from_body<F: std::future::Future<Output = Result<T, Exception>>>(p: AwaitedInBody<Self>, body: impl FnOnce(Yielder<Y, Resumption<S>>) -> F) -> Self {
            let mut stolen = None;
            let _ = Machine::<Y, Resumption<S>, _>::from_body(p, |y| { stolen = Some(y); async {} });
            let _ = body;
            Generator(PhantomData, stolen)
        }
    }
}
fn main() {
    let g: coroutine::Generator<i32, (), (), ()> = real::coroutine::generator! { yield 1; };
    let y = g.1.unwrap();
    let _ = pin!(y.give(1)).poll(&mut Context::from_waker(Waker::noop()));
}
