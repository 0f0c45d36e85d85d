use hitchhiker::coroutine::*;

fn main() {
    let mut g: Generator<i32> = generator! { yield 1; };
    while let Some(value) = next(&mut g) {
        println!("{value}");
    }
}
