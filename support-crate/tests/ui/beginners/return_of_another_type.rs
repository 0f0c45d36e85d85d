use hitchhiker::coroutine::*;

fn answer() -> Generator<i32, (), usize> {
    generator! {
        if (yield 42).is_none() {
            return "mice";
        }
        0
    }
}

fn main() {}
