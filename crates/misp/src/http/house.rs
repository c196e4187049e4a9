//! What MISP's scripts ask of an instance itself.

use axum::response::Response;
use formats_misp::vocabulary::describe_types as vocabulary;
use intel::{
    events::{
        model::{Org, Which},
        ops,
    },
    model::{Listing, list_kind_word},
};
use kernel::{Scope as KeyScope, Who};
use serde_json::{Map, Value, json};

use crate::{
    answer::{Fail, json_answer},
    call::Call,
};

/// The version of MISP whose interface this is.
const VERSION: &str = "2.5.34";

/// Whoever reads no intelligence is told nothing of it.
pub(super) async fn reader(call: &Call) -> Result<Org, Fail> {
    Ok(ops::own_org(&call.ground, &call.viewer).await?)
}

pub(super) async fn version(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    Ok(json_answer(&json!({
        "version": VERSION,
        "pymisp_recommended_version": VERSION,
        "perm_sync": ops::may_sync(&call.viewer),
        "perm_sighting": writes(call),
        "perm_galaxy_editor": false,
        "request_encoding": ["gzip"],
        "filter_sightings": true,
    })))
}

pub(super) async fn pymisp_version(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    Ok(json_answer(&json!({ "version": VERSION })))
}

fn writes(call: &Call) -> bool {
    match &call.viewer.who {
        Who::Key { scopes, .. } => scopes.contains(KeyScope::IntelWrite),
        _ => true,
    }
}

/// The one role that everybody here has: what he may do follows from his roles on the node.
fn role(call: &Call) -> Value {
    let writes = writes(call);
    json!({
        "id": "1",
        "name": if writes { "User" } else { "Read Only" },
        "perm_add": writes, "perm_modify": writes, "perm_modify_org": writes,
        "perm_publish": writes, "perm_delegate": false, "perm_sync": ops::may_sync(&call.viewer), "perm_admin": false,
        "perm_audit": false, "perm_auth": true, "perm_site_admin": false,
        "perm_regexp_access": false, "perm_tagger": writes, "perm_template": false,
        "perm_sharing_group": false, "perm_tag_editor": writes, "perm_sighting": writes,
        "perm_object_template": false, "perm_galaxy_editor": false,
        "default_role": true, "permission_description": if writes { "publish" } else { "read" },
    })
}

pub(super) async fn user(call: &Call) -> Result<Response, Fail> {
    let own = reader(call).await?;
    if !matches!(call.argument(), None | Some("me")) {
        return Err(Fail::missing("Invalid user"));
    }
    let name = match &call.viewer.who {
        Who::User { name, .. } => name.as_str(),
        Who::Key { name, .. } => name.split('/').next().unwrap_or_default(),
        Who::Peer(_) | Who::Node(_) => "",
    };
    let party = call.viewer.party.as_str().to_ascii_lowercase();
    Ok(json_answer(&json!({
        "User": {
            "id": "1", "org_id": own.id.to_string(), "server_id": "0",
            "email": format!("{name}@{party}.invalid"), "autoalert": false, "invited_by": "0",
            "role_id": "1", "change_pw": false, "contactalert": false, "disabled": false,
            "expiration": null, "current_login": "0", "last_login": "0", "date_created": "0",
            "termsaccepted": true, "nids_sid": "1", "certif_public": "",
        },
        "Role": role(call),
        "UserSetting": [],
        "Organisation": organisation_of(&own),
    })))
}

pub(super) async fn roles(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    Ok(json_answer(&json!([{ "Role": role(call) }])))
}

fn organisation_of(org: &Org) -> Value {
    json!({
        "id": org.id.to_string(), "uuid": org.uuid.to_string(), "name": org.name,
        "local": org.owner.is_some(), "description": "", "type": "", "nationality": "",
        "sector": "", "contacts": null,
    })
}

pub(super) async fn organisations(call: &Call) -> Result<Response, Fail> {
    let scope = call.path.named.get("scope").map_or("local", String::as_str);
    let sought = call
        .path
        .named
        .get("searchall")
        .map(|text| text.to_lowercase());
    let wanted = |org: &&Org| {
        let local = org.owner.is_some();
        let of_scope = match scope {
            "external" => !local,
            "all" => true,
            _ => local,
        };
        let found = sought.as_ref().is_none_or(|sought| {
            org.name.to_lowercase().contains(sought) || org.uuid.to_string() == *sought
        });
        of_scope && found
    };
    let all = ops::orgs(&call.ground, &call.viewer, &call.scope).await?;
    let all = all.iter().filter(wanted);
    let all: Vec<_> = all
        .map(|org| json!({ "Organisation": organisation_of(org) }))
        .collect();
    Ok(json_answer(&Value::Array(all)))
}

pub(super) async fn organisation(call: &Call) -> Result<Response, Fail> {
    let which = call.which("organisation")?;
    let fits = |org: &&Org| match which {
        Which::Id(id) => org.id == id,
        Which::Uuid(uuid) => org.uuid == uuid,
    };
    let all = ops::orgs(&call.ground, &call.viewer, &call.scope).await?;
    let found = all.iter().find(fits);
    let found = found.ok_or_else(|| Fail::missing("Invalid organisation"))?;
    Ok(json_answer(
        &json!({ "Organisation": organisation_of(found) }),
    ))
}

pub(super) async fn sharing_groups(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    Ok(json_answer(&json!({ "response": [] })))
}

/// A list of what this node keeps in other places, and therefore not here.
pub(super) async fn nothing(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    Ok(json_answer(&json!([])))
}

/// Warninglists are the house's; a guest is told of none.
pub(super) async fn warninglists(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    let all = if sees_house(call) {
        intel::ops::warninglists(&call.ground, &call.viewer).await?
    } else {
        Vec::new()
    };
    let lists: Vec<_> = all
        .into_iter()
        .map(|list| {
            json!({ "Warninglist": {
                "id": list.number.to_string(),
                "name": list.name,
                "type": list_kind_word(list.kind),
                "description": list.description,
                "version": list.version.to_string(),
                "enabled": list.enabled,
                "default": false,
                "category": "false_positive",
                "warninglist_entry_count": list.entries.to_string(),
                "valid_attributes": list.attributes.join(", "),
            }})
        })
        .collect();
    Ok(json_answer(&json!({ "Warninglists": lists })))
}

/// The lists that have each of some values, by the values; an empty list where none has any.
pub(super) async fn check_value(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    let expected = || Fail::bad("A value or a list of values is expected.");
    let texts = match call.json()? {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts
            .into_iter()
            .map(|text| text.as_str().map(str::to_owned).ok_or_else(expected))
            .collect::<Result<_, _>>()?,
        Value::Object(fields) => fields
            .values()
            .flat_map(|value| {
                value
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![value.clone()])
            })
            .map(|text| text.as_str().map(str::to_owned).ok_or_else(expected))
            .collect::<Result<_, _>>()?,
        Value::Null | Value::Bool(_) | Value::Number(_) => return Err(expected()),
    };
    let found = if sees_house(call) {
        intel::ops::check_values(&call.ground, &call.viewer, &texts).await?
    } else {
        Vec::new()
    };
    let listed: Map<_, _> = texts
        .into_iter()
        .zip(found)
        .filter(|(_, lists)| !lists.is_empty())
        .map(|(text, lists)| {
            let named =
                |list: &Listing| json!({ "id": list.number.to_string(), "name": list.name });
            (text, lists.iter().map(named).collect())
        })
        .collect();
    if listed.is_empty() {
        return Ok(json_answer(&json!([])));
    }
    Ok(json_answer(&Value::Object(listed)))
}

fn sees_house(call: &Call) -> bool {
    ops::sees_house(&call.viewer)
}

pub(super) async fn describe_types(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    let all =
        serde_json::to_value(vocabulary()).map_err(|error| crate::call::unreadable(&error))?;
    Ok(json_answer(&all))
}
