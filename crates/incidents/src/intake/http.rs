//! JSON routes of reports.

use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::{Limit, PageRequest};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::Reference,
    ops::{officer, reporter},
    wire::{
        AcceptBody, FormBody, HandedBody, InvitationBody, LabelBody, MergeBody, OpenedBody,
        ReportBody, ReportChangedBody, ReportPageBody, ReportQuery, SplitBody, TextBody,
        VersionBody, language,
    },
};
use crate::{
    error::Error,
    model::{Facts, Invalid, Line},
    wire::ChangedBody,
};

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, hand_in))
        .routes(routes!(invite))
        .routes(routes!(form, set_form))
        .routes(routes!(view))
        .routes(routes!(look))
        .routes(routes!(accept))
        .routes(routes!(merge))
        .routes(routes!(split))
        .routes(routes!(refuse))
        .routes(routes!(answer))
        .routes(routes!(label))
        .routes(routes!(erase))
        .with_state(ground)
}

/// Hand in a report. The code in the answer opens it for its reporter, and is shown this once.
#[utoipa::path(
    post,
    path = "/reports",
    operation_id = "hand_in_report",
    tag = "reports",
    request_body = HandedBody,
    extensions(("x-act" = json!("incident.create"))),
    responses((status = 201, description = "Received", body = OpenedBody))
)]
async fn hand_in(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<HandedBody>,
) -> Result<(StatusCode, Json<OpenedBody>), Refusal> {
    let body = sent(body)?;
    let language = language(body.language.as_deref()).map_err(Error::from)?;
    let (report, code) = reporter::hand_in(&ground, &viewer, body.answers, language).await?;
    let opened = OpenedBody {
        doubts: report.doubts(),
        reference: report.reference,
        code: code.to_text(),
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

/// List reports, the latest first.
#[utoipa::path(
    get,
    path = "/reports",
    operation_id = "list_reports",
    tag = "reports",
    params(ReportQuery),
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "A page", body = ReportPageBody))
)]
async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<ReportQuery>,
) -> Result<Json<ReportPageBody>, Refusal> {
    let query = asked(query)?;
    let limit = query.limit.map_or(Ok(Limit::default()), Limit::new);
    let invalid = |_range| {
        Error::from(Invalid {
            field: "limit",
            rule: "1 to 200",
        })
    };
    let request = PageRequest {
        after: query.after,
        limit: limit.map_err(invalid)?,
    };
    let page = officer::list(&ground, &viewer, query.state, request).await?;
    Ok(Json(ReportPageBody::from(&page)))
}

/// Make a one-time link to the form: `/report?code=…`. The code is shown this once.
#[utoipa::path(
    post,
    path = "/reports/links",
    operation_id = "invite_report",
    tag = "reports",
    request_body = InvitationBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Made", body = OpenedBody))
)]
async fn invite(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<InvitationBody>,
) -> Result<(StatusCode, Json<OpenedBody>), Refusal> {
    let body = sent(body)?;
    let note = Line::optional(body.note.as_deref(), "note").map_err(Error::from)?;
    let language = language(body.language.as_deref()).map_err(Error::from)?;
    let (report, code) = officer::invite(&ground, &viewer, note, language).await?;
    let opened = OpenedBody {
        reference: report.reference,
        code: code.to_text(),
        doubts: Vec::new(),
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

/// Ask whether the public address of the form is on.
#[utoipa::path(
    get,
    path = "/report-form",
    operation_id = "get_report_form",
    tag = "reports",
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Whether it is on", body = FormBody))
)]
async fn form(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<FormBody>, Refusal> {
    let public = officer::is_public(&ground, &viewer).await?;
    Ok(Json(FormBody { public }))
}

/// Turn the public address of the form on or off.
#[utoipa::path(
    put,
    path = "/report-form",
    operation_id = "set_report_form",
    tag = "reports",
    request_body = FormBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "As it is now", body = FormBody))
)]
async fn set_form(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<FormBody>,
) -> Result<Json<FormBody>, Refusal> {
    let body = sent(body)?;
    officer::set_public(&ground, &viewer, body.public).await?;
    Ok(Json(body))
}

/// Read a report with all that belongs to it.
#[utoipa::path(
    get,
    path = "/reports/{reference}",
    operation_id = "get_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "The report", body = ReportBody))
)]
async fn view(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
) -> Result<Json<ReportBody>, Refusal> {
    let whole = officer::view(&ground, &viewer, &named(reference)?).await?;
    Ok(Json(ReportBody::from(&whole)))
}

/// Begin to look at a report: its reporter sees that.
#[utoipa::path(
    post,
    path = "/reports/{reference}/look",
    operation_id = "look_at_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = VersionBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Begun", body = ReportChangedBody))
)]
async fn look(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<VersionBody>,
) -> Result<Json<ReportChangedBody>, Refusal> {
    let at = (&named(reference)?, sent(body)?.version);
    let report = officer::look(&ground, &viewer, at).await?;
    Ok(Json(ReportChangedBody::from(&report)))
}

/// Make a new incident of a report.
#[utoipa::path(
    post,
    path = "/reports/{reference}/accept",
    operation_id = "accept_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = AcceptBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "The incident", body = ChangedBody))
)]
async fn accept(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<AcceptBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let (reference, body) = (named(reference)?, sent(body)?);
    let facts = match body.facts {
        Some(facts) => Facts::try_from(facts).map_err(Error::from)?,
        None => officer::prefill(&officer::view(&ground, &viewer, &reference).await?.report)?,
    };
    let incident = officer::accept(&ground, &viewer, (&reference, body.version), facts).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Make a report part of an incident.
#[utoipa::path(
    post,
    path = "/reports/{reference}/merge",
    operation_id = "merge_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = MergeBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "The incident", body = ChangedBody))
)]
async fn merge(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<MergeBody>,
) -> Result<Json<ChangedBody>, Refusal> {
    let (reference, body) = (named(reference)?, sent(body)?);
    let what = Line::required(&body.what, "what").map_err(Error::from)?;
    let at = (&reference, body.version);
    let incident = officer::merge(&ground, &viewer, at, (body.incident, what)).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Make a second report of what a report also says.
#[utoipa::path(
    post,
    path = "/reports/{reference}/split",
    operation_id = "split_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = SplitBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "The second report", body = ReportChangedBody))
)]
async fn split(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<SplitBody>,
) -> Result<(StatusCode, Json<ReportChangedBody>), Refusal> {
    let (reference, body) = (named(reference)?, sent(body)?);
    let at = (&reference, body.version);
    let second = officer::split(&ground, &viewer, at, (body.title, body.what)).await?;
    Ok((StatusCode::CREATED, Json(ReportChangedBody::from(&second))))
}

/// Refuse a report, with the reason that its reporter reads.
#[utoipa::path(
    post,
    path = "/reports/{reference}/refuse",
    operation_id = "refuse_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = TextBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Refused", body = ReportChangedBody))
)]
async fn refuse(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<TextBody>,
) -> Result<Json<ReportChangedBody>, Refusal> {
    let (reference, body) = (named(reference)?, sent(body)?);
    let reason = Line::required(&body.text, "text").map_err(Error::from)?;
    let report = officer::refuse(&ground, &viewer, (&reference, body.version), reason).await?;
    Ok(Json(ReportChangedBody::from(&report)))
}

/// Write to the reporter, who reads it by his code.
#[utoipa::path(
    post,
    path = "/reports/{reference}/answer",
    operation_id = "answer_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = TextBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Written", body = ReportChangedBody))
)]
async fn answer(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<TextBody>,
) -> Result<Json<ReportChangedBody>, Refusal> {
    let (reference, body) = (named(reference)?, sent(body)?);
    let at = (&reference, body.version);
    let report = officer::answer(&ground, &viewer, at, &body.text).await?;
    Ok(Json(ReportChangedBody::from(&report)))
}

/// Set the label of a report, and the users who read it while it is RED.
#[utoipa::path(
    post,
    path = "/reports/{reference}/label",
    operation_id = "label_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = LabelBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Set", body = ReportChangedBody))
)]
async fn label(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<LabelBody>,
) -> Result<Json<ReportChangedBody>, Refusal> {
    let (reference, body) = (named(reference)?, sent(body)?);
    let at = (&reference, body.version);
    let report = officer::label(&ground, &viewer, at, (body.tlp, body.named)).await?;
    Ok(Json(ReportChangedBody::from(&report)))
}

/// Take away for good what a decided report says, or a draft as a whole.
#[utoipa::path(
    post,
    path = "/reports/{reference}/erase",
    operation_id = "erase_report",
    tag = "reports",
    params(("reference" = String, Path, description = "The number of the report")),
    request_body = VersionBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Erased", body = ReportChangedBody))
)]
async fn erase(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    reference: Named<Reference>,
    body: Sent<VersionBody>,
) -> Result<Json<ReportChangedBody>, Refusal> {
    let at = (&named(reference)?, sent(body)?.version);
    let report = officer::erase(&ground, &viewer, at).await?;
    Ok(Json(ReportChangedBody::from(&report)))
}
