use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        std::future::ready(1).await;
        yield 1;
    };
}
