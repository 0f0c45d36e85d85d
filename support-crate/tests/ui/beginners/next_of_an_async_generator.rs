use hitchhiker::coroutine::*;

async fn first(mut g: AsyncGenerator<i32>) {
    println!("{:?}", next(&mut g));
}

fn main() {}
