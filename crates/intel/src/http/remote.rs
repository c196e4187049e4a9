use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use axum::{Json, extract::State, http::StatusCode};
use kernel::{Cursor, Limit, PageRequest, RemoteId, RunId};
use serde::Deserialize;

use crate::{
    error::Error,
    model::Invalid,
    ops,
    remotes::Remotes,
    wire::remote::{
        EditRemoteBody, NewRemoteBody, RemoteBody, RemotesBody, RunNotesBody, RunsBody, TestBody,
    },
};

/// Which page of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunsQuery {
    limit: Option<u16>,
    after: Option<Cursor>,
}

/// List the servers of other makers with which collections are exchanged.
#[utoipa::path(
    get,
    path = "/intel/remotes",
    operation_id = "list_remotes",
    tag = "intel",
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "The remotes", body = RemotesBody))
)]
pub(super) async fn list(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<RemotesBody>, Refusal> {
    let all = ops::remotes(&remotes, &viewer).await?;
    let items = all
        .iter()
        .map(|(remote, run)| RemoteBody::of(remote, run.as_ref()));
    Ok(Json(RemotesBody {
        items: items.collect(),
        kinds: remotes.kinds().iter().map(ToString::to_string).collect(),
    }))
}

/// Add a server of another maker. If it is enabled, it is asked at once.
#[utoipa::path(
    post,
    path = "/intel/remotes",
    operation_id = "add_remote",
    tag = "intel",
    request_body = NewRemoteBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 201, description = "Added", body = RemoteBody))
)]
pub(super) async fn add(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    body: Sent<NewRemoteBody>,
) -> Result<(StatusCode, Json<RemoteBody>), Refusal> {
    let new = sent(body)?.try_into()?;
    let remote = ops::add_remote(&remotes, &viewer, new).await?;
    Ok((StatusCode::CREATED, Json(RemoteBody::of(&remote, None))))
}

/// See a remote.
#[utoipa::path(
    get,
    path = "/intel/remotes/{remote}",
    operation_id = "view_remote",
    tag = "intel",
    params(("remote" = String, Path, description = "Its id")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "The remote", body = RemoteBody))
)]
pub(super) async fn view(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    path: Named<RemoteId>,
) -> Result<Json<RemoteBody>, Refusal> {
    let remote = ops::remote(&remotes, &viewer, named(path)?).await?;
    Ok(Json(RemoteBody::of(&remote, None)))
}

/// Change a remote. What is left out gets its default, but for credentials, which stay. Where another
/// server, another part of it or another collection is meant from now on, the exchange begins anew.
#[utoipa::path(
    put,
    path = "/intel/remotes/{remote}",
    operation_id = "edit_remote",
    tag = "intel",
    params(("remote" = String, Path, description = "Its id")),
    request_body = EditRemoteBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Changed", body = RemoteBody))
)]
pub(super) async fn edit(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    path: Named<RemoteId>,
    body: Sent<EditRemoteBody>,
) -> Result<Json<RemoteBody>, Refusal> {
    let (id, change) = (named(path)?, sent(body)?.try_into()?);
    let remote = ops::edit_remote(&remotes, &viewer, id, change).await?;
    Ok(Json(RemoteBody::of(&remote, None)))
}

/// Forget a remote with its runs. What came from it stays.
#[utoipa::path(
    delete,
    path = "/intel/remotes/{remote}",
    operation_id = "remove_remote",
    tag = "intel",
    params(("remote" = String, Path, description = "Its id")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 204, description = "Forgotten"))
)]
pub(super) async fn remove(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    path: Named<RemoteId>,
) -> Result<StatusCode, Refusal> {
    ops::remove_remote(&remotes, &viewer, named(path)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have a remote asked now and not at its time.
#[utoipa::path(
    post,
    path = "/intel/remotes/{remote}/runs",
    operation_id = "start_remote",
    tag = "intel",
    params(("remote" = String, Path, description = "Its id")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 202, description = "It is about to be asked", body = RemoteBody))
)]
pub(super) async fn start(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    path: Named<RemoteId>,
) -> Result<(StatusCode, Json<RemoteBody>), Refusal> {
    let remote = ops::start_remote(&remotes, &viewer, named(path)?).await?;
    Ok((StatusCode::ACCEPTED, Json(RemoteBody::of(&remote, None))))
}

/// Try step by step whether exchanges with a remote would work. Nothing is changed.
#[utoipa::path(
    post,
    path = "/intel/remotes/{remote}/test",
    operation_id = "test_remote",
    tag = "intel",
    params(("remote" = String, Path, description = "Its id")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "What worked and what did not", body = TestBody))
)]
pub(super) async fn test(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    path: Named<RemoteId>,
) -> Result<Json<TestBody>, Refusal> {
    let steps = ops::test_remote(&remotes, &viewer, named(path)?).await?;
    Ok(Json(steps.into()))
}

/// List the runs of a remote, newest first.
#[utoipa::path(
    get,
    path = "/intel/remotes/{remote}/runs",
    operation_id = "list_remote_runs",
    tag = "intel",
    params(
        ("remote" = String, Path, description = "Its id"),
        ("limit" = Option<u16>, Query, description = "How many, 1 to 200; 50 if nothing is said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before")
    ),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "A page of runs", body = RunsBody))
)]
pub(super) async fn runs(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    path: Named<RemoteId>,
    query: Asked<RunsQuery>,
) -> Result<Json<RunsBody>, Refusal> {
    let (id, query) = (named(path)?, asked(query)?);
    let limit = query.limit.map_or(Ok(Limit::default()), Limit::new);
    let page = PageRequest {
        after: query.after,
        limit: limit.map_err(|_range| {
            Error::Invalid(Invalid {
                field: "limit",
                rule: "from 1 to 200",
            })
        })?,
    };
    let page = ops::runs(&remotes, &viewer, id, page).await?;
    Ok(Json(page.into()))
}

/// See a run of a remote with what it tells of single objects.
#[utoipa::path(
    get,
    path = "/intel/remotes/{remote}/runs/{run}",
    operation_id = "view_remote_run",
    tag = "intel",
    params(
        ("remote" = String, Path, description = "The id of the remote"),
        ("run" = String, Path, description = "The id of the run")
    ),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "The run", body = RunNotesBody))
)]
pub(super) async fn run(
    State(remotes): State<Remotes>,
    SignedIn(viewer): SignedIn,
    path: Named<(RemoteId, RunId)>,
) -> Result<Json<RunNotesBody>, Refusal> {
    let (id, run) = named(path)?;
    let told = ops::run(&remotes, &viewer, id, run).await?;
    Ok(Json(told.into()))
}
