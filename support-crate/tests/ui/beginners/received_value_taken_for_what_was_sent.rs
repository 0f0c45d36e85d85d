use hitchhiker::coroutine::*;

fn total() -> Generator<i32, i32> {
    generator! {
        let mut sum: i32 = 0;
        loop {
            let number: i32 = yield sum;
            sum += number;
        }
    }
}

fn main() {}
