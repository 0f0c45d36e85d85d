use hitchhiker::coroutine::*;

fn total() -> Generator<i64, i64> {
    generator! { yield 1; }
}

fn main() {
    let _ = total().send("ten");
}
