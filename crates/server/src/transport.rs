//! Calls to peers: HTTP/2 over TLS 1.3, one connection a peer, kept as long as it is good.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use federation::transport::{Answer, Call, CallError, Method, PeerAddress, Transport};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Request,
    client::conn::http2::{self, SendRequest},
    header::HOST,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;
use tracing::debug;

use crate::{
    shutdown::Shutdown,
    tls::{self, TlsKey},
};

/// How long a connection may take to come about.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);
/// How often a silent connection is asked whether it is there, and how long it may take to say so.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Connections that are kept; the oldest make room for new ones.
const CONNECTIONS_MAX: usize = 256;
/// The longest head of an answer.
const HEAD_BYTES_MAX: u32 = 32 * 1024;

/// Opens and keeps the connections to peers.
pub struct Connections {
    key: TlsKey,
    shutdown: Shutdown,
    open: Mutex<HashMap<PeerAddress, SendRequest<Full<Bytes>>>>,
}

impl Connections {
    /// None open yet. The key is shown to every peer.
    pub fn new(key: TlsKey, shutdown: Shutdown) -> Self {
        Self {
            key,
            shutdown,
            open: Mutex::default(),
        }
    }

    /// What the federation room calls peers with.
    pub fn transport(self) -> Transport {
        let connections = Arc::new(self);
        Transport::new(move |call| {
            let connections = Arc::clone(&connections);
            Box::pin(async move { connections.call(call).await })
        })
    }

    async fn call(&self, call: Call) -> Result<Answer, CallError> {
        let time_max = call.time_max;
        let connected = timeout(time_max.min(CONNECT_TIME_MAX), self.connection(&call.to)).await;
        let connection =
            connected.map_err(|_elapsed| unreachable("the peer did not answer in time"))??;
        match timeout(time_max, ask(connection, call)).await {
            Ok(answer) => answer,
            Err(_elapsed) => Err(interrupted("the peer did not answer in time")),
        }
    }

    async fn connection(&self, to: &PeerAddress) -> Result<SendRequest<Full<Bytes>>, CallError> {
        let kept = self.kept().get(to).cloned();
        if let Some(mut kept) = kept
            && kept.ready().await.is_ok()
        {
            return Ok(kept);
        }
        let config = self.key.connector(to.tls_key_sha256);
        let config = config.map_err(|error| unreachable(&error.to_string()))?;
        let (fresh, connection) = connect(to, config).await?;
        let stop = self.shutdown.token().clone();
        self.shutdown.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                ended = connection => if let Err(error) = ended {
                    debug!(error = %error, "a connection to a peer broke");
                },
            }
        });
        let mut open = self.kept();
        open.retain(|_, kept| !kept.is_closed());
        if open.len() >= CONNECTIONS_MAX {
            open.clear();
        }
        open.insert(to.clone(), fresh.clone());
        Ok(fresh)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<PeerAddress, SendRequest<Full<Bytes>>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("open", &self.kept().len())
            .finish_non_exhaustive()
    }
}

pub(crate) type Connection = http2::Connection<
    TokioIo<tokio_rustls::client::TlsStream<TcpStream>>,
    Full<Bytes>,
    TokioExecutor,
>;

pub(crate) async fn connect(
    to: &PeerAddress,
    config: ClientConfig,
) -> Result<(SendRequest<Full<Bytes>>, Connection), CallError> {
    let failed = |error: &dyn fmt::Display| unreachable(&error.to_string());
    let stream = TcpStream::connect(to.authority.as_str()).await;
    let stream = stream.map_err(|error| failed(&error))?;
    stream.set_nodelay(true).map_err(|error| failed(&error))?;
    let name = ServerName::try_from(tls::NAME).map_err(|error| failed(&error))?;
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|error| failed(&error))?;
    http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(HEAD_BYTES_MAX)
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failed(&error))
}

pub(crate) async fn ask(
    mut connection: SendRequest<Full<Bytes>>,
    call: Call,
) -> Result<Answer, CallError> {
    let method = match call.method {
        Method::Get => hyper::Method::GET,
        Method::Post => hyper::Method::POST,
        Method::Put => hyper::Method::PUT,
        Method::Head => hyper::Method::HEAD,
    };
    let mut request = Request::builder()
        .method(method)
        .uri(format!("https://{}{}", call.to.authority, call.path))
        .header(HOST, call.to.authority.as_str());
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    let request = request
        .body(Full::new(Bytes::from(call.body)))
        .map_err(|error| unreachable(&error.to_string()))?;
    let answer = connection.send_request(request).await;
    let answer = answer.map_err(|error| interrupted(&error.to_string()))?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, call.answer_bytes_max)
        .collect()
        .await
        .map_err(|error| interrupted(&error.to_string()))?;
    let headers = head.headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    Ok(Answer {
        status: head.status.as_u16(),
        headers: headers.collect(),
        body: body.to_bytes().to_vec(),
    })
}

fn unreachable(why: &str) -> CallError {
    CallError::Unreachable(why.to_owned())
}

fn interrupted(why: &str) -> CallError {
    CallError::Interrupted(why.to_owned())
}
