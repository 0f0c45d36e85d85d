// The waker of the machine around cannot be put into an inner body's context.
#![forbid(unsafe_code)]
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};

use hitchhiker::coroutine::*;

fn main() {
    let mut outer: AsyncGenerator<i32> = async_generator! {
        poll_fn(|outer| {
            let waker = outer.waker();
            let inner = coroutine!(|_: ()| {
                macro_rules! replaced {
                    () => {
                        poll_fn(|context| {
                            *context = Context::from_waker(waker);
                            Poll::Ready(())
                        })
                        .await
                    };
                }
                replaced!();
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
