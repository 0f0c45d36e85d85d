// A trait's method called like the one that says what a `yield from` delegates to.
#![forbid(unsafe_code)]
use hitchhiker::coroutine::{__private::Source, *};

struct Foo;

trait Thief {
    fn into_delegate(self) -> std::future::Ready<Result<(), Exception>>;
}

impl Thief for Source<Foo> {
    fn into_delegate(self) -> std::future::Ready<Result<(), Exception>> {
        std::future::ready(Ok(()))
    }
}

fn main() {
    let _: Generator<i32> = generator! { yield from Foo; };
}
