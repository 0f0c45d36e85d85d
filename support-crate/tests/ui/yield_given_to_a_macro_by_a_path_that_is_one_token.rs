#![forbid(unsafe_code)]
use hitchhiker::coroutine::*;

macro_rules! later {
    ($($t:tt)*) => { async { $($t)* } };
}

macro_rules! body {
    ($later:path) => {
        generator! {
            let _seen = matches!(1, _ if drop($later!(yield 1)) == ());
        }
    };
}

fn main() {
    let _: Generator<i32> = body!(later);
}
