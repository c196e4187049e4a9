//! The two listeners: one for people, one for nodes. Never one port.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use federation::transport::{PeerKey, Pins};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tower::ServiceExt;
use tracing::{debug, warn};

use crate::{shutdown::Shutdown, tls};

/// Connections at once, on each listener.
const CONNECTIONS_MAX: usize = 1024;
/// Streams at once on one HTTP/2 connection.
const STREAMS_MAX: u32 = 64;
/// How long the head of a request may take on its way.
const HEAD_TIME_MAX: Duration = Duration::from_secs(10);
/// How long the TLS handshake may take.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);
/// The longest head of a request.
const HEAD_BYTES_MAX: u32 = 32 * 1024;
/// How long a connection may be silent before it is asked whether it is there.
const KEEP_ALIVE: Duration = Duration::from_mins(1);
/// Connections at once of those who show no key, and how long each may last: enough for a card.
const STRANGERS_MAX: usize = 16;
const STRANGER_TIME_MAX: Duration = Duration::from_secs(20);
/// How long to wait after a failure to accept, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long an answer that is under way may take once the node stops. A stream of news never ends by
/// itself.
const LAST_ANSWER_TIME_MAX: Duration = Duration::from_secs(5);

/// The address from which a connection came, before any proxy's word is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Remote(pub IpAddr);

/// What nodes find behind the listener.
#[derive(Clone, Debug)]
pub struct Rooms {
    /// Those whose key is pinned.
    pub peers: Router,
    /// Those who show no key: who wants to come to know this node.
    pub strangers: Router,
}

/// Serves people: plain HTTP, behind a proxy or on loopback.
pub async fn web(listener: TcpListener, router: Router, shutdown: Shutdown) {
    accept(&listener, &shutdown, move |stream, remote, shutdown| {
        let router = router.clone();
        async move { serve(stream, router, remote, None, &shutdown).await }
    })
    .await;
}

/// Serves nodes over TLS 1.3. Whoever shows a key must be pinned; whoever shows none finds what is
/// there for strangers, few at a time and not for long.
pub async fn federation(
    listener: TcpListener,
    tls: ServerConfig,
    pins: Pins,
    rooms: Rooms,
    shutdown: Shutdown,
) {
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let strangers = Arc::new(Semaphore::new(STRANGERS_MAX));
    accept(&listener, &shutdown, move |stream, remote, shutdown| {
        let (acceptor, pins, rooms) = (acceptor.clone(), pins.clone(), rooms.clone());
        let strangers = Arc::clone(&strangers);
        async move {
            match timeout(HANDSHAKE_TIME_MAX, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => {
                    if let Some(key) = peer_key(&stream) {
                        serve(stream, rooms.peers, remote, Some((key, pins)), &shutdown).await;
                    } else if let Ok(_place) = strangers.try_acquire() {
                        let served = serve(stream, rooms.strangers, remote, None, &shutdown);
                        let ended = timeout(STRANGER_TIME_MAX, served).await.is_ok();
                        debug!(peer.address = %remote, ended, "a stranger was here");
                    } else {
                        debug!(peer.address = %remote, "too many strangers at once");
                    }
                }
                Ok(Err(error)) => {
                    debug!(peer.address = %remote, error = %error, "a node was not let in");
                }
                Err(_elapsed) => debug!(peer.address = %remote, "a handshake took too long"),
            }
        }
    })
    .await;
}

fn peer_key(stream: &TlsStream<TcpStream>) -> Option<PeerKey> {
    let (_, session) = stream.get_ref();
    let certificate = session.peer_certificates()?.first()?;
    tls::key_sha256(certificate).ok().map(PeerKey)
}

async fn accept<F>(
    listener: &TcpListener,
    shutdown: &Shutdown,
    serve: impl Fn(TcpStream, SocketAddr, Shutdown) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = shutdown.token().cancelled() => return,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, remote)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    debug!(peer.address = %remote, error = %error, "a connection ended at once");
                    continue;
                }
                let connection = serve(stream, remote, shutdown.clone());
                shutdown.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                warn!(error = %error, "a connection cannot be accepted");
                // Elapses always: a plain pause that shutdown can cut short.
                let paused = timeout(ACCEPT_PAUSE, shutdown.token().cancelled()).await;
                debug!(stopping = paused.is_ok(), "accepting again");
            }
        }
    }
}

async fn serve<S>(
    stream: S,
    router: Router,
    remote: SocketAddr,
    peer: Option<(PeerKey, Pins)>,
    shutdown: &Shutdown,
) where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let ip = remote.ip().to_canonical();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Remote(ip));
        // A peer that was removed is cut off on the connections that it has.
        let known = peer
            .as_ref()
            .is_none_or(|(key, pins)| pins.contains(&key.0));
        if let Some((key, _)) = &peer {
            request.extensions_mut().insert(*key);
        }
        let router = router.clone();
        async move {
            if known {
                Ok(match router.oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                })
            } else {
                Err(Removed)
            }
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX)
        .keep_alive_interval(KEEP_ALIVE);
    let graceful = GracefulShutdown::new();
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = Box::pin(graceful.watch(connection.into_owned()));
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = shutdown.token().cancelled() => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        #[expect(
            clippy::redundant_async_block,
            reason = "the signal waits until the connection is gone: the block drops it at its end"
        )]
        let drained = timeout(LAST_ANSWER_TIME_MAX, async move { connection.await });
        let (ended, ()) = tokio::join!(drained, graceful.shutdown());
        ended.unwrap_or(Ok(()))
    };
    if let Err(error) = ended {
        debug!(peer.address = %remote, error = %error, "a connection broke");
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the peer is no longer known")]
struct Removed;
