//! A forged second history of a node's ledger.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
};

use audit::{Ground, Leaf, Log};
use db::{Address, Db, Options};
use federation::{
    files::Files,
    own::OwnKeys,
    post::{Parts, Post, Room},
    transport::{CallError, Pins, Transport},
};
use kernel::{MessageId, Mode, random_array};
use tokio::net::TcpListener;

use super::LoopbackError;
use crate::{
    keys::KeysError, listen, node::NodeError, problem::Renderer, rooms, router, shutdown::Shutdown,
    tls::TlsKey,
};

/// What somebody who holds a node's keys could set up beside it: a listener that proves the same
/// key, takes messages and gives valid receipts, all from another ledger. It serves exercises, and
/// shows that peers notice.
#[derive(Debug)]
pub struct SecondHistory {
    address: SocketAddr,
    post: Post,
    shutdown: Shutdown,
}

impl SecondHistory {
    /// Forges one of the node's ledger, of that many leaves, in an empty folder; it takes messages of
    /// these kinds.
    pub async fn forge(
        node: &Post,
        folder: &Path,
        kinds: &[&'static str],
        leaves: u64,
    ) -> Result<Self, LoopbackError> {
        let real = node.ground();
        let options = Options { connections_max: 2 };
        let db = Db::open(&Address::Sqlite(folder.join("other.db")), options)
            .await
            .map_err(NodeError::from)?;
        let ground = Ground::open(db, real.clock.clone(), real.rng.clone())
            .await
            .map_err(NodeError::from)?;
        fill(&ground, leaves).await?;
        let (post, pins) = (post(node, ground, folder, kinds)?, Pins::default());
        let mut peers = Vec::new();
        for peer in node.peers(Mode::Exercise) {
            peers.push((*peer).clone());
        }
        pins.replace(
            peers
                .iter()
                .map(|peer| peer.chain.latest().set().tls_key_sha256),
        );
        post.set_peers(peers);
        let tls = TlsKey::from_pkcs8(&node.keys().secrets().tls_pkcs8)
            .and_then(|key| key.listener(pins.clone()))
            .map_err(KeysError::from)?;
        let renderer = Renderer {
            rng: real.rng.clone(),
            page: rooms::error_page,
        };
        let peers = router::federation(federation::http::router(post.clone()), renderer);
        let rooms = listen::Rooms {
            peers,
            strangers: axum::Router::new(),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, shutdown) = (listener.local_addr()?, Shutdown::new());
        shutdown.spawn(listen::federation(
            listener,
            tls,
            pins,
            rooms,
            shutdown.clone(),
        ));
        Ok(Self {
            address,
            post,
            shutdown,
        })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it.
    pub async fn end(self) {
        self.shutdown.finish().await;
        self.post.ground().db.close().await;
    }
}

/// Invented messages, so that the tree is no shorter than the true one.
async fn fill(ground: &Ground, leaves: u64) -> Result<(), LoopbackError> {
    let invented = || Leaf {
        act: ledger::Act::Received,
        subject: MessageId::random(&*ground.rng).to_string(),
        sha256: random_array(&*ground.rng),
    };
    let leaves: Vec<Leaf> = (0..leaves).map(|_at| invented()).collect();
    let append = async {
        let mut tx = ground.db.begin().await?;
        audit::append(&mut tx, ground, Log::Exercise, &leaves).await?;
        tx.commit().await?;
        Ok::<_, audit::Error>(())
    };
    Ok(append.await.map_err(NodeError::from)?)
}

/// A post office with the node's keys. It sends nothing of its own accord.
fn post(
    node: &Post,
    ground: Ground,
    folder: &Path,
    kinds: &[&'static str],
) -> Result<Post, LoopbackError> {
    let own = node.keys();
    let [real, exercise] = [Mode::Real, Mode::Exercise].map(|mode| own.chain(mode).clone());
    let keys = OwnKeys::new(own.party().clone(), own.secrets().clone(), real, exercise)
        .map_err(KeysError::from)?;
    let taker = Room {
        check: Arc::new(|_header, _body| Ok(())),
        judge: None,
        leave: None,
        take: Arc::new(|_tx, _ground, _delivered| Box::pin(async { Ok(()) })),
    };
    let rooms: HashMap<_, _> = kinds.iter().map(|&kind| (kind, taker.clone())).collect();
    Ok(Post::new(Parts {
        ground,
        keys,
        files: Files::open(folder.join("blobs")).map_err(NodeError::from)?,
        transport: Transport::new(|_call| {
            Box::pin(async { Err(CallError::Unreachable("it calls nobody".to_owned())) })
        }),
        rooms,
        fates: Vec::new(),
        keep_key_set: Arc::new(|_party, _set| Box::pin(async { Ok(()) })),
    }))
}
