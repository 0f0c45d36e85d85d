use hitchhiker::coroutine::*;

fn numbers() -> Generator<i32> {
    generator! {
        yield!(1);
    }
}

fn main() {}
