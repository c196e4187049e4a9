//! Galaxies and their clusters: the house's library, and what came within events.

use axum::response::Response;
use intel::events::{
    model::Which,
    ops::{self, ClustersFrom, SeenCluster, SeenGalaxy},
};
use serde_json::{Map, Value, json};

use super::house::reader;
use crate::{
    answer::{Fail, json_answer, streamed},
    ask::text_of,
    call::{Call, unreadable},
    out::{Pieces, json::put},
};

const JSON: &str = "application/json; charset=UTF-8";

/// What is said of a galaxy everywhere.
fn galaxy_value(galaxy: &SeenGalaxy) -> Result<Value, Fail> {
    let record = serde_json::to_value(&galaxy.record).map_err(|error| unreadable(&error))?;
    let mut value = json!({
        "uuid": "", "name": galaxy.kind, "description": "", "version": "0", "icon": "",
        "namespace": "misp", "enabled": true, "local_only": false, "kill_chain_order": null,
        "default": galaxy.in_library, "distribution": "3",
    });
    if let (Some(members), Value::Object(own)) = (value.as_object_mut(), record) {
        members.extend(own);
    }
    put(&mut value, "id", json!(galaxy.number.to_string()));
    put(&mut value, "type", json!(galaxy.kind));
    if let Some(members) = value.as_object_mut() {
        members.remove("GalaxyCluster");
    }
    Ok(value)
}

/// A cluster, with what else is said of it as elements.
fn cluster_value(cluster: &SeenCluster) -> Result<Value, Fail> {
    let id = cluster.number.to_string();
    let record = serde_json::to_value(&cluster.record).map_err(|error| unreadable(&error))?;
    let mut value = json!({
        "uuid": "", "collection_uuid": "", "description": "", "source": "", "authors": [],
        "version": "0", "distribution": "3", "sharing_group_id": null, "org_id": "0",
        "orgc_id": "0", "default": cluster.in_library, "locked": false, "extends_uuid": "",
        "extends_version": "0", "published": false, "deleted": false,
        "GalaxyClusterRelation": [], "TargetingClusterRelation": [],
    });
    if let (Some(members), Value::Object(own)) = (value.as_object_mut(), record) {
        members.extend(own);
        // A number of another instance means nothing here.
        for name in [
            "meta",
            "tag_id",
            "event_tag_id",
            "attribute_tag_id",
            "local",
        ] {
            members.remove(name);
        }
    }
    let elements = cluster.record.meta.iter().flat_map(|(key, values)| {
        let id = &id;
        let element = move |value| json!({ "galaxy_cluster_id": id, "key": key, "value": value });
        values.iter().map(element)
    });
    put(&mut value, "GalaxyElement", elements.collect());
    put(&mut value, "galaxy_id", json!(cluster.galaxy.to_string()));
    put(&mut value, "tag_name", json!(cluster.tag));
    put(&mut value, "id", json!(id));
    Ok(value)
}

/// All galaxies, or those whose name, namespace, description or UUID has the text that is asked for.
pub(super) async fn index(call: &Call) -> Result<Response, Fail> {
    reader(call).await?;
    let asked = call.asked()?;
    let sought = sought(&asked, &["value", "searchall"]);
    let all = ops::seen_galaxies(&call.ground, &call.viewer, &call.scope).await?;
    let mut values = Vec::new();
    for galaxy in &all {
        let record = &galaxy.record;
        let texts = [
            &record.name,
            &record.namespace,
            &record.description,
            &record.uuid,
        ];
        let has = |sought: &String| {
            let mut texts = texts.iter().filter_map(|text| text.as_deref());
            texts.any(|text| text.to_lowercase().contains(sought.as_str()))
        };
        if sought.as_ref().is_none_or(has) {
            values.push(json!({ "Galaxy": galaxy_value(galaxy)? }));
        }
    }
    Ok(json_answer(&Value::Array(values)))
}

/// The first of these words, in small letters and without signs for any text.
fn sought(asked: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let text = names
        .iter()
        .find_map(|name| asked.get(*name).and_then(text_of))?;
    let text = text.trim_matches('%').to_lowercase();
    (!text.is_empty()).then_some(text)
}

async fn named(call: &Call) -> Result<SeenGalaxy, Fail> {
    let which = call.which("galaxy")?;
    let all = ops::seen_galaxies(&call.ground, &call.viewer, &call.scope).await?;
    let fits = |galaxy: &SeenGalaxy| match which {
        Which::Id(number) => galaxy.number == number,
        Which::Uuid(uuid) => {
            let own = galaxy.record.uuid.as_deref();
            own.is_some_and(|own| own.eq_ignore_ascii_case(&uuid.to_string()))
        }
    };
    let found = all.into_iter().find(fits);
    found.ok_or_else(|| Fail::missing("Invalid galaxy"))
}

pub(super) async fn view(call: Call) -> Result<Response, Fail> {
    let galaxy = named(&call).await?;
    let head = json!({ "Galaxy": galaxy_value(&galaxy)? }).to_string();
    let head = head.strip_suffix('}').unwrap_or_default();
    let begin = format!("{head},\"GalaxyCluster\":[");
    let lines = Clusters::new(call, galaxy, (begin, "]}"));
    Ok(streamed(Pieces::into_body(lines), JSON))
}

/// The clusters of a galaxy.
pub(super) async fn clusters(call: Call) -> Result<Response, Fail> {
    let asked = call.asked()?;
    let galaxy = named(&call).await?;
    let mut lines = Clusters::new(call, galaxy, ("[".to_owned(), "]"));
    lines.wrapped = true;
    lines.sought = sought(&asked, &["searchall"]);
    lines.context = asked.get("context").and_then(text_of).unwrap_or_default();
    Ok(streamed(Pieces::into_body(lines), JSON))
}

pub(super) async fn cluster(call: &Call) -> Result<Response, Fail> {
    let which = call.which("cluster")?;
    let found = ops::seen_cluster(&call.ground, &call.viewer, &call.scope, which).await;
    let (cluster, galaxy) = match found {
        Err(intel::Error::NotFound { .. }) => {
            return Err(Fail::missing("Invalid GalaxyCluster"));
        }
        other => other?,
    };
    let mut value = cluster_value(&cluster)?;
    put(&mut value, "Galaxy", galaxy_value(&galaxy)?);
    Ok(json_answer(&json!({ "GalaxyCluster": value })))
}

/// Clusters as they go out, a page at a time.
struct Clusters {
    call: Call,
    galaxy: SeenGalaxy,
    begin: String,
    end: &'static str,
    wrapped: bool,
    sought: Option<String>,
    context: String,
    from: Option<ClustersFrom>,
    written: usize,
    ended: bool,
}

impl Clusters {
    fn new(call: Call, galaxy: SeenGalaxy, (begin, end): (String, &'static str)) -> Self {
        Self {
            call,
            galaxy,
            begin,
            end,
            wrapped: false,
            sought: None,
            context: String::new(),
            from: Some(ClustersFrom::default()),
            written: 0,
            ended: false,
        }
    }

    fn is_wanted(&self, cluster: &SeenCluster) -> bool {
        let record = &cluster.record;
        let default = record.default.unwrap_or(cluster.in_library);
        let of_context = match self.context.as_str() {
            "default" => default,
            "custom" => !default,
            "deleted" => record.deleted == Some(true),
            // No cluster is made here.
            "org" | "orgc" => false,
            _ => true,
        };
        let has = |sought: &String| {
            let own = [&record.value, &record.description, &record.uuid];
            let own = own.into_iter().filter_map(|text| text.as_deref());
            let meta = record.meta.values().flatten().map(String::as_str);
            let mut texts = own.chain(meta);
            texts.any(|text| text.to_lowercase().contains(sought.as_str()))
        };
        of_context && self.sought.as_ref().is_none_or(has)
    }
}

impl Pieces for Clusters {
    async fn next(&mut self) -> Result<Option<String>, Fail> {
        if self.ended {
            return Ok(None);
        }
        let mut out = std::mem::take(&mut self.begin);
        let Some(from) = self.from.take() else {
            self.ended = true;
            out.push_str(self.end);
            return Ok(Some(out));
        };
        let call = &self.call;
        let page = ops::seen_clusters(&call.ground, &call.viewer, &call.scope, &self.galaxy, from);
        let (page, next) = page.await?;
        self.from = next;
        let wanted: Vec<_> = page.iter().filter(|one| self.is_wanted(one)).collect();
        for cluster in wanted {
            if self.written > 0 {
                out.push(',');
            }
            self.written += 1;
            let value = cluster_value(cluster)?;
            let value = if self.wrapped {
                json!({ "GalaxyCluster": value })
            } else {
                value
            };
            out.push_str(&value.to_string());
        }
        Ok(Some(out))
    }
}
