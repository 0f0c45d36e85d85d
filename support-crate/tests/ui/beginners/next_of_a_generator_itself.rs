use hitchhiker::coroutine::*;

fn main() {
    let mut g: Generator<i32> = generator! { yield 1; };
    next(g).unwrap();
}
