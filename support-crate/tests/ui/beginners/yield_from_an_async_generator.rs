use hitchhiker::coroutine::*;

fn outer(inner: AsyncGenerator<i32>) -> Generator<i32> {
    generator! { yield from inner; }
}

fn main() {}
