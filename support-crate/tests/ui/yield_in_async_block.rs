use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        let _later = async { yield 1 };
    };
}
