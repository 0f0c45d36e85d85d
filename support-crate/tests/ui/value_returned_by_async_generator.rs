use hitchhiker::coroutine::*;

fn main() {
    let _: AsyncGenerator<i32> = async_generator! {
        yield 1;
        return 5;
    };
}
