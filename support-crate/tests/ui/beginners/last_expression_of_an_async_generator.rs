use hitchhiker::coroutine::*;

fn answer() -> AsyncGenerator<i32> {
    async_generator! {
        yield 42;
        "mice"
    }
}

fn main() {}
