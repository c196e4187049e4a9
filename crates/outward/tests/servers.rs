//! Servers of all kinds, and what this node does with them.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "test code: a surprise ends the test"
)]

use std::{io::Write, net::SocketAddr, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use hyper::{Method, StatusCode};
use outward::{Address, Client, Credentials, Error, Limits, Request, Secret, Session, Stage};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};
use tokio_rustls::TlsAcceptor;

/// What a server says to the head of a request.
type Script = Arc<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

/// A server that follows a script; it tells the heads of the requests, with the number of the
/// connection.
struct Server {
    address: SocketAddr,
    heads: mpsc::UnboundedReceiver<(usize, String)>,
}

impl Server {
    async fn start(script: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::with(Arc::new(script), None).await
    }

    async fn with(script: Script, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, heads) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for number in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (script, tell, tls) = (Arc::clone(&script), tell.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, number, script, tell).await;
                            }
                        }
                        None => serve(stream, number, script, tell).await,
                    }
                });
            }
        });
        Self { address, heads }
    }

    fn at(&self, path: &str) -> Address {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    fn next(&mut self) -> (usize, String) {
        self.heads.try_recv().unwrap()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    number: usize,
    script: Script,
    tell: mpsc::UnboundedSender<(usize, String)>,
) {
    let mut head = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte).await.is_ok_and(|read| read == 1) {
        head.push(byte[0]);
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8(std::mem::take(&mut head)).unwrap();
        let say = script(&text);
        tell.send((number, text.to_ascii_lowercase())).ok();
        if stream.write_all(&say).await.is_err() || say.is_empty() {
            return;
        }
    }
}

fn plain(body: &[u8]) -> Vec<u8> {
    answer("200 OK", &[], body)
}

fn answer(status: &str, fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut all = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in fields {
        write!(all, "{name}: {value}\r\n").unwrap();
    }
    all.extend(b"\r\n");
    all.extend(body);
    all
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn token() -> Credentials {
    Credentials::Bearer(Secret::from("opensesame".to_owned()))
}

/// A session that may go to this machine.
async fn session(server: &Server, credentials: &Credentials, limits: Limits) -> Session {
    let client = Client::new(vec!["127.0.0.0/8".parse().unwrap()]);
    let made = client
        .session(&server.at("/"), credentials, None, limits)
        .await;
    made.unwrap()
}

async fn get(session: &Session, address: Address) -> Result<Vec<u8>, Error> {
    session.send(Request::get(address)).await?.bytes().await
}

#[tokio::test]
async fn our_own_network_is_refused_whatever_it_is_called() {
    let server = Server::start(|_| plain(b"secret")).await;
    let port = server.address.port();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let address: Address = format!("http://{host}:{port}/").parse().unwrap();
        let client = Client::default();
        let made = client.session(&address, &Credentials::None, None, Limits::default());
        let error = get(&made.await.unwrap(), address).await.unwrap_err();
        assert!(matches!(error, Error::Own { .. }), "{host}: {error}");
        assert_eq!(error.stage(), Stage::Network);
    }
}

#[tokio::test]
async fn a_connection_is_kept_and_what_was_closed_meanwhile_is_opened_again() {
    let mut server = Server::start(|head| {
        if head.starts_with("GET /last") {
            answer("200 OK", &[("connection", "close")], b"last")
        } else {
            plain(b"one")
        }
    })
    .await;
    let session = session(&server, &token(), Limits::default()).await;
    for path in ["/a", "/b", "/last", "/c"] {
        get(&session, server.at(path)).await.unwrap();
    }
    let used: Vec<_> = (0..4).map(|_| server.next().0).collect();
    assert_eq!(used, [0, 0, 0, 1]);
}

#[tokio::test]
async fn a_redirect_is_followed_without_credentials_to_another_server() {
    let mut other = Server::start(|_| plain(b"there")).await;
    let to = other.at("/there").to_string();
    let mut server = Server::start(move |head| match head.split(' ').nth(1).unwrap() {
        "/away" => answer("302 Found", &[("location", &to)], b""),
        "/near" => answer("301 Moved Permanently", &[("location", "here")], b""),
        "/round" => answer("302 Found", &[("location", "/round")], b""),
        _ => plain(b"here"),
    })
    .await;
    let session = session(&server, &token(), Limits::default()).await;
    assert_eq!(get(&session, server.at("/near")).await.unwrap(), b"here");
    assert!(server.next().1.contains("authorization: bearer opensesame"));
    assert!(server.next().1.contains("authorization: bearer opensesame"));
    assert_eq!(get(&session, server.at("/away")).await.unwrap(), b"there");
    assert!(!other.next().1.contains("authorization"));
    let round = get(&session, server.at("/round")).await.unwrap_err();
    assert!(matches!(round, Error::Redirect { status: 302, .. }));
    let post = Request::new(Method::POST, server.at("/near"));
    let post = session.send(post).await.unwrap_err();
    assert!(matches!(post, Error::Redirect { status: 301, .. }));
}

#[tokio::test]
async fn a_body_ends_at_its_limit_packed_or_not() {
    let server = Server::start(|head| {
        if head.starts_with("GET /bomb") {
            let packed = gzip(&vec![0; 20 << 20]);
            assert!(packed.len() < 64 << 10);
            answer("200 OK", &[("content-encoding", "gzip")], &packed)
        } else if head.starts_with("GET /packed") {
            answer("200 OK", &[("content-encoding", "gzip")], &gzip(b"packed"))
        } else if head.starts_with("GET /torn") {
            let packed = gzip(b"packed");
            let torn = &packed[..packed.len() - 3];
            answer("200 OK", &[("content-encoding", "gzip")], torn)
        } else if head.starts_with("GET /other") {
            answer("200 OK", &[("content-encoding", "br")], b"x")
        } else {
            plain(&[b'x'; 2_000])
        }
    })
    .await;
    let limits = Limits {
        body_bytes_max: 1_000,
        ..Limits::default()
    };
    let session = session(&server, &Credentials::None, limits).await;
    assert_eq!(
        get(&session, server.at("/packed")).await.unwrap(),
        b"packed"
    );
    for path in ["/bomb", "/long"] {
        let error = get(&session, server.at(path)).await.unwrap_err();
        assert!(
            matches!(error, Error::TooLong { max: 1_000 }),
            "{path}: {error}"
        );
    }
    let torn = get(&session, server.at("/torn")).await.unwrap_err();
    assert!(matches!(torn, Error::Packed(_)), "{torn}");
    let other = get(&session, server.at("/other")).await.unwrap_err();
    assert!(matches!(other, Error::Coding));
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left() {
    let server = Server::start(|head| {
        if head.starts_with("GET /half") {
            b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec()
        } else {
            b"HTTP".to_vec()
        }
    })
    .await;
    let limits = Limits {
        silence_max: Duration::from_millis(50),
        ..Limits::default()
    };
    let session = session(&server, &Credentials::None, limits).await;
    for path in ["/half", "/never"] {
        let error = get(&session, server.at(path)).await.unwrap_err();
        assert!(matches!(error, Error::Late { .. }), "{path}: {error}");
        assert!(error.may_pass());
    }
}

#[tokio::test]
async fn statuses_and_fields_are_for_the_caller() {
    let mut server =
        Server::start(|_| answer("429 Too Many Requests", &[("retry-after", "7")], b"")).await;
    let session = session(&server, &token(), Limits::default()).await;
    let request = Request::new(Method::POST, server.at("/x?y=z")).with_body("{}");
    let answer = session.send(request).await.unwrap();
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.field("retry-after"), Some("7"));
    let (_, head) = server.next();
    assert!(head.starts_with("post /x?y=z http/1.1\r\n"));
    assert!(head.contains("content-length: 2\r\n"));
}

#[tokio::test]
async fn tls_is_believed_by_the_authority_of_the_remote_alone() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let server = Server::with(Arc::new(|_: &str| plain(b"sealed")), Some(acceptor)).await;
    let address = format!("https://localhost:{}/", server.address.port());
    let address: Address = address.parse().unwrap();
    let client = Client::new(vec!["127.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()]);
    let lines = STANDARD.encode(made.cert.der());
    let own = format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n");
    let token = token();
    for (authority, trusted) in [(None, false), (Some(own.as_str()), true)] {
        let session = client.session(&address, &token, authority, Limits::default());
        let got = get(&session.await.unwrap(), address.clone()).await;
        match got {
            Ok(body) => assert!(trusted && body == b"sealed"),
            Err(error) => assert!(!trusted && error.stage() == Stage::Tls, "{error}"),
        }
    }
    let nonsense = client.session(&address, &token, Some("nonsense"), Limits::default());
    assert!(matches!(nonsense.await, Err(Error::Authorities { .. })));
}

#[tokio::test]
async fn an_error_says_neither_query_nor_secret() {
    let session = {
        let server = Server::start(|_| Vec::new()).await;
        session(&server, &token(), Limits::default()).await
    };
    let closed: Address = "http://127.0.0.1:1/?key=hidden".parse().unwrap();
    let error = get(&session, closed).await.unwrap_err();
    let said = format!("{error:?} {error} {session:?}");
    assert!(matches!(error, Error::Connect { .. }));
    assert!(
        !said.contains("hidden") && !said.contains("opensesame"),
        "{said}"
    );
}
