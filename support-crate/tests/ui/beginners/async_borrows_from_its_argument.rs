use hitchhiker::coroutine::*;

fn words(text: &str) -> AsyncGenerator<&str> {
    async_generator! {
        for word in text.split(' ') {
            yield word;
        }
    }
}

fn main() {}
