use hitchhiker::coroutine::*;

fn main() {
    let mut c = coroutine!(|| { yield 1; });
    println!("{:?}", c.resume(()));
}
