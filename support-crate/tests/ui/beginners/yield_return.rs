use hitchhiker::coroutine::*;

fn numbers() -> Generator<i32> {
    generator! {
        yield return 1;
    }
}

fn main() {}
