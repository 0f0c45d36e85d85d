use hitchhiker::coroutine::*;

fn first(numbers: Vec<i32>) -> Generator<i32> {
    generator! {
        yield *numbers.first()?;
    }
}

fn main() {}
