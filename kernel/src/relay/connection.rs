//! Where Jupyter's front ends and the kernel are to be found.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use jupyter_protocol::{ConnectionInfo, Transport};
use serde_json::Value;
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
    let info = parse(&text).map_err(|source| Error::NotAConnectionFile {
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

/// Reads the text of a connection file. What a file may leave out is as Jupyter's clients take it.
fn parse(text: &[u8]) -> serde_json::Result<ConnectionInfo> {
    let mut info: Value = serde_json::from_slice(text)?;
    for (name, default) in [
        ("ip", "127.0.0.1"),
        ("transport", "tcp"),
        ("signature_scheme", "hmac-sha256"),
        ("key", ""),
    ] {
        if let Some(info) = info.as_object_mut() {
            let value = info.entry(name).or_insert_with(|| default.into());
            if value.is_null() {
                *value = default.into();
            }
        }
    }
    serde_json::from_value(info)
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

#[cfg(test)]
mod tests {
    use super::*;

    const PORTS: &str =
        r#""shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5"#;

    #[test]
    fn what_a_connection_file_may_leave_out_has_jupyters_defaults() {
        for more in ["", r#", "ip": null, "signature_scheme": null"#] {
            let info = parse(format!("{{{PORTS}{more}}}").as_bytes()).expect("a connection file");
            assert_eq!(
                (&*info.ip, &*info.signature_scheme),
                ("127.0.0.1", "hmac-sha256")
            );
            assert_eq!((info.shell_port, &*info.key), (1, ""));
        }
        for broken in ["", "[]", "null", r#"{"ip": "127.0.0.1"}"#] {
            assert!(parse(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
