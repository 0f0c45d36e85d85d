use hitchhiker::coroutine::*;

fn main() {
    let _: AsyncGenerator<i32> = async_generator! {
        yield from 0..3;
    };
}
