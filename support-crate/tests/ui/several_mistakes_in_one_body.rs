use hitchhiker::coroutine::*;

fn main() {
    let _g: Generator<i32> = generator! {
        let later = || yield 1;
        std::future::ready(1).await;
        let tasks = async { yield 2 };
    };
}
