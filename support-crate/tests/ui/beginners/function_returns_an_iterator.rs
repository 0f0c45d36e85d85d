use hitchhiker::coroutine::*;

fn numbers() -> impl Iterator<Item = i32> {
    generator! {
        yield 1;
        yield 2;
    }
}

fn main() {}
