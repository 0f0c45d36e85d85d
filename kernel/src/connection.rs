//! Where Jupyter and the kernel are to be found.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use jupyter_protocol::{ConnectionInfo, Transport};
use jupyter_zmq_client::{
    ClientControlConnection, ClientIoPubConnection, ClientShellConnection, ClientStdinConnection,
    KernelControlConnection, KernelIoPubConnection, KernelShellConnection, KernelStdinConnection,
    RuntimeError, create_client_control_connection, create_client_iopub_connection,
    create_client_shell_connection_with_identity, create_client_stdin_connection_with_identity,
    create_kernel_control_connection, create_kernel_iopub_connection,
    create_kernel_shell_connection, create_kernel_stdin_connection, peek_ports_with_listeners,
    peer_identity_for_session,
};
use tokio::net::TcpStream;
use zeromq::{DealerSocket, RouterSocket, Socket};

use crate::error::Error;

/// How often a port of the kernel's is tried until it listens.
const TRY_EVERY: Duration = Duration::from_millis(5);

/// What names the relay in the messages that are its own.
const SESSION: &str = "hitchhiker-kernel";

/// The relay's sockets towards Jupyter.
pub struct FrontEnds {
    pub shell: KernelShellConnection,
    pub control: KernelControlConnection,
    pub stdin: KernelStdinConnection,
    pub heartbeat: RouterSocket,
    pub outputs: KernelIoPubConnection,
}

/// The relay's sockets towards the kernel.
pub struct Kernel {
    pub shell: ClientShellConnection,
    pub control: ClientControlConnection,
    pub stdin: ClientStdinConnection,
    pub heartbeat: DealerSocket,
    pub outputs: ClientIoPubConnection,
}

/// Reads Jupyter's connection file.
pub fn read(path: &Path) -> Result<ConnectionInfo, Error> {
    let text = std::fs::read(path).map_err(|source| Error::File {
        action: "read",
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_slice(&text).map_err(|source| Error::NotAConnectionFile {
        path: path.to_owned(),
        source,
    })
}

/// Five free ports for the kernel, reachable from this machine only. The key stays Jupyter's: what
/// one side has signed, the other can verify.
pub async fn inner(outer: &ConnectionInfo) -> Result<ConnectionInfo, Error> {
    let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let (ports, _taken_until_all_are_known) =
        peek_ports_with_listeners(ip, 5)
            .await
            .map_err(|error| Error::System {
                what: "five free ports",
                source: io::Error::other(error),
            })?;
    Ok(ConnectionInfo {
        ip: ip.to_string(),
        transport: Transport::TCP,
        shell_port: ports[0],
        iopub_port: ports[1],
        stdin_port: ports[2],
        control_port: ports[3],
        hb_port: ports[4],
        ..outer.clone()
    })
}

impl FrontEnds {
    /// Listens where `info` says, and nowhere else.
    pub async fn listen(info: &ConnectionInfo) -> Result<Self, Error> {
        let heartbeat = async {
            // A router passes several front ends' beats at once, and each answer to its own.
            let mut socket = RouterSocket::new();
            socket.bind(&info.hb_url()).await?;
            Ok::<_, RuntimeError>(socket)
        };
        let at = |address: String| |source: RuntimeError| Error::Listen { address, source };
        Ok(Self {
            shell: create_kernel_shell_connection(info, SESSION)
                .await
                .map_err(at(info.shell_url()))?,
            control: create_kernel_control_connection(info, SESSION)
                .await
                .map_err(at(info.control_url()))?,
            stdin: create_kernel_stdin_connection(info, SESSION)
                .await
                .map_err(at(info.stdin_url()))?,
            heartbeat: heartbeat.await.map_err(at(info.hb_url()))?,
            outputs: create_kernel_iopub_connection(info, SESSION)
                .await
                .map_err(at(info.iopub_url()))?,
        })
    }
}

impl Kernel {
    /// Connects to the kernel at `info` as soon as it listens.
    pub async fn connect(info: &ConnectionInfo) -> Result<Self, Error> {
        let ports = [
            info.shell_port,
            info.iopub_port,
            info.stdin_port,
            info.control_port,
            info.hb_port,
        ];
        for port in ports {
            // A zeromq socket that is refused waits for more than a second before it tries again.
            while TcpStream::connect((&*info.ip, port)).await.is_err() {
                tokio::time::sleep(TRY_EVERY).await;
            }
        }
        Self::connect_all(info).await.map_err(Error::Unreachable)
    }

    async fn connect_all(info: &ConnectionInfo) -> Result<Self, RuntimeError> {
        // The kernel asks for input on one socket who has sent a cell on the other.
        let identity = peer_identity_for_session(SESSION)?;
        let mut heartbeat = DealerSocket::new();
        heartbeat.connect(&info.hb_url()).await?;
        Ok(Self {
            outputs: create_client_iopub_connection(info, "", SESSION).await?,
            shell: create_client_shell_connection_with_identity(info, SESSION, identity.clone())
                .await?,
            control: create_client_control_connection(info, SESSION).await?,
            stdin: create_client_stdin_connection_with_identity(info, SESSION, identity).await?,
            heartbeat,
        })
    }
}
