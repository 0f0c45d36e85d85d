use hitchhiker::coroutine::{Coroutine, coroutine};

macro_rules! later {
    ($e:expr) => {
        async move { $e }
    };
}

fn main() {
    let _: &dyn Coroutine<i32, Yield = i32, Return = ()> = &coroutine!(|_: i32| {
        let _later = later!(yield 1);
    });
}
