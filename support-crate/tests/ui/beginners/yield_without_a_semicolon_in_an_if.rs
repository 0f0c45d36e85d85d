use hitchhiker::coroutine::*;

fn maybe(really: bool) -> Generator<i32> {
    generator! {
        if really { yield 1 }
        yield 2;
    }
}

fn main() {}
