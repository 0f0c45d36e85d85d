use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        println!("{:?}", Some(1).map(|x| yield x));
    };
}
