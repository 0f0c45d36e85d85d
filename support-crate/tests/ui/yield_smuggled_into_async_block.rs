use hitchhiker::coroutine::*;

macro_rules! later {
    ($e:expr) => {
        async move { $e }
    };
}

fn main() {
    let _: Generator<i32> = generator! {
        let _later = later!(yield 1);
    };
}
