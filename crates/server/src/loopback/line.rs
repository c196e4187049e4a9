//! A line from one node to another, which can be cut.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tracing::debug;

use crate::shutdown::Shutdown;

/// A line on loopback. Whoever connects to its address reaches where it leads, byte for byte; while
/// it is cut, every connection ends at once.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    way: watch::Sender<Way>,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Way {
    target: Option<SocketAddr>,
    cut: bool,
}

impl Line {
    /// A line that leads nowhere yet.
    pub async fn open(shutdown: &Shutdown) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (way, seen) = watch::channel(Way::default());
        shutdown.spawn(carry(listener, seen, shutdown.clone()));
        Ok(Self { address, way })
    }

    /// Where it begins.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Leads it somewhere else. Connections to where it led before end.
    pub fn lead_to(&self, target: SocketAddr) {
        self.way.send_modify(|way| way.target = Some(target));
    }

    /// Cuts it.
    pub fn cut(&self) {
        self.way.send_modify(|way| way.cut = true);
    }

    /// Mends it.
    pub fn heal(&self) {
        self.way.send_modify(|way| way.cut = false);
    }
}

async fn carry(listener: TcpListener, way: watch::Receiver<Way>, shutdown: Shutdown) {
    loop {
        let accepted = tokio::select! {
            () = shutdown.token().cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        // A refused connection is a cut line.
        let Ok((near, _from)) = accepted else {
            continue;
        };
        let (now, way, stop) = (*way.borrow(), way.clone(), shutdown.token().clone());
        if let Some(target) = now.target.filter(|_target| !now.cut) {
            shutdown.spawn(async move {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = changed(way, now) => {}
                    ended = join(near, target) => if let Err(error) = ended {
                        debug!(error = %error, "a line broke");
                    },
                }
            });
        }
    }
}

async fn changed(mut way: watch::Receiver<Way>, from: Way) {
    // An error means that the line itself is gone.
    drop(way.wait_for(|way| *way != from).await);
}

async fn join(mut near: TcpStream, target: SocketAddr) -> io::Result<()> {
    let mut far = TcpStream::connect(target).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    copy_bidirectional(&mut near, &mut far).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Writes a byte and reads what comes back: the byte, or nothing if the connection ended.
    async fn echo(stream: &mut TcpStream, byte: u8) -> Option<u8> {
        stream.write_all(&[byte]).await.ok()?;
        stream.read_u8().await.ok()
    }

    async fn echoing(shutdown: &Shutdown) -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        shutdown.spawn(async move {
            while let Ok((mut stream, _from)) = listener.accept().await {
                let (mut read, mut write) = stream.split();
                drop(tokio::io::copy(&mut read, &mut write).await);
            }
        });
        address
    }

    #[tokio::test]
    async fn a_cut_ends_what_is_open_and_lets_nothing_in_until_it_is_mended() {
        let shutdown = Shutdown::new();
        let line = Line::open(&shutdown).await.unwrap();
        line.lead_to(echoing(&shutdown).await);
        let mut open = TcpStream::connect(line.address()).await.unwrap();
        assert_eq!(echo(&mut open, 7).await, Some(7));

        line.cut();
        assert_eq!(open.read_u8().await.ok(), None);
        let mut refused = TcpStream::connect(line.address()).await.unwrap();
        assert_eq!(echo(&mut refused, 8).await, None);

        line.heal();
        let mut again = TcpStream::connect(line.address()).await.unwrap();
        assert_eq!(echo(&mut again, 9).await, Some(9));
        shutdown.stop();
    }
}
