use hitchhiker::coroutine::*;

fn doubled(numbers: Vec<i32>) -> Generator<i32> {
    generator! {
        numbers.iter().for_each(|x| yield x * 2);
    }
}

fn main() {}
