use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        fn helper() {
            yield 1;
        }
        helper();
    };
}
