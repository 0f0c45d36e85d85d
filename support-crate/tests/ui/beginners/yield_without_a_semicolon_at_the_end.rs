use hitchhiker::coroutine::*;

fn one() -> Generator<i32> {
    generator! { yield 1 }
}

fn main() {}
