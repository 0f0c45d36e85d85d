use hitchhiker::coroutine::*;

macro_rules! lazily {
    ($e:expr) => {
        || $e
    };
}

fn main() {
    let _: Generator<i32> = generator! {
        let _later = lazily!(yield 1);
    };
}
