// The outer macro is one of std's, but its arguments are no list of expressions.
use hitchhiker::coroutine::*;

macro_rules! later {
    ($e:expr) => {
        Some(async move { $e })
    };
}

fn main() {
    let _: Generator<i32> = generator! {
        let _seen = matches!(later!(yield 1), Some(_) if true);
    };
}
