use hitchhiker::coroutine::*;

fn outer(inner: Generator<i32>) -> Generator<i32> {
    generator! { yield from &inner; }
}

fn main() {}
