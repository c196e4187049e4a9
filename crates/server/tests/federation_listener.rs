//! Two nodes' keys, one connection: who gets in and who is believed.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::time::Duration;

use axum::{
    Extension, Router,
    routing::{get, post},
};
use federation::transport::{
    Answer, Call, CallError, Method, PeerAddress, PeerKey, Pins, Transport,
};
use seal::Digest;
use server::{
    introduction::{self, IntroductionError},
    listen::{self, Rooms},
    shutdown::Shutdown,
    tls::TlsKey,
    transport::Connections,
};
use tokio::net::TcpListener;

struct Listener {
    address: PeerAddress,
    pins: Pins,
    shutdown: Shutdown,
}

fn key() -> TlsKey {
    TlsKey::from_pkcs8(&TlsKey::generate().unwrap()).unwrap()
}

async fn listener() -> Listener {
    let (key, pins, shutdown) = (key(), Pins::default(), Shutdown::new());
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = PeerAddress {
        authority: socket.local_addr().unwrap().to_string(),
        tls_key_sha256: key.sha256(),
    };
    let who = |Extension(PeerKey(peer)): Extension<PeerKey>, body: String| async move {
        format!("{peer} says {body}")
    };
    let router = Router::new().route("/federation/v1/echo", post(who));
    let tls = key.listener(pins.clone()).unwrap();
    let rooms = Rooms {
        peers: router,
        strangers: Router::new().route("/federation/v1/card", get(async || "a card")),
    };
    shutdown.spawn(listen::federation(
        socket,
        tls,
        pins.clone(),
        rooms,
        shutdown.clone(),
    ));
    Listener {
        address,
        pins,
        shutdown,
    }
}

fn caller(shutdown: &Shutdown) -> (Transport, Digest) {
    let key = key();
    let sha256 = key.sha256();
    (Connections::new(key, shutdown.clone()).transport(), sha256)
}

async fn say(
    transport: &Transport,
    to: &PeerAddress,
    bytes_max: usize,
) -> Result<Answer, CallError> {
    let call = Call {
        to: to.clone(),
        method: Method::Post,
        path: "/federation/v1/echo".to_owned(),
        headers: vec![("content-type", "text/plain".to_owned())],
        body: b"hello".to_vec(),
        answer_bytes_max: bytes_max,
        time_max: Duration::from_secs(20),
    };
    transport.call(call).await
}

#[tokio::test]
async fn a_pinned_peer_gets_in_and_is_known_by_its_key() {
    let there = listener().await;
    let (here, key) = caller(&there.shutdown);
    there.pins.replace([key]);
    // The second call goes over the connection of the first.
    for _ in 0..2 {
        let answer = say(&here, &there.address, 1024).await.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, format!("{key} says hello").into_bytes());
    }
    assert!(there.shutdown.finish().await);
}

#[tokio::test]
async fn an_unknown_peer_does_not_get_in() {
    let there = listener().await;
    let (here, key) = caller(&there.shutdown);
    there.pins.replace([Digest::of(b"somebody else")]);
    assert!(say(&here, &there.address, 1024).await.is_err());
    // The same peer, once it is known, does.
    there.pins.replace([key]);
    assert_eq!(say(&here, &there.address, 1024).await.unwrap().status, 200);
}

/// What is there for those who show no key leads to nothing else: without the right key the room of
/// the peers is not even asked.
#[tokio::test]
async fn who_shows_no_key_finds_what_is_there_for_strangers() {
    let there = listener().await;
    let address = there.address.authority.parse().unwrap();
    let no_card = introduction::fetch(&address).await.unwrap_err();
    assert!(matches!(no_card, IntroductionError::Card(_)), "{no_card}");
    assert!(there.shutdown.finish().await);
}

#[tokio::test]
async fn a_removed_peer_is_cut_off_on_the_connection_that_it_has() {
    let there = listener().await;
    let (here, key) = caller(&there.shutdown);
    there.pins.replace([key]);
    assert_eq!(say(&here, &there.address, 1024).await.unwrap().status, 200);
    there.pins.replace([]);
    assert!(say(&here, &there.address, 1024).await.is_err());
}

#[tokio::test]
async fn a_listener_with_another_key_is_told_nothing() {
    let there = listener().await;
    let (here, key) = caller(&there.shutdown);
    there.pins.replace([key]);
    let expected = PeerAddress {
        tls_key_sha256: Digest::of(b"the key that was compared"),
        ..there.address.clone()
    };
    let refused = say(&here, &expected, 1024).await.unwrap_err();
    assert!(matches!(refused, CallError::Unreachable(_)), "{refused:?}");
}

#[tokio::test]
async fn nobody_there_is_unreachable_and_a_long_answer_an_interruption() {
    let there = listener().await;
    let (here, key) = caller(&there.shutdown);
    there.pins.replace([key]);
    let cut = say(&here, &there.address, 4).await.unwrap_err();
    assert!(matches!(cut, CallError::Interrupted(_)), "{cut:?}");

    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = PeerAddress {
        authority: gone.local_addr().unwrap().to_string(),
        ..there.address.clone()
    };
    drop(gone);
    let refused = say(&here, &nobody, 1024).await.unwrap_err();
    assert!(matches!(refused, CallError::Unreachable(_)), "{refused:?}");
}
