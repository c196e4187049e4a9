//! A connection to an address that was looked at.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use tokio_util::task::TaskTracker;
use tracing::debug;

use crate::{Address, Error, Network, is_public};

/// How many addresses of a name are tried.
const ADDRESSES_TRIED_MAX: usize = 4;
/// The longest head of an answer.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// An open connection.
pub(crate) type Line = SendRequest<Full<Bytes>>;

/// What a connection is made with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    /// Our own networks that may be connected to.
    pub(crate) networks: &'a [Network],
    pub(crate) tls: &'a Arc<ClientConfig>,
    pub(crate) tasks: &'a TaskTracker,
    /// Whether the server is shown credentials.
    pub(crate) has_credentials: bool,
    /// How long each address may take, and then TLS.
    pub(crate) time_max: Duration,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Way<'_> {
    pub(crate) async fn connect(self, to: &Address) -> Result<Line, Error> {
        let host = to.host().to_owned();
        let stream = self.reach(to).await?;
        let stream: Box<dyn Stream> = if to.is_secure() {
            Box::new(self.secure(stream, &host).await?)
        } else {
            Box::new(stream)
        };
        let (line, connection) = http1::Builder::new()
            .max_buf_size(HEAD_BYTES_MAX)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(Error::Broken)?;
        self.tasks.spawn(async move {
            if let Err(error) = connection.await {
                debug!(error = %error, server.host = host, "a connection to another server broke");
            }
        });
        Ok(line)
    }

    /// What is connected to is what was looked at: the name is not resolved again.
    async fn reach(self, to: &Address) -> Result<TcpStream, Error> {
        let host = to.host();
        let named = timeout(self.time_max, lookup_host((host, to.port()))).await;
        let late = || io::Error::from(io::ErrorKind::TimedOut);
        let found = named.unwrap_or_else(|_elapsed| Err(late()));
        let found: Vec<SocketAddr> = match found {
            Ok(found) => found.collect(),
            Err(source) => {
                let host = host.to_owned();
                return Err(Error::Name { host, source });
            }
        };
        let no_address = Error::NoAddress {
            host: host.to_owned(),
        };
        let mut refused = no_address;
        for address in found.into_iter().take(ADDRESSES_TRIED_MAX) {
            if let Err(error) = self.may_go(to, address) {
                refused = error;
                continue;
            }
            let opened = timeout(self.time_max, TcpStream::connect(address)).await;
            match opened.unwrap_or_else(|_elapsed| Err(late())) {
                Ok(stream) => {
                    if let Err(error) = stream.set_nodelay(true) {
                        debug!(error = %error, "a connection keeps its delay");
                    }
                    return Ok(stream);
                }
                Err(source) => {
                    let host = host.to_owned();
                    refused = Error::Connect { host, source };
                }
            }
        }
        Err(refused)
    }

    fn may_go(self, to: &Address, address: SocketAddr) -> Result<(), Error> {
        let ip = address.ip().to_canonical();
        let host = || to.host().to_owned();
        let allowed = self.networks.iter().any(|network| network.contains(ip));
        if !allowed && !is_public(ip) {
            return Err(Error::Own {
                host: host(),
                address: ip,
            });
        }
        // Whoever runs a network may let plain text pass in it.
        if !allowed && self.has_credentials && !to.is_secure() {
            return Err(Error::Plain { host: host() });
        }
        Ok(())
    }

    async fn secure(
        self,
        stream: TcpStream,
        host: &str,
    ) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Error> {
        let failed = |source: io::Error| Error::Tls {
            host: host.to_owned(),
            source,
        };
        let name = ServerName::try_from(host.to_owned());
        let name = name.map_err(|error| failed(io::Error::other(error)))?;
        let shaken = TlsConnector::from(Arc::clone(self.tls)).connect(name, stream);
        match timeout(self.time_max, shaken).await {
            Ok(shaken) => shaken.map_err(failed),
            Err(_elapsed) => Err(failed(io::ErrorKind::TimedOut.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use rustls::{RootCertStore, crypto::aws_lc_rs};

    use super::*;

    #[test]
    fn credentials_go_without_tls_only_where_the_operator_said() {
        let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let (tls, tasks) = (Arc::new(config), TaskTracker::new());
        let networks = ["10.0.0.0/8".parse().unwrap()];
        let goes = |to: &str, address: &str, has_credentials| {
            let way = Way {
                networks: &networks,
                tls: &tls,
                tasks: &tasks,
                has_credentials,
                time_max: Duration::from_secs(1),
            };
            way.may_go(&to.parse().unwrap(), address.parse().unwrap())
        };
        assert!(goes("https://a.example/", "8.8.8.8:443", true).is_ok());
        assert!(goes("http://a.example/", "8.8.8.8:80", false).is_ok());
        let plain = goes("http://a.example/", "8.8.8.8:80", true);
        assert!(matches!(plain, Err(Error::Plain { .. })));
        assert!(goes("http://a.example/", "10.0.0.1:80", true).is_ok());
        let own = goes("https://a.example/", "192.168.0.1:443", false);
        assert!(matches!(own, Err(Error::Own { .. })));
    }
}
