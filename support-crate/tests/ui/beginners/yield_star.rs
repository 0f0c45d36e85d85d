use hitchhiker::coroutine::*;

fn inner() -> Generator<i32> {
    generator! { yield 1; }
}

fn outer() -> Generator<i32> {
    generator! { yield* inner(); }
}

fn main() {}
