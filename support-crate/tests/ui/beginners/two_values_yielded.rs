use hitchhiker::coroutine::*;

fn pairs() -> Generator<(i32, i32)> {
    generator! {
        yield 1, 2;
    }
}

fn main() {}
