use hitchhiker::coroutine::*;

async fn first(mut g: AsyncGenerator<i32>) -> Result<i32, AsyncRaised> {
    let value = anext(&mut g)?;
    Ok(value)
}

fn main() {}
