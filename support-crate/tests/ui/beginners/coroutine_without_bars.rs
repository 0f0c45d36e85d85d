use hitchhiker::coroutine::*;

fn main() {
    let _c = coroutine! { yield 1; };
}
