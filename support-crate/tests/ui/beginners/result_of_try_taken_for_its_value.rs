use hitchhiker::coroutine::*;

fn patient() -> Generator<i32, i32> {
    generator! {
        let received: Option<i32> = try { yield 1 };
        yield received.unwrap_or(0);
    }
}

fn main() {}
