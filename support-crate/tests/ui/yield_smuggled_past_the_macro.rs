use hitchhiker::coroutine::*;

macro_rules! run {
    (later => $e:expr) => {
        async { $e }
    };
}

fn main() {
    let _: Generator<i32> = generator! {
        let _later = run!(later => yield 1);
    };
}
