use hitchhiker::coroutine::*;

async fn all(g: AsyncGenerator<i32>) {
    for value in g {
        println!("{value}");
    }
}

fn main() {}
