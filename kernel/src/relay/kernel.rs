//! The relay's connections to the kernel.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use jupyter_protocol::ConnectionInfo;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::zmtp::{self, Allowance, Message, Reader, Ready, Received, Writer};

/// How often the relay tries to connect until the kernel listens.
const TRY_EVERY: Duration = Duration::from_millis(5);

/// The name of all the relay's sockets. A kernel that wants input asks on the stdin channel, and addresses its
/// question to the name that has sent the cell on the shell channel.
const IDENTITY: &[u8] = b"hitchhiker-kernel";

/// The relay's connections to the kernel.
pub struct Kernel {
    pub shell: Link,
    pub control: Link,
    pub stdin: Link,
    pub heartbeat: Link,
    pub outputs: Link,
}

impl Kernel {
    /// Connects to the kernel at `info` as soon as it listens.
    pub async fn connect(info: &ConnectionInfo) -> io::Result<Self> {
        let link = |port, socket_type| Link::connect(&info.ip, port, socket_type);
        let mut outputs = link(info.iopub_port, "SUB").await?;
        // Every message begins with the empty topic, so this subscribes to all.
        outputs
            .to_kernel
            .send(&vec![Bytes::from_static(&[1])])
            .await?;
        Ok(Self {
            outputs,
            shell: link(info.shell_port, "DEALER").await?,
            control: link(info.control_port, "DEALER").await?,
            stdin: link(info.stdin_port, "DEALER").await?,
            heartbeat: link(info.hb_port, "DEALER").await?,
        })
    }
}

/// A connection to one port of the kernel.
pub struct Link {
    from_kernel: FromKernel,
    to_kernel: ToKernel,
}

impl Link {
    async fn connect(ip: &str, port: u16, socket_type: &str) -> io::Result<Self> {
        let stream = loop {
            match TcpStream::connect((ip, port)).await {
                Ok(stream) => break stream,
                Err(_) => tokio::time::sleep(TRY_EVERY).await,
            }
        };
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        let (mut reader, mut writer) = (Reader::new(reader), Writer::new(writer));
        let mut allowance = Allowance::of_the_trusted();
        let ready = Ready {
            socket_type: socket_type.to_owned(),
            identity: Bytes::from_static(IDENTITY),
        };
        zmtp::shake_hands(&mut reader, &mut writer, &mut allowance, &ready).await?;
        Ok(Self {
            from_kernel: FromKernel { reader, allowance },
            to_kernel: ToKernel(writer),
        })
    }

    pub fn split(self) -> (FromKernel, ToKernel) {
        (self.from_kernel, self.to_kernel)
    }
}

pub struct FromKernel {
    reader: Reader<OwnedReadHalf>,
    allowance: Allowance,
}

impl FromKernel {
    /// The next message. An error means that the kernel has closed the connection.
    pub async fn receive(&mut self) -> io::Result<Message> {
        loop {
            self.allowance.renew();
            if let Received::Message(message) = self.reader.receive(&mut self.allowance).await? {
                return Ok(message);
            }
        }
    }

    /// Gives the next message, and gives the connection back. A caller that waits for other things too keeps
    /// this future until it is done: to drop it would lose half a message.
    pub async fn next(mut self) -> (Self, io::Result<Message>) {
        let message = self.receive().await;
        (self, message)
    }
}

pub struct ToKernel(Writer<OwnedWriteHalf>);

impl ToKernel {
    pub async fn send(&mut self, message: &Message) -> io::Result<()> {
        self.0.message(message).await?;
        self.0.flush().await
    }
}
