use hitchhiker::coroutine::*;

use std::sync::Mutex;

static SUM: Mutex<i32> = Mutex::new(0);

fn sums() -> Generator<i32> {
    generator! {
        let mut sum = SUM.lock().unwrap();
        loop {
            *sum += 1;
            yield *sum;
        }
    }
}

fn main() {}
