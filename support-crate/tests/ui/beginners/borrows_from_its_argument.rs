use hitchhiker::coroutine::*;

fn words(text: &str) -> Generator<&str> {
    generator! {
        for word in text.split(' ') {
            yield word;
        }
    }
}

fn main() {}
