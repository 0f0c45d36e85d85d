use hitchhiker::coroutine::*;

fn count() -> Generator<i32> {
    generator! { yield from 5; }
}

fn main() {}
