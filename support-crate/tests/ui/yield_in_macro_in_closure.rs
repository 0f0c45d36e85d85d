use hitchhiker::coroutine::*;

fn main() {
    let _: Generator<i32> = generator! {
        let log = |x: i32| println!("{:?}", yield x);
        log(1);
    };
}
