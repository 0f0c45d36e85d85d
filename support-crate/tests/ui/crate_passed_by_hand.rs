// The macro behind the macro is called with a crate of one's own: the `unsafe` is one's own, too.
#![forbid(unsafe_code)]
extern crate self as own;

pub mod coroutine {
    pub use hitchhiker::coroutine::{__private, Exception, Generator};
}

fn main() {
    let _: coroutine::Generator<i32> = hitchhiker::coroutine::__private::expand::generator! {
        [own] [unsafe { hitchhiker::coroutine::__private::AwaitedInBody::promise() }]
        yield 1;
    };
    let _: coroutine::Generator<i32> = hitchhiker::coroutine::__private::expand::generator! {
        yield 1;
    };
}
