use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        let x = ;
        yield 1;
    };
}
