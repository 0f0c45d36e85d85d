use hitchhiker::coroutine::*;

fn main() {
    let name = String::from("Arthur");
    let _g: Generator<usize> = generator! { yield name.len(); };
    println!("{name}");
}
