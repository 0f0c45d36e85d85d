//! Where Jupyter's front ends and the kernel are to be found.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use jupyter_protocol::{ConnectionInfo, Transport};
use tokio::net::TcpListener;

use crate::error::Error;

/// The name of all of the machine's addresses in Jupyter's connection file.
const EVERYWHERE: &str = "*";

/// The ports at which front ends reach the relay.
pub struct Listeners {
    pub shell: TcpListener,
    pub control: TcpListener,
    pub stdin: TcpListener,
    pub heartbeat: TcpListener,
    pub outputs: TcpListener,
}

/// Reads Jupyter's connection file.
pub fn read(path: &Path) -> Result<ConnectionInfo, Error> {
    let text = std::fs::read(path).map_err(|source| Error::NoConnectionFile {
        path: path.to_owned(),
        source,
    })?;
    let info: ConnectionInfo =
        serde_json::from_slice(&text).map_err(|source| Error::NotAConnectionFile {
            path: path.to_owned(),
            source,
        })?;
    if !matches!(info.transport, Transport::TCP) || info.signature_scheme != "hmac-sha256" {
        return Err(Error::Foreign {
            path: path.to_owned(),
        });
    }
    Ok(info)
}

/// Listens where `info` says, and nowhere else.
pub async fn listen(info: &ConnectionInfo) -> Result<Listeners, Error> {
    let at = async |port| {
        let ip = match &*info.ip {
            EVERYWHERE => "0.0.0.0",
            ip => ip,
        };
        let listener = TcpListener::bind((ip, port)).await;
        listener.map_err(|source| Error::Listen {
            address: format!("tcp://{ip}:{port}"),
            source,
        })
    };
    Ok(Listeners {
        shell: at(info.shell_port).await?,
        control: at(info.control_port).await?,
        stdin: at(info.stdin_port).await?,
        heartbeat: at(info.hb_port).await?,
        outputs: at(info.iopub_port).await?,
    })
}

/// Five free ports for the kernel, reachable from this machine only. The key stays Jupyter's: what
/// one side has signed, the other can verify.
pub fn inner(outer: &ConnectionInfo) -> io::Result<ConnectionInfo> {
    let ip = Ipv4Addr::LOCALHOST;
    // All five are taken before the first is free again, so no two are the same.
    let mut taken = Vec::new();
    for _ in 0..5 {
        taken.push(std::net::TcpListener::bind((ip, 0))?);
    }
    let mut ports = taken.iter().map(std::net::TcpListener::local_addr);
    let mut port = || match ports.next() {
        Some(address) => address.map(|address| address.port()),
        None => Err(io::ErrorKind::AddrInUse.into()),
    };
    Ok(ConnectionInfo {
        ip: ip.to_string(),
        shell_port: port()?,
        iopub_port: port()?,
        stdin_port: port()?,
        control_port: port()?,
        hb_port: port()?,
        ..outer.clone()
    })
}
