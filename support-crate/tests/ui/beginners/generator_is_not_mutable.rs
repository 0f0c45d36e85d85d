use hitchhiker::coroutine::*;

fn main() {
    let g: Generator<i32> = generator! { yield 1; };
    next(&mut g).unwrap();
}
