use hitchhiker::coroutine::*;

fn texts() -> Generator<String> {
    generator! { yield from ["Arthur", "Ford"]; }
}

fn main() {}
