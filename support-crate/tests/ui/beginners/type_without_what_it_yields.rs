use hitchhiker::coroutine::*;

fn main() {
    let _g: Generator = generator! { yield 1; };
}
