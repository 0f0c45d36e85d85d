use hitchhiker::coroutine::*;

fn total() -> Generator<i64, i64> {
    generator! {
        let mut sum = 0;
        loop {
            sum += yield sum;
        }
    }
}

fn main() {
    total();
}
