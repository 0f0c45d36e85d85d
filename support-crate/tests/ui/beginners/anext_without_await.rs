use hitchhiker::coroutine::*;

async fn first(mut g: AsyncGenerator<i32>) -> Result<i32, AsyncRaised> {
    anext(&mut g)
}

fn main() {}
