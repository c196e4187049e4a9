//! What is said of all operations at once: the keys of requests, who comes in, and how a failure looks.

use utoipa::openapi::{
    ContentBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
    schema::{AdditionalProperties, Components, Object, Type},
    security::{
        ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
    },
};

use crate::{problem, router::is_taxii};

/// What an operation names whom everybody may ask.
const OPEN: &str = "open";
/// The name of the scheme of API keys.
const KEY: &str = "key";
/// The name of the scheme of sessions.
const SESSION: &str = "session";
/// The name of the scheme of names and passwords, for TAXII alone.
const PASSWORD: &str = "password";
/// The name of problem documents, as a schema and as an answer.
const PROBLEM: &str = "Problem";

/// Says of every operation what the rooms need not repeat.
pub(crate) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    declare(components);
    for (path, item) in &mut document.paths.paths {
        let changing = [
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in changing.into_iter().flatten() {
            // What others have specified knows no such keys; whoever is not signed in yet has none.
            if !is_taxii(path) && !is_open(operation) {
                let parameters = operation.parameters.get_or_insert_default();
                parameters.push(RefOr::T(idempotency_key()));
            }
        }
        for operation in all(item) {
            if is_taxii(path) {
                operation.security = Some(vec![requirement(KEY), requirement(PASSWORD)]);
                continue;
            }
            operation.security = Some(if is_open(operation) {
                Vec::new()
            } else {
                vec![requirement(KEY), requirement(SESSION)]
            });
            let failure = RefOr::Ref(Ref::from_response_name(PROBLEM));
            let answers = &mut operation.responses.responses;
            answers.entry("default".to_owned()).or_insert(failure);
        }
    }
}

fn all(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// Whether everybody may ask for it.
fn is_open(operation: &Operation) -> bool {
    let act = operation.extensions.as_ref().and_then(|of| of.get("x-act"));
    act.is_some_and(|act| act == OPEN)
}

fn requirement(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, [""; 0])
}

/// The schemes by which somebody comes in, and the answer to whatever fails.
fn declare(components: &mut Components) {
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API key of a user (`POST /api/v1/keys`)."))
        .build();
    let password = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some(
            "Name and password, or name and API key; for TAXII alone.",
        ))
        .build();
    let session = ApiKey::Cookie(ApiKeyValue::with_description(
        "comity-PARTY",
        "The session of somebody who signed in (`POST /api/v1/session`). Whatever changes something \
         also sends its token as `x-csrf-token`.",
    ));
    for (name, scheme) in [
        (KEY, SecurityScheme::Http(key)),
        (PASSWORD, SecurityScheme::Http(password)),
        (SESSION, SecurityScheme::ApiKey(session)),
    ] {
        components.add_security_scheme(name, scheme);
    }
    let schemas = &mut components.schemas;
    schemas.insert(PROBLEM.to_owned(), problem_schema().into());
    let responses = &mut components.responses;
    responses.insert(PROBLEM.to_owned(), RefOr::T(failure()));
}

fn failure() -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(PROBLEM)));
    ResponseBuilder::new()
        .description("It was refused, or failed; `code` says why")
        .content(problem::MEDIA_TYPE, content.build())
        .build()
}

/// An RFC 9457 problem document, as [`problem`] writes it.
fn problem_schema() -> Object {
    let text = |description: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(description))
    };
    let status = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .description(Some("The status of the answer."));
    let params = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What the words for the code name, such as a limit."))
        .additional_properties(Some(AdditionalProperties::FreeForm(true)));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("Why a request was refused or failed (RFC 9457)."))
        .property("type", text("A URN that ends in the code."))
        .property("title", text("The status in words."))
        .property("status", status)
        .property(
            "code",
            text("What it is, for programs; it does not change."),
        )
        .property("detail", text("What it is, for developers; it may change."))
        .property(
            "field",
            text("The member of the request that broke a rule."),
        )
        .property("params", params)
        .property(
            "instance",
            text("The id of a failure of the node's own, in its log."),
        )
        .required("type")
        .required("title")
        .required("status")
        .required("code")
        .build()
}

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Names the request, 1 to 128 visible ASCII characters, such as a UUID. Sent again \
             within 24 hours by the same user, it is answered as the first time \
             (`idempotent-replayed: true`) and has no further effect; another request under the \
             key is refused with 422, one whose end is not known with 409. What was refused may be \
             sent again.",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .max_length(Some(128)),
        ))
        .build()
}
