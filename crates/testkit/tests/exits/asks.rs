//! Questions.

use serde_json::json;

use crate::{house::Asker, secret::Secret};

const TAXII: &str = "/taxii2/exercise/collections";
const API: &str = "/api/v1/intel/roots/exercise/collections";
const LOOK_UP: &str = "/api/v1/intel/values/look-up";

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// Where it says `CSRF`, the session's token belongs.
    pub(crate) body: String,
}

impl Ask {
    pub(crate) fn get(path: String) -> Self {
        Self::of("GET", path, String::new())
    }

    pub(crate) fn post(path: String, body: String) -> Self {
        Self::of("POST", path, body)
    }

    fn delete(path: String) -> Self {
        Self::of("DELETE", path, String::new())
    }

    fn of(method: &'static str, path: String, body: String) -> Self {
        Self { method, path, body }
    }

    /// Whether who asks so can ask it: programs have no pages.
    pub(crate) fn is_for(&self, asker: Asker) -> bool {
        let is_page = !["/taxii2/", "/misp/", "/api/"]
            .iter()
            .any(|door| self.path.starts_with(door));
        !(is_page && asker == Asker::Program)
    }
}

fn gets<const N: usize>(paths: [String; N]) -> Vec<Ask> {
    paths.into_iter().map(Ask::get).collect()
}

/// What MISP is asked.
fn misp(path: &str, body: &serde_json::Value) -> Ask {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    Ask::post(format!("/misp/{path}"), body)
}

/// Everything that can be asked for by the name of one thing. What would make it comes last.
pub(crate) fn by_name(secret: &Secret) -> Vec<Ask> {
    match secret {
        Secret::Object {
            id,
            value,
            word,
            bodies,
        } => {
            let mut all = of_object(id);
            all.extend(of_word(value, word));
            // As it is there, as another version, and as an older and a newer one.
            for (number, body) in bodies.iter().enumerate() {
                let envelope = json!({ "objects": [body] }).to_string();
                let path = if number % 2 == 0 {
                    format!("{TAXII}/open/objects/")
                } else {
                    format!("{API}/open/objects")
                };
                all.push(Ask::post(path, envelope));
            }
            all
        }
        Secret::Collection { name } => of_collection(name),
        Secret::Import { id } => gets([
            format!("/taxii2/exercise/status/{id}/"),
            format!("/api/v1/intel/roots/exercise/imports/{id}"),
            format!("/api/v1/intel/roots/exercise/imports/{id}/preview"),
            format!("/imports/exercise/{id}"),
        ]),
        Secret::Event { uuid, value, tag } => of_event(uuid, value, tag),
        Secret::Attribute { uuid } => of_attribute(uuid),
        Secret::Part { uuid } => of_part(uuid),
    }
}

fn of_object(id: &str) -> Vec<Ask> {
    let objects = format!("{TAXII}/open/objects");
    let page = format!("/collections/exercise/open/objects/{id}");
    let mut all = gets([
        format!("{objects}/{id}/"),
        format!("{objects}/{id}/?match[version]=all"),
        format!("{objects}/{id}/?match[spec_version]=2.0,2.1"),
        format!("{objects}/{id}/versions/"),
        format!("{objects}/?match[id]={id}"),
        format!("{TAXII}/open/manifest/?match[id]={id}"),
        format!("{API}/open/objects/{id}/life"),
        format!("{API}/open/objects/{id}/related"),
        format!("{API}/open/objects/{id}/sightings"),
        format!("/collections/search?q={id}"),
        page.clone(),
    ]);
    all.push(Ask::post(
        format!("{API}/open/sightings"),
        json!({ "object": id, "count": 1 }).to_string(),
    ));
    all.push(Ask::delete(format!("{API}/open/objects/{id}")));
    all.push(Ask::delete(format!("{objects}/{id}/")));
    all.push(Ask::post(
        format!("{API}/open/objects/{id}/restore"),
        String::new(),
    ));
    for act in ["delete", "restore", "seen"] {
        all.push(Ask::post(format!("{page}/{act}"), "csrf=CSRF".to_owned()));
    }
    all
}

fn of_word(value: &str, word: &str) -> Vec<Ask> {
    let mut all = gets([
        format!("/collections/exercise/open?q={word}"),
        format!("/collections/search?q={word}"),
        format!("/collections/search?q={value}"),
        format!("/search?q={word}"),
        format!("/search?q={value}"),
    ]);
    let asked = json!({ "values": [value], "within": true });
    all.push(Ask::post(LOOK_UP.to_owned(), asked.to_string()));
    let form = format!("csrf=CSRF&values={value}");
    all.push(Ask::post("/values/check".to_owned(), form));
    all.push(misp("attributes/restSearch", &json!({ "value": value })));
    all.push(misp("events/restSearch", &json!({ "value": value })));
    all.push(misp("warninglists/checkValue", &json!([value])));
    let sighting = json!({ "value": value, "count": 1 });
    all.push(Ask::post(
        format!("{API}/open/sightings"),
        sighting.to_string(),
    ));
    all
}

fn of_collection(name: &str) -> Vec<Ask> {
    let page = format!("/collections/exercise/{name}");
    let mut all = gets([
        format!("{TAXII}/{name}/"),
        format!("{TAXII}/{name}/objects/"),
        format!("{TAXII}/{name}/manifest/"),
        format!("{API}/{name}"),
        format!("{API}/{name}/contents"),
        format!("{API}/{name}/decay"),
        format!("{API}/{name}/export"),
        format!("{API}/{name}/export/report"),
        format!("{API}/{name}/imports"),
        format!("{API}/{name}/live"),
        format!("{API}/{name}/readers"),
        format!("{API}/{name}/sharing"),
        page.clone(),
        format!("{page}/events"),
        format!("{page}/export"),
        format!("{page}/export/file?format=stix"),
        format!("{page}/upload"),
        format!("{page}/settings"),
        format!("/misp/in/exercise/{name}/events/index"),
        format!("/misp/in/exercise/{name}/tags/index"),
        format!("/misp/in/exercise/{name}/feed/manifest.json"),
        format!("/misp/in/exercise/{name}/feed/hashes.csv"),
    ]);
    let none = "{\"objects\":[]}".to_owned();
    all.push(Ask::post(format!("{TAXII}/{name}/objects/"), none.clone()));
    all.push(Ask::post(format!("{API}/{name}/objects"), none));
    all.push(Ask::post(format!("{API}/{name}/imports"), "{}".to_owned()));
    all.push(Ask::post(
        format!("{page}/settings/drop"),
        "csrf=CSRF".to_owned(),
    ));
    let event = json!({ "Event": { "info": "new" } });
    for path in ["events/restSearch", "events/add", "attributes/restSearch"] {
        all.push(misp(&format!("in/exercise/{name}/{path}"), &event));
    }
    all
}

fn of_event(uuid: &str, value: &str, tag: &str) -> Vec<Ask> {
    let mut all = gets([
        format!("/misp/events/view/{uuid}"),
        format!("/misp/feed/{uuid}.json"),
        format!("/collections/exercise/misp/events/{uuid}"),
        format!("/collections/exercise/misp/objects/report--{uuid}"),
        format!("/collections/search?q={value}"),
        format!("{TAXII}/misp/objects/report--{uuid}/"),
        format!("{TAXII}/misp/objects/grouping--{uuid}/"),
        format!("/misp/shadow_attributes/index/{uuid}"),
    ]);
    let report = format!("report--{uuid}");
    let event = json!({ "Event": { "info": "changed" } });
    let attribute = json!({ "type": "domain", "value": "x.example" });
    let object = json!({ "Object": { "name": "file", "Attribute": [] } });
    let sighting = json!({ "Sighting": [{ "attribute_uuid": uuid, "type": "0" }] });
    let index = json!([{ "Event": { "uuid": uuid, "timestamp": "1", "orgc_uuid": uuid } }]);
    for (path, body) in [
        ("events/index", json!({ "eventinfo": uuid })),
        ("events/restSearch", json!({ "uuid": uuid })),
        ("events/restSearch", json!({ "value": value })),
        ("events/restSearch", json!({ "tags": [tag] })),
        (
            "attributes/restSearch",
            json!({ "value": value, "returnFormat": "csv" }),
        ),
        ("attributes/restSearch", json!({ "tags": [tag] })),
        ("attributes/restSearch", json!({ "eventid": uuid })),
        ("objects/restSearch", json!({ "uuid": uuid })),
        ("tags/search", json!({ "name": tag })),
        ("sightings/restSearch/event", json!({ "id": uuid })),
        (
            "sightings/listSightings",
            json!({ "id": uuid, "context": "event" }),
        ),
        ("events/filterEventIdsForPush", index),
        ("sightings/filterSightingUuidsForPush", json!([uuid])),
        ("shadow_attributes/getProposalsByUuidList", json!([uuid])),
        (
            "tags/attachTagToObject",
            json!({ "uuid": uuid, "tag": "a:b" }),
        ),
        (
            "tags/removeTagFromObject",
            json!({ "uuid": uuid, "tag": tag }),
        ),
    ] {
        all.push(misp(path, &body));
    }
    for (path, body) in [
        ("events/edit", &event),
        ("events/delete", &json!(null)),
        ("events/publish", &json!(null)),
        ("events/unpublish", &json!(null)),
        ("attributes/add", &attribute),
        ("objects/add", &object),
        ("sightings/bulkSaveSightings", &sighting),
    ] {
        all.push(misp(&format!("{path}/{uuid}"), body));
    }
    all.extend(of_object_in_misp(&report));
    all
}

fn of_object_in_misp(id: &str) -> Vec<Ask> {
    gets([
        format!("{API}/misp/objects/{id}/related"),
        format!("{API}/misp/objects/{id}/sightings"),
        format!("/collections/exercise/misp/objects/{id}"),
    ])
}

fn of_attribute(uuid: &str) -> Vec<Ask> {
    let mut all = gets([format!("/misp/attributes/view/{uuid}")]);
    all.extend(of_object_in_misp(&format!("indicator--{uuid}")));
    let change = json!({ "comment": "changed" });
    for (path, body) in [
        (format!("attributes/edit/{uuid}"), &change),
        (format!("attributes/delete/{uuid}"), &json!(null)),
        (format!("attributes/restore/{uuid}"), &json!(null)),
        ("attributes/restSearch".to_owned(), &json!({ "uuid": uuid })),
        (
            "tags/attachTagToObject".to_owned(),
            &json!({ "uuid": uuid, "tag": "a:b" }),
        ),
        ("sightings/add".to_owned(), &json!({ "uuid": uuid })),
        (format!("sightings/add/{uuid}"), &json!(null)),
        (
            "sightings/restSearch/attribute".to_owned(),
            &json!({ "id": uuid }),
        ),
        ("sightings/listSightings".to_owned(), &json!({ "id": uuid })),
    ] {
        all.push(misp(&path, body));
    }
    all
}

/// Of an object of an event.
fn of_part(uuid: &str) -> Vec<Ask> {
    let change = json!({ "Object": { "comment": "changed" } });
    let mut all = gets([format!("/misp/objects/view/{uuid}")]);
    for (path, body) in [
        (format!("objects/edit/{uuid}"), &change),
        (format!("objects/delete/{uuid}"), &json!(null)),
        ("objects/restSearch".to_owned(), &json!({ "uuid": uuid })),
    ] {
        all.push(misp(&path, body));
    }
    all
}

/// All lists, counts, searches and exports of a viewer.
pub(crate) fn everything() -> Vec<Ask> {
    let api = format!("{API}/open");
    let mut all = gets([
        "/taxii2/".to_owned(),
        "/taxii2/exercise/".to_owned(),
        format!("{TAXII}/"),
        format!("{TAXII}/open/"),
        format!("{TAXII}/open/objects/"),
        format!("{TAXII}/open/objects/?limit=2"),
        format!("{TAXII}/open/objects/?match[type]=malware&limit=1"),
        format!("{TAXII}/open/objects/?match[version]=all"),
        format!("{TAXII}/open/objects/?match[version]=first"),
        format!("{TAXII}/open/objects/?match[version]=2026-01-01T00:00:02Z"),
        format!("{TAXII}/open/objects/?match[spec_version]=2.0"),
        format!("{TAXII}/open/manifest/"),
        format!("{TAXII}/open/manifest/?limit=3"),
        format!("{TAXII}/misp/objects/"),
        format!("{TAXII}/misp/manifest/?match[version]=all"),
        "/api/v1/intel/roots".to_owned(),
        "/api/v1/intel/collections".to_owned(),
        api.clone(),
        format!("{api}/contents"),
        format!("{api}/decay"),
        format!("{api}/live"),
        format!("{api}/imports"),
        format!("{api}/export"),
        format!("{api}/export?format=csv"),
        format!("{api}/export?format=misp"),
        format!("{api}/export/report"),
        "/api/v1/intel/values/common".to_owned(),
        "/collections".to_owned(),
        "/collections/exercise/open".to_owned(),
        "/collections/exercise/open?q=visible".to_owned(),
        "/collections/exercise/open?q=nowhere".to_owned(),
        "/collections/exercise/open/export".to_owned(),
        "/collections/exercise/misp".to_owned(),
        "/collections/exercise/misp/events".to_owned(),
        "/collections/search?q=visible".to_owned(),
        "/collections/search?q=nowhere".to_owned(),
        "/values/common".to_owned(),
        "/desk".to_owned(),
        "/search?q=visible".to_owned(),
        "/misp/events/index".to_owned(),
        "/misp/attributes/index".to_owned(),
        "/misp/tags/index".to_owned(),
        "/misp/feed/manifest.json".to_owned(),
        "/misp/feed/hashes.csv".to_owned(),
        "/misp/organisations/index".to_owned(),
        "/misp/sharing_groups/index".to_owned(),
    ]);
    for format in ["json", "csv", "text", "stix2", "suricata", "hashes"] {
        for kind in ["events", "attributes"] {
            let body = json!({ "returnFormat": format });
            all.push(misp(&format!("{kind}/restSearch"), &body));
        }
    }
    for (path, body) in [
        ("attributes/restSearch", json!({ "limit": 1, "page": 2 })),
        ("events/restSearch", json!({ "metadata": true })),
        ("events/restSearch", json!({ "limit": 1, "page": 2 })),
        ("objects/restSearch", json!({})),
        ("events/index", json!({ "minimal": true })),
        ("tags/search", json!({ "tagname": "sort" })),
    ] {
        all.push(misp(path, &body));
    }
    all
}
