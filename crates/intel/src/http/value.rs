use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State};
use matcher::Kind;

use crate::{
    error::Error,
    model::Invalid,
    ops,
    wire::{AnswerBody, CommonBody, CommonsBody, LookUpBody, RelationsBody},
};

/// Look values up in all collections that the caller sees: what has them, what lies around them, and
/// which warninglists have them.
#[utoipa::path(
    post,
    path = "/intel/values/look-up",
    operation_id = "look_up_values",
    tag = "intel",
    request_body = LookUpBody,
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "What is known of them", body = AnswerBody))
)]
pub(super) async fn look_up(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<LookUpBody>,
) -> Result<Json<AnswerBody>, Refusal> {
    let body = sent(body)?;
    let kind: Option<Result<Kind, _>> = body.kind.as_deref().map(str::parse);
    let kind = kind.transpose().map_err(|_unknown| {
        Error::Invalid(Invalid {
            field: "kind",
            rule: "a kind of value, such as ipv4, domain, url, email, md5 or sha256",
        })
    })?;
    let answer = ops::look_up(&ground, &viewer, &body.values, kind, body.within).await?;
    Ok(Json(AnswerBody::from(&answer)))
}

/// List values that more than 100 of the entries that the caller sees have. They lead to no related
/// objects.
#[utoipa::path(
    get,
    path = "/intel/values/common",
    operation_id = "list_common_values",
    tag = "intel",
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The values", body = CommonsBody))
)]
pub(super) async fn common(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<CommonsBody>, Refusal> {
    let all = ops::common(&ground, &viewer).await?;
    let items = all.iter().map(CommonBody::from).collect();
    Ok(Json(CommonsBody { items }))
}

/// See what has values in common with an object, of what the caller sees in all collections.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/objects/{object}/related",
    operation_id = "list_related_objects",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ("object" = String, Path, description = "The id of the object")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "What is related to it", body = RelationsBody))
)]
pub(super) async fn related(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String, String)>,
) -> Result<Json<RelationsBody>, Refusal> {
    let (root, name, object) = named(path)?;
    let relations = ops::related(&ground, &viewer, (&root, &name), &object).await?;
    Ok(Json(RelationsBody::from(&relations)))
}
