//! A node: opened from its data folder, then serving until it is told to stop.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use access::http::Door as PageDoor;
use audit::Ground;
use db::{Db, DbError, Options};
use exchange::Exchange;
use federation::{
    files::{Files, FilesError},
    post::{Parts, Post},
};
use intel::remotes::Remotes;
use kernel::{PartyCode, Problem, SharedClock, SharedRng};
use mailbox::Mailbox;
use outward::Client;
use queue::Runner;
use seal::{data::DataKey, vault::Lock};
use tracing::info;

use crate::{
    bind::{bind, local},
    config::Config,
    folder::{Folder, FolderError},
    health::{self, Health},
    introduction,
    keys::{KeysError, NodeKeys},
    listen,
    middleware::{
        door::{self, Door},
        once::Answers,
        rate::Rates,
    },
    peers::Peers,
    problem::Renderer,
    renewal::Renewals,
    rooms::{self, Book, House},
    router::{self, Faces, Frame},
    runs,
    shutdown::Shutdown,
    tls::{TlsKey, TlsKeyError},
    transport::Connections,
};

pub use crate::unlock::lock_of;

/// A node that cannot be opened or started.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The database.
    #[error("the database cannot be used")]
    Db(#[from] DbError),
    /// The ledgers.
    #[error("the ledgers cannot be used")]
    Audit(#[from] audit::Error),
    /// Users and their party.
    #[error(transparent)]
    Access(#[from] access::Error),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The folder of sealed files.
    #[error("the folder of sealed files cannot be used")]
    Files(#[from] FilesError),
    /// The directory.
    #[error("the peers cannot be read")]
    Peers(#[from] Problem),
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A listener.
    #[error("nobody can connect to {name} at {address}")]
    Listen {
        /// `web` or `federation`.
        name: &'static str,
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Nobody said how the vault is opened.
    #[error("the vault {path} is locked", path = path.display())]
    Locked {
        /// The vault.
        path: PathBuf,
    },
    /// Vault and database are of different parties.
    #[error("the vault is that of {vault}, the database that of {database}")]
    OtherParty {
        /// In the key sets.
        vault: PartyCode,
        /// In the database.
        database: PartyCode,
    },
}

/// An opened node, which does not serve yet.
pub struct Node {
    config: Config,
    ground: Ground,
    post: Post,
    book: Book,
    tls: TlsKey,
    data_key: DataKey,
    remotes: Remotes,
    mailbox: Mailbox,
    pins: federation::transport::Pins,
    party: PartyCode,
    shutdown: Shutdown,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("party", &self.party)
            .finish_non_exhaustive()
    }
}

/// Where a serving node can be reached.
#[derive(Clone, Copy, Debug)]
pub struct Serving {
    /// For people.
    pub web: SocketAddr,
    /// For nodes.
    pub federation: SocketAddr,
}

/// Opens the database of a configuration.
pub async fn open_ground(
    config: &Config,
    clock: SharedClock,
    rng: SharedRng,
) -> Result<Ground, NodeError> {
    let options = Options {
        connections_max: config.database_connections,
    };
    let db = Db::open(&config.database, options).await?;
    Ok(Ground::open(db, clock, rng).await?)
}

impl Node {
    /// Opens vault and database and puts the node together.
    pub async fn open(
        config: Config,
        lock: &Lock,
        (clock, rng): (SharedClock, SharedRng),
        book: impl FnOnce(&Ground, &PartyCode, &DataKey) -> Book,
    ) -> Result<Self, NodeError> {
        let folder = Folder::at(&config.data);
        let keys = NodeKeys::open(&folder, lock)?;
        let ground = open_ground(&config, clock, rng).await?;
        let (party, database) = (keys.party()?, access::ops::node_party(&ground).await?);
        if party != database {
            return Err(NodeError::OtherParty {
                vault: party,
                database,
            });
        }
        introduction::tell_key_sets(&ground, &party, &keys).await?;
        let shutdown = Shutdown::new();
        let tls = TlsKey::from_pkcs8(&keys.secrets.tls_pkcs8)?;
        let book = book(&ground, &party, &keys.secrets.data_key);
        let post = Post::new(Parts {
            ground: ground.clone(),
            keys: keys.own()?,
            files: Files::open(folder.blobs())?,
            transport: Connections::new(tls.clone(), shutdown.clone()).transport(),
            rooms: book.rooms.clone(),
            fates: book.fates.clone(),
            keep_key_set: Arc::clone(&book.keep_key_set),
        });
        let data_key = keys.secrets.data_key.clone();
        let client = Client::new(config.remote_networks.clone());
        let ours = (ground.clone(), party.clone(), data_key.clone());
        let mailbox = rooms::mailbox(ours.clone(), client.clone(), config.mail.as_ref());
        let remotes = rooms::remotes(ours, client);
        Ok(Self {
            config,
            remotes,
            mailbox,
            ground,
            post,
            book,
            tls,
            data_key,
            pins: federation::transport::Pins::default(),
            party,
            shutdown,
        })
    }

    /// The database, the time, chance.
    pub const fn ground(&self) -> &Ground {
        &self.ground
    }

    /// The post office.
    pub const fn post(&self) -> &Post {
        &self.post
    }

    /// What the ops of the exchange work with.
    pub fn exchange(&self) -> Exchange {
        Exchange {
            ground: self.ground.clone(),
            post: self.post.clone(),
            data_key: self.data_key.clone(),
        }
    }

    /// What exchanges with servers of other makers work with.
    pub const fn remotes(&self) -> &Remotes {
        &self.remotes
    }

    /// The node's mailbox.
    pub const fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Whose node it is.
    pub const fn party(&self) -> &PartyCode {
        &self.party
    }

    /// How it is told to stop.
    pub const fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Opens both listeners and starts every task. [`Shutdown::finish`] ends them all.
    pub async fn serve(&self) -> Result<Serving, NodeError> {
        health::start_counting();
        introduction::tell_addresses(&self.ground, &self.party, &self.config).await?;
        self.peers().read().await?;
        self.plan().await?;
        let web = bind("web", self.config.web).await?;
        let nodes = bind("federation", self.config.federation).await?;
        let serving = Serving {
            web: local("web", &web, self.config.web)?,
            federation: local("federation", &nodes, self.config.federation)?,
        };
        let renderer = Renderer {
            rng: Arc::clone(&self.ground.rng),
            page: rooms::error_page,
        };
        let tls = self.tls.listener(self.pins.clone())?;
        let card = introduction::router(self.ground.clone(), self.party.clone());
        let room = rooms::asked_by_peers(&self.exchange()).merge(card.clone());
        let rooms = listen::Rooms {
            peers: router::federation(room, renderer.clone()),
            strangers: router::federation(card, renderer.clone()),
        };
        let shutdown = &self.shutdown;
        let web_url = self.config.reached_at(serving.web);
        let pages = self.web_router(renderer, &web_url);
        shutdown.spawn(listen::web(web, pages, shutdown.clone()));
        shutdown.spawn(listen::federation(
            nodes,
            tls,
            self.pins.clone(),
            rooms,
            shutdown.clone(),
        ));
        self.start_jobs(&web_url).await?;
        info!(web = %serving.web, federation = %serving.federation, "the node of {} serves", self.party);
        Ok(serving)
    }

    /// Everything on the web listener, which people reach at that address.
    pub fn web_router(&self, renderer: Renderer, web_url: &str) -> axum::Router {
        let https = self.config.web_url.starts_with("https://");
        let authority = self.config.web_url.rsplit('/').next().unwrap_or_default();
        let frame = Frame {
            door: Arc::new(Door {
                proxies: self.config.trusted_proxies.clone(),
                hosts: vec![door::without_port(authority).to_owned()],
                pages: PageDoor {
                    cookie: format!("comity-{}", self.party).into(),
                    secure: https,
                },
                rates: Rates::new(
                    Arc::clone(&self.ground.clock),
                    self.config.requests_per_minute,
                ),
            }),
            renderer,
            health: Health {
                db: self.ground.db.clone(),
                shutdown: self.shutdown.clone(),
                token: self.config.metrics_token.clone(),
            },
            answers: Answers {
                ground: self.ground.clone(),
                data_key: self.data_key.clone(),
                shutdown: self.shutdown.clone(),
            },
            https,
        };
        let faces = Faces {
            api: rooms::api(House {
                ground: self.ground.clone(),
                data_key: self.data_key.clone(),
                exchange: self.exchange(),
                remotes: self.remotes.clone(),
                mailbox: self.mailbox.clone(),
            }),
            taxii: rooms::taxii(self.ground.clone()),
            misp: rooms::misp(self.ground.clone()),
            pages: rooms::pages(web::House {
                ground: self.ground.clone(),
                post: self.post.clone(),
                exchange: self.exchange(),
                introduce: introduction::introduce(),
                remotes: self.remotes.clone(),
                mailbox: self.mailbox.clone(),
                web_url: web_url.into(),
            }),
        };
        router::web(faces, frame)
    }

    async fn start_jobs(&self, web_url: &str) -> Result<(), NodeError> {
        let ground = &self.ground;
        let runner = Runner::new(
            ground.db.clone(),
            Arc::clone(&ground.clock),
            Arc::clone(&ground.rng),
        );
        let runner = rooms::jobs(runner, &self.exchange(), (&self.remotes, &self.mailbox));
        let runner = rooms::reminders(runner, &self.mailbox, web_url);
        let folder = Folder::at(&self.config.data);
        let run = runs::begin(&folder, ground, runner.holder()).await?;
        let stop = self.shutdown.token();
        let (queue_stop, post_stop) = (stop.clone(), stop.clone());
        let (peers_stop, renewals_stop) = (stop.clone(), stop.clone());
        self.shutdown.spawn(async move {
            runner.run(queue_stop).await;
            run.end();
        });
        let post = self.post.clone();
        self.shutdown
            .spawn(async move { post.run(post_stop).await });
        let (mailbox, mailbox_stop) = (self.mailbox.clone(), stop.clone());
        self.shutdown
            .spawn(async move { mailbox::ops::run(mailbox, mailbox_stop).await });
        let peers = self.peers();
        self.shutdown
            .spawn(async move { peers.run(peers_stop).await });
        let renewals = Renewals {
            ground: ground.clone(),
            party: self.party.clone(),
            sightings: self.tls.sightings(),
        };
        self.shutdown
            .spawn(async move { renewals.run(renewals_stop).await });
        Ok(())
    }

    fn peers(&self) -> Peers {
        Peers {
            ground: self.ground.clone(),
            post: self.post.clone(),
            pins: self.pins.clone(),
            book: self.book.clone(),
        }
    }

    /// The hourly checkpoint is planned once; from then on it plans itself. Comparing notes is
    /// planned at each start.
    async fn plan(&self) -> Result<(), NodeError> {
        const PLANNED: &str = "server.planned";
        let mut tx = self.ground.db.begin().await?;
        if db::setting::read(&mut tx, PLANNED).await?.is_none() {
            audit::schedule(&mut tx, &self.ground).await?;
            db::setting::write(&mut tx, PLANNED, "1").await?;
        }
        let planned = intel::jobs::plan(&mut tx, &self.ground).await;
        planned.map_err(Problem::from)?;
        // Ended in any case: on SQLite there is one writer, and the next step is one too.
        tx.commit().await?;
        self.post.plan().await.map_err(Problem::from)?;
        intel::ops::plan_remotes(&self.remotes)
            .await
            .map_err(Problem::from)?;
        rooms::plan(&self.exchange(), &self.mailbox).await?;
        Ok(())
    }
}

impl From<TlsKeyError> for NodeError {
    fn from(error: TlsKeyError) -> Self {
        Self::Keys(error.into())
    }
}
