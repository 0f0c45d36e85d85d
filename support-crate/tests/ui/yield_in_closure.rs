use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        [1, 2].into_iter().for_each(|x| {
            yield x;
        });
    };
}
