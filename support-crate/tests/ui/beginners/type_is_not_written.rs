use hitchhiker::coroutine::*;

fn main() {
    let mut g = generator! { yield 1; };
    println!("{:?}", next(&mut g));
}
