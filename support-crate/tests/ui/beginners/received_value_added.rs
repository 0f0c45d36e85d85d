use hitchhiker::coroutine::*;

fn total() -> Generator<i32, i32> {
    generator! {
        let mut sum: i32 = 0;
        loop {
            sum += yield sum;
        }
    }
}

fn main() {}
