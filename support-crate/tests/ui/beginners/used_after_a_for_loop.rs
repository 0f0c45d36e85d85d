use hitchhiker::coroutine::*;

fn main() {
    let mut g: Generator<i32> = generator! { yield 1; yield 2; };
    for x in g {
        println!("{x}");
        break;
    }
    println!("{:?}", next(&mut g));
}
