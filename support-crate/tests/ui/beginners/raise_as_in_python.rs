use hitchhiker::coroutine::*;

fn failing() -> Generator<i32> {
    generator! {
        yield 1;
        raise ValueError::new("no");
    }
}

fn main() {}
