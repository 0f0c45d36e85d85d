use hitchhiker::coroutine::*;

fn main() {
    let mut g: Generator<i32> = generator! { yield 1; };
    g.throw("enough").unwrap();
}
