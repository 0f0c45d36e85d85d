use hitchhiker::coroutine::*;

fn answer() -> Generator<i32, (), &'static str> {
    generator! {
        yield 42;
    }
}

fn main() {}
