//! What the rooms bring to a node: routes, pages, handlers of messages, jobs. Filled in one place.

use std::{collections::HashMap, sync::Arc};

use audit::{ACTS_CHECKPOINT, Ground, Log};
use axum::Router;
use exchange::Exchange;
use federation::post::{Fates, Gate, KeepKeySet, KnownPeer, Post, Room};
use incidents::{evidence::Locker, retention::Shredder};
use intel::{model::RemoteKind, remotes::Remotes};
use kernel::{Mode, PartyCode, Problem, Viewer};
use mailbox::Mailbox;
use outward::Client;
use queue::{JobFailure, Runner};
use seal::{data::DataKey, keys::Purpose};
use share::Sharing;
use utoipa_axum::router::OpenApiRouter;
pub use web::error_page;

use crate::config::Mail;

/// How the peers of both modes are found.
pub type FindPeers = Arc<
    dyn Fn(Ground) -> futures_util::future::BoxFuture<'static, Result<Vec<KnownPeer>, Problem>>
        + Send
        + Sync,
>;

/// What the rooms need of the post office before it is there.
#[derive(Clone)]
pub struct Book {
    /// Which messages are whose.
    pub rooms: HashMap<&'static str, Room>,
    /// Who is told what became of messages that went out.
    pub fates: Fates,
    /// Where new key sets of peers are kept.
    pub keep_key_set: KeepKeySet,
    /// Who the peers are.
    pub peers: FindPeers,
}

impl Book {
    /// What the rooms of this program bring to the node of a party.
    pub fn of(ground: &Ground, party: &PartyCode, data_key: &DataKey) -> Self {
        let (ground, own) = (ground.clone(), party.clone());
        let said = exchange::ops::room(data_key);
        let kinds = exchange::model::Kind::ALL.iter();
        let kinds = kinds.map(|kind| (kind.as_str(), said.clone()));
        let circles = exchange::ops::circle_room();
        let about_circles = exchange::model::CIRCLE_KINDS.map(|kind| (kind, circles.clone()));
        let collections = share::ops::room();
        let about_collections = share::model::KINDS.map(|kind| (kind, collections.clone()));
        let kinds = kinds.chain(about_circles).chain(about_collections);
        Self {
            rooms: kinds.collect(),
            fates: share::ops::fates(),
            keep_key_set: Arc::new(move |party, set| {
                let (ground, own) = (ground.clone(), own.clone());
                Box::pin(async move {
                    let mode = Mode::from_exercise(set.set().purpose == Purpose::Exercise);
                    let viewer = Viewer::node("federation", own, mode);
                    directory::ops::accept_key_set(&ground, &viewer, &party, set).await?;
                    Ok(())
                })
            }),
            peers: Arc::new(|ground| Box::pin(async move { peers(&ground).await })),
        }
    }
}

async fn peers(ground: &Ground) -> Result<Vec<KnownPeer>, Problem> {
    let listed = directory::ops::peers_for_federation(ground).await?;
    let others = listed.into_iter().filter(|peer| !peer.party.own);
    let known = others.map(|peer| KnownPeer {
        party: peer.party.code,
        mode: peer.party.mode,
        chain: peer.chain,
        authority: peer
            .party
            .federation
            .map(|address| address.as_str().to_owned()),
    });
    Ok(known.collect())
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book")
            .field("kinds", &self.rooms.keys())
            .finish_non_exhaustive()
    }
}

/// What the rooms' routes work with.
#[derive(Clone)]
pub struct House {
    /// The database, the time, chance.
    pub ground: Ground,
    /// Opens contact data.
    pub data_key: DataKey,
    /// Threads and messages.
    pub exchange: Exchange,
    /// Servers of other makers.
    pub remotes: Remotes,
    /// The node's mailbox.
    pub mailbox: Mailbox,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").finish_non_exhaustive()
    }
}

/// The JSON routes of all rooms, relative to `/api/v1`.
pub fn api(house: House) -> OpenApiRouter {
    let ground = house.ground;
    let sharing = sharing(&house.exchange);
    let register = infrastructure::Register {
        ground: ground.clone(),
        data_key: house.data_key.clone(),
    };
    access::http::router(ground.clone())
        .merge(directory::http::router(ground.clone(), house.data_key))
        .merge(incidents::http::router(ground.clone()))
        .merge(constituency::http::router(ground.clone()))
        .merge(incidents::evidence::http::router(locker(&house.exchange)))
        .merge(incidents::retention::http::router(shredder(
            &house.exchange,
        )))
        .merge(intel::http::router(ground))
        .merge(intel::http::remotes_router(house.remotes))
        .merge(mailbox::http::router(house.mailbox))
        .merge(infrastructure::http::router(register))
        .merge(share::http::router(sharing))
        .merge(exchange::http::router(house.exchange))
}

/// What the ops of evidence work with.
pub fn locker(exchange: &Exchange) -> Locker {
    Locker {
        ground: exchange.ground.clone(),
        files: exchange.post.files().clone(),
        data_key: exchange.data_key.clone(),
    }
}

/// What deleting works with.
pub fn shredder(exchange: &Exchange) -> Shredder {
    Shredder::from(&locker(exchange))
}

/// What the ops of sharing work with.
pub fn sharing(exchange: &Exchange) -> Sharing {
    Sharing {
        ground: exchange.ground.clone(),
        post: exchange.post.clone(),
    }
}

/// What peers may ask, on the listener for nodes.
pub fn asked_by_peers(exchange: &Exchange) -> Router {
    let post = federation::http::router(exchange.post.clone());
    post.merge(share::http::federation(sharing(exchange)))
}

/// Plans what rooms do of their own accord from a start of the node on.
pub async fn plan(exchange: &Exchange, mailbox: &Mailbox) -> Result<(), Problem> {
    mailbox::ops::plan(mailbox).await?;
    incidents::retention::jobs::plan(&exchange.ground).await?;
    incidents::reporting::ops::plan_all(&exchange.ground).await?;
    Ok(share::ops::plan(&sharing(exchange)).await?)
}

/// The endpoints of TAXII, all below `/taxii2/`.
pub fn taxii(ground: Ground) -> OpenApiRouter {
    taxii::router(taxii::State::new(ground))
}

/// MISP's interface, all below `/misp/`.
pub fn misp(ground: Ground) -> Router {
    misp::router(misp::State::new(ground))
}

/// The pages of all rooms.
pub fn pages(house: web::House) -> Router {
    web::router(house)
}

/// How each kind of server of another maker is spoken to.
pub fn remotes(node: (Ground, PartyCode, DataKey), client: Client) -> Remotes {
    let taxii = (RemoteKind::Taxii, taxii::client::handler());
    Remotes::new(
        node,
        client,
        misp::sync::handlers().into_iter().chain([taxii]),
    )
}

/// The node's mailbox, as the operator configured it.
pub fn mailbox(
    (ground, party, data_key): (Ground, PartyCode, DataKey),
    client: Client,
    mail: Option<&Mail>,
) -> Mailbox {
    Mailbox {
        ground,
        party,
        data_key,
        client,
        settings: mail.map(|mail| Arc::new(mail_settings(mail))),
    }
}

/// What the configuration says of the mailbox, in the words of its room.
pub fn mail_settings(mail: &Mail) -> mailbox::Settings {
    let login = mail.login.as_ref().map(|(user, password)| mailbox::Login {
        user: user.clone(),
        password: password.expose().into(),
    });
    mailbox::Settings {
        address: mail.address.clone(),
        name: mail.name.clone(),
        imap: mail.imap.clone(),
        smtp: mail.smtp.clone(),
        folder: mail.folder.clone(),
        authority: mail.authority.clone(),
        every: mail.every,
        acknowledges: mail.acknowledge,
        login,
    }
}

/// The jobs of all rooms.
pub fn jobs(
    runner: Runner,
    exchange: &Exchange,
    (remotes, mailbox): (&Remotes, &Mailbox),
) -> Runner {
    let (ground, acts) = (exchange.ground.clone(), exchange.post.clone());
    let runner = exchange::jobs::jobs(exchange.post.jobs(runner), exchange);
    let runner = incidents::evidence::jobs::jobs(runner, &locker(exchange));
    let runner = incidents::retention::jobs::jobs(runner, &shredder(exchange), &mailbox.party);
    let runner = incidents::reporting::jobs::jobs(runner, &ground);
    let runner = intel::jobs::jobs(runner, &ground);
    let runner = constituency::jobs::jobs(runner, &ground);
    let runner = intel::jobs::remote_jobs(runner, remotes);
    let runner = mailbox::jobs::jobs(runner, mailbox);
    let runner = share::jobs::jobs(runner, &sharing(exchange));
    runner.with(ACTS_CHECKPOINT, move |_job| {
        let (ground, post) = (ground.clone(), acts.clone());
        async move {
            checkpoint_acts(&ground, &post)
                .await
                .map_err(|error| JobFailure::Again(error.to_string()))
        }
    })
}

/// The job that reminds people by mail, with links to the pages of the node.
pub fn reminders(runner: Runner, mailbox: &Mailbox, web_url: &str) -> Runner {
    let (ground, node) = (mailbox.ground.clone(), web_url.to_owned());
    let write: mailbox::ops::Write =
        Arc::new(move |told| web::reminder_mail(told, ground.now(), &node));
    mailbox::jobs::reminders(runner, mailbox, &write)
}

/// The checkpoint of the acts becomes a leaf of the exchange ledger, and the next one is planned.
/// A node that comes back from a backup signs nothing.
async fn checkpoint_acts(ground: &Ground, post: &Post) -> Result<(), audit::Error> {
    if post.gate().await.is_ok_and(|gate| gate == Gate::Open) {
        audit::acts_checkpoint(ground, post.keys().ledger(Log::Acts), Log::Exchange).await?;
    }
    let mut tx = ground.db.begin().await?;
    audit::schedule(&mut tx, ground).await?;
    tx.commit().await?;
    Ok(())
}
