use access::http::{Door, Named, Refusal, named};
use axum::{
    Extension, extract,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use intel::ops;
use kernel::{ImportId, Mode, Who};
use uuid::Uuid;

use super::{State, answer};
use crate::{
    who::Asker,
    wire::{ApiRoot, Discovery, ImportStatus},
};

/// Which roots there are.
#[utoipa::path(
    get,
    path = "/taxii2/",
    operation_id = "taxii_discovery",
    tag = "taxii",
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The roots", body = Discovery, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn discovery(
    extract::State(state): extract::State<State>,
    door: Option<Extension<Door>>,
    headers: HeaderMap,
    asker: Asker,
) -> Result<Response, Refusal> {
    let mut viewer = asker.viewer().clone();
    let mut roots = ops::roots(&state.ground, &viewer).await?;
    if matches!(viewer.who, Who::User { .. }) {
        viewer.mode = match viewer.mode {
            Mode::Real => Mode::Exercise,
            Mode::Exercise => Mode::Real,
        };
        roots.extend(ops::roots(&state.ground, &viewer).await?);
    }
    let secure = door.is_some_and(|door| door.secure);
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let before = host.map_or_else(String::new, |host| {
        format!("{}://{host}", if secure { "https" } else { "http" })
    });
    let address = |root: &intel::model::Root| format!("{before}/taxii2/{}/", root.name);
    let body = Discovery {
        title: format!("Comity of {}", viewer.party),
        default: roots.first().map(address),
        api_roots: roots.iter().map(address).collect(),
    };
    Ok(answer(StatusCode::OK, &body, None))
}

/// What a root is.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/",
    operation_id = "taxii_root",
    tag = "taxii",
    params(("root" = String, Path, description = "The root")),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The root", body = ApiRoot, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn root(
    extract::State(state): extract::State<State>,
    asker: Asker,
    name: Named<String>,
) -> Result<Response, Refusal> {
    let name = named(name)?;
    let viewer = asker.under(&state, &name).await?;
    let roots = ops::roots(&state.ground, &viewer).await?;
    let root = roots.iter().find(|root| root.name.as_str() == name);
    let root = root.ok_or(intel::Error::NotFound { what: "root" })?;
    Ok(answer(StatusCode::OK, &ApiRoot::from(root), None))
}

/// What became of objects that the caller handed in.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/status/{status}/",
    operation_id = "taxii_status",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("status" = String, Path, description = "The id of the status")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The status", body = ImportStatus, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn status(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String)>,
) -> Result<Response, Refusal> {
    let (root, status) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    let missing = intel::Error::NotFound { what: "import" };
    let id = Uuid::try_parse(&status).map_err(|_no_id| missing)?;
    let done = ops::status(&state.ground, &viewer, &root, ImportId::from_uuid(id)).await?;
    Ok(answer(StatusCode::OK, &ImportStatus::from(&done), None))
}
