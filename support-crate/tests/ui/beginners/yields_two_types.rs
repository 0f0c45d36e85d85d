use hitchhiker::coroutine::*;

fn both() -> Generator<i32> {
    generator! {
        yield 1;
        yield 2.5;
    }
}

fn main() {}
