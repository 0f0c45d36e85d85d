// The context of the machine around cannot be swapped with an inner body's.
#![forbid(unsafe_code)]
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use hitchhiker::coroutine::*;

macro_rules! swapped {
    ($with:expr) => {
        poll_fn(|context| {
            std::mem::swap(context, $with);
            Poll::Ready(())
        })
        .await
    };
}

fn main() {
    let mut outer: AsyncGenerator<i32> = async_generator! {
        poll_fn(|outer| {
            let inner = coroutine!(|_: ()| {
                swapped!(outer);
                yield 1;
            });
            let _ = pin!(inner).resume(());
            Poll::Ready(())
        })
        .await;
        yield 1;
    };
    let _ = anext(&mut outer);
}
