use hitchhiker::coroutine::*;

fn patient() -> Generator<i32> {
    generator! {
        try {
            yield 1;
        } except ValueError {
            yield 2;
        }
    }
}

fn main() {}
