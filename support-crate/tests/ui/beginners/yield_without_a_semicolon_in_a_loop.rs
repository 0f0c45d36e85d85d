use hitchhiker::coroutine::*;

fn all() -> Generator<i32> {
    generator! {
        for x in 0..3 { yield x }
    }
}

fn main() {}
