use hitchhiker::coroutine::*;

fn inner() -> Generator<i32, String> {
    generator! { yield 1; }
}

fn outer() -> Generator<i32, i32> {
    generator! { yield from inner(); }
}

fn main() {}
