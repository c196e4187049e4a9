//! A connection on which lines go both ways, bounded in time and length.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{
        AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _,
        BufReader, ReadBuf,
    },
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    Error,
    server::{Security, Server},
};

const CONNECT_TIME_MAX: Duration = Duration::from_secs(15);
/// How long a server may say nothing while something is expected of it.
const SILENCE_MAX: Duration = Duration::from_mins(1);
/// The longest line of a server.
const LINE_BYTES_MAX: usize = 64 << 10;

/// How far a connection has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reached {
    /// The name was found; with the addresses.
    Name,
    /// Somebody took the connection; with his address.
    Host,
    /// It is encrypted, by a certificate that is believed; with the version of TLS.
    Tls,
    /// It is a server of this protocol; with its first words.
    Answer,
}

/// Who is told how far a connection has come.
pub type Told<'t> = &'t mut (dyn FnMut(Reached, &str) + Send);

pub(crate) struct Line {
    stream: BufReader<Stream>,
    server: Server,
    tls: Arc<ClientConfig>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Line {
    /// A connection; over TLS, where the server has it from the first byte.
    pub(crate) async fn open(
        server: &Server,
        tls: &Arc<ClientConfig>,
        told: Told<'_>,
    ) -> Result<Self, Error> {
        let failed = |source| Error::Connect {
            server: server.clone(),
            source,
        };
        let found = addresses(server).await?;
        told(Reached::Name, &listed(&found));
        let connected = timeout(CONNECT_TIME_MAX, TcpStream::connect(found.as_slice()));
        let stream = connected
            .await
            .map_err(|late| failed(late.into()))?
            .map_err(failed)?;
        // Commands are short and wait for their answers.
        stream.set_nodelay(true).map_err(failed)?;
        // Where a name in a file of hosts leads elsewhere, nothing is said in plain text.
        let there = stream.peer_addr().map_err(failed)?;
        if server.security == Security::Plain && !there.ip().is_loopback() {
            return Err(failed(io::Error::other("it is not on this machine")));
        }
        told(Reached::Host, &there.to_string());
        let mut line = Self {
            stream: BufReader::new(Stream::Plain(stream)),
            server: server.clone(),
            tls: Arc::clone(tls),
        };
        if server.security == Security::Tls {
            line = line.secure(told).await?;
        }
        Ok(line)
    }

    /// The connection over TLS from here on.
    pub(crate) async fn secure(self, told: Told<'_>) -> Result<Self, Error> {
        let server = self.server;
        let failed = |source| Error::Tls {
            server: server.clone(),
            source,
        };
        // What came before the handshake came from anybody.
        if !self.stream.buffer().is_empty() {
            return Err(Error::Protocol {
                what: "words between STARTTLS and TLS",
            });
        }
        let Stream::Plain(stream) = self.stream.into_inner() else {
            return Err(Error::Protocol {
                what: "TLS within TLS",
            });
        };
        let name = ServerName::try_from(server.host.clone());
        let name = name.map_err(|error| failed(io::Error::other(error)))?;
        let shaken = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream);
        let shaken = timeout(CONNECT_TIME_MAX, shaken).await;
        let stream = shaken
            .map_err(|late| failed(late.into()))?
            .map_err(failed)?;
        let version = stream.get_ref().1.protocol_version();
        told(
            Reached::Tls,
            version.and_then(|one| one.as_str()).unwrap_or_default(),
        );
        Ok(Self {
            stream: BufReader::new(Stream::Tls(Box::new(stream))),
            tls: self.tls,
            server: server.clone(),
        })
    }

    pub(crate) const fn server(&self) -> &Server {
        &self.server
    }

    pub(crate) async fn say(&mut self, bytes: &[u8]) -> Result<(), Error> {
        within(async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        })
        .await
    }

    /// The next line, without its end.
    pub(crate) async fn hear(&mut self) -> Result<String, Error> {
        let mut line = Vec::new();
        let max = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        within(async {
            let mut bounded = (&mut self.stream).take(max);
            bounded.read_until(b'\n', &mut line).await.map(drop)
        })
        .await?;
        match line.pop() {
            Some(b'\n') => {}
            Some(_) if line.len() + 1 >= LINE_BYTES_MAX => {
                return Err(Error::Protocol {
                    what: "a line without end",
                });
            }
            Some(_) | None => return Err(Error::Broken(io::ErrorKind::UnexpectedEof.into())),
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    /// So many bytes.
    pub(crate) async fn hear_bytes(&mut self, count: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let mut part = vec![0; count.min(LINE_BYTES_MAX)];
        while bytes.len() < count {
            let wanted = part.len().min(count - bytes.len());
            let heard =
                within(self.stream.read(part.get_mut(..wanted).unwrap_or_default())).await?;
            if heard == 0 {
                return Err(Error::Broken(io::ErrorKind::UnexpectedEof.into()));
            }
            bytes.extend_from_slice(part.get(..heard).unwrap_or_default());
        }
        Ok(bytes)
    }
}

/// Where the server is.
async fn addresses(server: &Server) -> Result<Vec<SocketAddr>, Error> {
    let unknown = |source| Error::Name {
        server: server.clone(),
        source,
    };
    let found = timeout(
        CONNECT_TIME_MAX,
        lookup_host((server.host.as_str(), server.port)),
    );
    let found: Vec<SocketAddr> = found
        .await
        .map_err(|late| unknown(late.into()))?
        .map_err(unknown)?
        .collect();
    if found.is_empty() {
        return Err(unknown(io::ErrorKind::NotFound.into()));
    }
    Ok(found)
}

fn listed(addresses: &[SocketAddr]) -> String {
    let all: Vec<String> = addresses.iter().map(|one| one.ip().to_string()).collect();
    all.join(", ")
}

async fn within<T>(work: impl Future<Output = io::Result<T>>) -> Result<T, Error> {
    let done = timeout(SILENCE_MAX, work).await;
    done.map_err(|_elapsed| Error::Late { after: SILENCE_MAX })?
        .map_err(Error::Broken)
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, into),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, into),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
