use hitchhiker::coroutine::*;

fn answer() -> Generator<i32> {
    generator! {
        yield 42;
        "mice"
    }
}

fn main() {}
