//! What the rooms bring to a node: routes, pages, handlers of messages, jobs. Filled in one place.

use std::{collections::HashMap, sync::Arc};

use audit::{ACTS_CHECKPOINT, Ground, Log};
use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use federation::{
    own::OwnKeys,
    post::{KeepKeySet, KnownPeer, Post, Room},
};
use kernel::{PartyCode, Problem, ProblemKind};
use queue::{JobFailure, Runner};
use utoipa_axum::router::OpenApiRouter;

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
    /// Where new key sets of peers are kept.
    pub keep_key_set: KeepKeySet,
    /// Who the peers are.
    pub peers: FindPeers,
}

impl Book {
    /// What the rooms of this program bring.
    pub fn of(_ground: &Ground) -> Self {
        Self {
            rooms: HashMap::new(),
            keep_key_set: Arc::new(|party, _set| Box::pin(async move { Err(unlisted(&party)) })),
            peers: Arc::new(|_ground| Box::pin(async { Ok(Vec::new()) })),
        }
    }
}

fn unlisted(party: &PartyCode) -> Problem {
    let detail = format!("{party} is not in the directory");
    Problem::new(ProblemKind::NotFound, "directory.no_such_party", detail)
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book")
            .field("kinds", &self.rooms.keys())
            .finish_non_exhaustive()
    }
}

/// The JSON routes of all rooms, relative to `/api/v1`.
pub fn api(ground: &Ground) -> OpenApiRouter {
    access::http::router::<Ground>()
        .merge(incidents::http::router::<Ground>())
        .with_state(ground.clone())
}

/// The pages of all rooms.
pub fn pages() -> Router {
    Router::new()
}

/// A failure as a person sees it.
pub fn error_page(
    status: StatusCode,
    code: &str,
    incident: Option<&str>,
    _headers: &HeaderMap,
) -> Response {
    let incident = incident.map_or_else(String::new, |id| format!("\n{id}"));
    (status, format!("{status}\n{code}{incident}\n")).into_response()
}

/// The jobs of all rooms.
pub fn jobs(runner: Runner, ground: &Ground, post: &Post) -> Runner {
    let (ground, acts) = (ground.clone(), post.clone());
    post.jobs(runner).with(ACTS_CHECKPOINT, move |_job| {
        let (ground, keys) = (ground.clone(), acts.keys());
        async move {
            checkpoint_acts(&ground, &keys)
                .await
                .map_err(|error| JobFailure::Again(error.to_string()))
        }
    })
}

/// The checkpoint of the acts becomes a leaf of the exchange ledger, and the next one is planned.
async fn checkpoint_acts(ground: &Ground, keys: &OwnKeys) -> Result<(), audit::Error> {
    audit::acts_checkpoint(ground, keys.ledger(Log::Acts), Log::Exchange).await?;
    let mut tx = ground.db.begin().await?;
    audit::schedule(&mut tx, ground).await?;
    tx.commit().await?;
    Ok(())
}
