use hitchhiker::coroutine::*;

fn main() {
    let text = String::from("vogon poetry");
    let g: Generator<&str> = generator! {
        for word in text.split(' ') {
            yield word;
        }
    };
    let kept: Vec<&str> = g.collect();
    println!("{kept:?}"); // `text` was the body's, and is gone
}
