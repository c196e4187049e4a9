//! One node comes to know another by its address and a fingerprint that people compared.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::sync::Arc;

use axum::{Router, routing::get};
use directory::{
    model::{Address, ContactKind, Duty, Profile, Reach},
    ops::{self, NewContact, OwnEntry},
};
use federation::transport::Pins;
use kernel::{Clock, Mode, OsRng, PartyCode, Rng, SharedClock, SharedRng, SystemClock, Viewer};
use seal::{HybridIdentity, keys::Fingerprint, vault::Lock};
use server::{
    config::{Config, Settings},
    folder::Folder,
    introduction::{self, IntroductionError},
    keys::{NewNode, NodeKeys},
    listen::{self, Rooms},
    node::{self, Node},
    rooms::Book,
    tls::TlsKey,
};
use tokio::net::TcpListener;

struct Party {
    node: Node,
    address: Address,
    fingerprint: Fingerprint,
    _folder: tempfile::TempDir,
}

fn desk() -> NewContact {
    NewContact {
        profile: Profile {
            kind: ContactKind::Technical,
            entity: "Brevonia CERT".parse().unwrap(),
            department: None,
            role: None,
            languages: Vec::new(),
            time_zone: "UTC".parse().unwrap(),
            duty: Duty::Always,
            duty_hours: None,
            channels: Vec::new(),
            nominated_by: None,
            valid_from: None,
        },
        reach: Reach {
            emails: vec!["duty@cert.example".parse().unwrap()],
            ..Reach::default()
        },
        verified: true,
    }
}

/// A node that serves, with a desk in its directory.
async fn party(code: &str) -> Party {
    let folder = tempfile::tempdir().unwrap();
    let (clock, rng): (SharedClock, SharedRng) = (Arc::new(SystemClock), Arc::new(OsRng));
    let party: PartyCode = code.parse().unwrap();
    let made = NewNode::make(&party, clock.now(), &OsRng).unwrap();
    let identity = HybridIdentity::generate(&mut |bytes: &mut [u8]| OsRng.fill(bytes)).unwrap();
    let lock = Lock::KeyFile(identity);
    let settings = Settings {
        data: Some(folder.path().to_owned()),
        web: Some("127.0.0.1:0".to_owned()),
        federation: Some("127.0.0.1:0".to_owned()),
        federation_address: Some(format!("{}.example:8461", code.to_lowercase())),
        ..Settings::default()
    };
    let config = Config::of(settings).unwrap();
    made.write(&Folder::at(&config.data), &lock).unwrap();
    let ground = node::open_ground(&config, Arc::clone(&clock), Arc::clone(&rng))
        .await
        .unwrap();
    let own = OwnEntry {
        code: party.clone(),
        title: code.parse().unwrap(),
        fingerprint: made.root.fingerprint(),
        key_sets: made.key_sets.to_vec(),
        federation: None,
        web: Some("https://comity.example".parse().unwrap()),
    };
    let viewer = Viewer::node("test", party.clone(), Mode::Exercise);
    ops::set_up_own(&ground, &viewer, own).await.unwrap();
    let key = NodeKeys::open(&Folder::at(&config.data), &lock).unwrap();
    ops::add_contact(&ground, &key.secrets.data_key, &viewer, &party, desk())
        .await
        .unwrap();
    let node = Node::open(config, &lock, (clock, rng), Book::of)
        .await
        .unwrap();
    let serving = node.serve().await.unwrap();
    Party {
        address: serving.federation.to_string().parse().unwrap(),
        node,
        fingerprint: made.root.fingerprint(),
        _folder: folder,
    }
}

#[tokio::test]
async fn a_node_gives_its_card_to_whoever_asks_and_contacts_to_nobody() {
    let there = party("XB").await;
    let introduction = introduction::fetch(&there.address).await.unwrap();
    let apart = SystemClock.now().as_micros() - introduction.date.unwrap().as_micros();
    assert!(apart.abs() < 60_000_000, "{apart} µs");
    let card = introduction.accept(&there.fingerprint).unwrap();
    assert_eq!(card.party.as_str(), "XB");
    assert!(card.contacts.is_empty());
    // What the operator set is told, what he did not set stays.
    let told = card.federation.as_ref().unwrap().as_str();
    assert_eq!(told, "xb.example:8461");
    let web = card.web.as_ref().unwrap().as_str();
    assert_eq!(web, "https://comity.example");
    let here = party("XA").await;
    let viewer = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let key = here.node.exchange().data_key;
    let ground = here.node.ground();
    let added = ops::add_peer(ground, &key, &viewer, &card, &there.fingerprint).await;
    assert_eq!(added.unwrap().len(), 2);
    assert!(there.node.shutdown().finish().await && here.node.shutdown().finish().await);
}

#[tokio::test]
async fn another_root_key_than_the_one_that_was_compared_is_refused_with_both() {
    let there = party("XB").await;
    let compared = Fingerprint::from_bytes([7; 32]);
    let introduction = introduction::fetch(&there.address).await.unwrap();
    let refused = introduction.accept(&compared).unwrap_err();
    let both = match refused {
        IntroductionError::Fingerprint {
            compared, found, ..
        } => Some((*compared, *found)),
        _ => None,
    };
    assert_eq!(both, Some((compared, there.fingerprint)));
    there.node.shutdown().finish().await;
}

#[tokio::test]
async fn the_card_of_one_party_at_the_address_of_another_is_refused() {
    let there = party("XB").await;
    let card = introduction::fetch(&there.address).await.unwrap().card;
    let text = String::from_utf8(card.to_bytes().unwrap()).unwrap();
    let room = Router::new().route("/federation/v1/card", get(async move || text));
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap().to_string().parse().unwrap();
    let key = TlsKey::from_pkcs8(&TlsKey::generate().unwrap()).unwrap();
    let tls = key.listener(Pins::default()).unwrap();
    let rooms = Rooms {
        peers: Router::new(),
        strangers: room,
    };
    let shutdown = there.node.shutdown();
    shutdown.spawn(listen::federation(
        socket,
        tls,
        Pins::default(),
        rooms,
        shutdown.clone(),
    ));
    let introduction = introduction::fetch(&address).await.unwrap();
    let refused = introduction.accept(&there.fingerprint).unwrap_err();
    assert!(
        matches!(refused, IntroductionError::OtherKey { .. }),
        "{refused}"
    );
    shutdown.finish().await;
}

#[tokio::test]
async fn nobody_at_the_address_is_said() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: Address = gone.local_addr().unwrap().to_string().parse().unwrap();
    drop(gone);
    let refused = introduction::fetch(&address).await.unwrap_err();
    assert!(
        matches!(refused, IntroductionError::Call { .. }),
        "{refused}"
    );
}
