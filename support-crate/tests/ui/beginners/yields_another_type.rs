use hitchhiker::coroutine::*;

fn names() -> Generator<String> {
    generator! { yield "Arthur"; }
}

fn main() {}
