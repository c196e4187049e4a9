//! What the interface's description (OpenAPI) says of every operation alike: who may come in, how a
//! failure looks, and that a request may be sent again.

use utoipa::{
    PartialSchema,
    openapi::{
        Components, ContentBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{Schema, Type},
        security::{
            ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
        },
    },
};

use crate::{problem, router::is_taxii};

const SESSION: &str = "session";
const KEY: &str = "key";
const BASIC: &str = "basic";
const PROBLEM: &str = "Problem";
const TAXII_ERROR: &str = "TaxiiError";
const IDEMPOTENCY_KEY: &str = "IdempotencyKey";

/// Completes what the rooms say of their operations.
pub(crate) fn complete(document: &mut OpenApi) {
    describe(document.components.get_or_insert_default());
    for (path, item) in &mut document.paths.paths {
        let is_taxii = is_taxii(path);
        for (operation, is_change) in operations(item) {
            let is_open = acts_as(operation, "open");
            if !is_open {
                let doors = if is_taxii {
                    [KEY, BASIC]
                } else {
                    [KEY, SESSION]
                };
                let doors = doors.map(|door| SecurityRequirement::new::<_, [&str; 0], _>(door, []));
                operation.security = Some(doors.into());
            }
            let failure = if is_taxii { TAXII_ERROR } else { PROBLEM };
            let failure = RefOr::Ref(Ref::from_response_name(failure));
            let responses = &mut operation.responses.responses;
            responses.entry("default".to_owned()).or_insert(failure);
            // Whoever is not signed in yet has no keys of his own, and what others have specified knows
            // no such keys.
            if is_change && !is_open && !is_taxii {
                let key = Ref::new(format!("#/components/parameters/{IDEMPOTENCY_KEY}"));
                let parameters = operation.parameters.get_or_insert_default();
                parameters.push(RefOr::Ref(key));
            }
        }
    }
}

/// The operations of a path, and whether they change something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let reading = [&mut item.get, &mut item.head];
    let changing = [
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
    ];
    let reading = reading.into_iter().flatten().map(|one| (one, false));
    let changing = changing.into_iter().flatten().map(|one| (one, true));
    reading.chain(changing)
}

fn acts_as(operation: &Operation, act: &str) -> bool {
    let extensions = operation.extensions.as_ref();
    extensions
        .and_then(|of| of.get("x-act"))
        .is_some_and(|of| of == act)
}

fn describe(components: &mut Components) {
    let doors = [
        (
            KEY,
            SecurityScheme::Http(with(
                HttpAuthScheme::Bearer,
                "A key that a user made under Settings, or by `POST /api/v1/keys`. It may do what its \
                 scopes and its user may.",
            )),
        ),
        (
            SESSION,
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                "comity-PARTY",
                "The session of a person: `POST /api/v1/session` sets it, under the code of the node's \
                 party. Whatever changes something sends the session's token along, in the header \
                 `X-CSRF-Token`.",
            ))),
        ),
        (
            BASIC,
            SecurityScheme::Http(with(
                HttpAuthScheme::Basic,
                "Name and password of a user, for clients of TAXII that know nothing else.",
            )),
        ),
    ];
    let doors = doors.map(|(name, door)| (name.to_owned(), RefOr::T(door)));
    components.security_schemes.extend(doors);
    let failures = [
        (
            PROBLEM,
            "Refused, or failed. `code` is stable and says why, `field` where.",
            problem::MEDIA_TYPE,
            problem::Document::schema(),
        ),
        (
            TAXII_ERROR,
            "Refused, or failed (TAXII 2.1 §3.6.1).",
            taxii::TAXII,
            taxii_error(),
        ),
    ];
    for (name, what, media_type, schema) in failures {
        components.schemas.insert(name.to_owned(), schema);
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name)));
        let response = ResponseBuilder::new()
            .description(what)
            .content(media_type, content.build());
        let response = RefOr::T(response.build());
        components.responses.insert(name.to_owned(), response);
    }
    let key = RefOr::T(idempotency_key());
    components
        .parameters
        .insert(IDEMPOTENCY_KEY.to_owned(), key);
}

fn with(scheme: HttpAuthScheme, description: &str) -> Http {
    let mut http = Http::new(scheme);
    http.description = Some(description.to_owned());
    http
}

fn taxii_error() -> RefOr<Schema> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let error = ObjectBuilder::new()
        .property("title", text())
        .property("description", text())
        .property("error_id", text())
        .property("error_code", text())
        .property("http_status", text())
        .required("title");
    RefOr::T(error.build().into())
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
