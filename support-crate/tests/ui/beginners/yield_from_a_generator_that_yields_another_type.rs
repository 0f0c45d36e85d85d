use hitchhiker::coroutine::*;

fn numbers() -> Generator<i32> {
    generator! { yield 1; }
}

fn texts() -> Generator<String> {
    generator! { yield from numbers(); }
}

fn main() {}
