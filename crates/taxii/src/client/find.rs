//! From an address to a collection: people type the discovery, an API root or a collection.

use intel::remotes::{Trouble, Visit};
use outward::Address;

use super::{
    body::{Collection, Found},
    talk::{Good, Talk, escaped},
};

/// Roots that are looked through.
const ROOTS_MAX: usize = 20;

/// A collection that was found.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The API root.
    pub(super) root: Address,
    /// What is called of the root.
    pub(super) title: String,
    pub(super) collection: Collection,
    /// The longest body that it takes.
    pub(super) bytes_max: Option<u64>,
}

impl Target {
    /// The address of its objects.
    pub(super) fn objects(&self) -> Result<Address, Trouble> {
        let id = escaped(&self.collection.id);
        self.root
            .join(&format!("collections/{id}/objects/"))
            .map_err(|_unusable| unusable("the id of the collection"))
    }

    /// The address of a status.
    pub(super) fn status(&self, id: &str) -> Result<Address, Trouble> {
        self.root
            .join(&format!("status/{}/", escaped(id)))
            .map_err(|_unusable| unusable("the id of the status"))
    }
}

/// What a person chose.
struct Choice {
    root: Option<String>,
    collection: Option<String>,
}

/// Finds the collection that a remote is about.
pub(super) async fn find(visit: &Visit, talk: &mut Talk) -> Result<Target, Trouble> {
    let text = |name: &str| {
        let value = visit.remote.settings.selection.get(name);
        let text = value.and_then(|value| value.as_str()).map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let choice = Choice {
        root: text("root"),
        collection: text("collection"),
    };
    let address = &visit.remote.settings.address;
    let (good, found) = first(talk, address).await?;
    if found.api_roots.is_some() || found.default.is_some() {
        return under_discovery(talk, &good.from, found, &choice).await;
    }
    if let Some(collections) = found.collections {
        let root = above(&good.from, "collections/")?;
        return in_root(talk, root, Some(collections), &choice).await;
    }
    if found.versions.is_some() || found.max_content_length.is_some() {
        return in_root(talk, good.from, None, &choice).await;
    }
    if let (Some(id), Some(can_read)) = (found.id, found.can_read) {
        let collection = Collection {
            id,
            title: found.title,
            alias: found.alias,
            can_read,
            can_write: found.can_write.unwrap_or_default(),
        };
        let path = good.from.path().trim_end_matches('/').to_owned();
        let last = path.rsplit('/').next().unwrap_or_default();
        let root = above(&good.from, &format!("collections/{last}/"))?;
        return in_root(talk, root, Some(vec![collection]), &choice).await;
    }
    let detail = "what stands there is neither a discovery nor an API root nor a collection";
    Err(Trouble::lasting("taxii.no_taxii", detail))
}

/// What stands at the address that was typed. Who typed a host alone means its discovery.
async fn first(talk: &mut Talk, address: &Address) -> Result<(Good, Found), Trouble> {
    let asked = match talk.get(address.clone()).await {
        Err(trouble)
            if matches!(trouble.code, "taxii.not_found" | "taxii.no_taxii")
                && address.path() == "/" =>
        {
            let discovery = address.join("/taxii2/");
            let discovery = discovery.map_err(|_unusable| unusable("the address"))?;
            talk.get(discovery).await
        }
        asked => asked,
    };
    let good = asked?;
    let found = read(&good)?;
    Ok((good, found))
}

async fn under_discovery(
    talk: &mut Talk,
    from: &Address,
    found: Found,
    choice: &Choice,
) -> Result<Target, Trouble> {
    let mut roots = Vec::new();
    let listed = found.api_roots.unwrap_or_default();
    for text in found.default.into_iter().chain(listed) {
        let root = from.join(&with_slash(&text));
        let root = root.map_err(|_unusable| unusable("the address of an API root"))?;
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    if let Some(wanted) = &choice.root {
        let wanted = wanted.trim_matches('/');
        roots.retain(|root| {
            let path = root.path().trim_matches('/');
            path == wanted
                || path.rsplit('/').next() == Some(wanted)
                || root.to_string().trim_end_matches('/') == wanted
        });
    }
    let mut last = Trouble::lasting(
        "taxii.no_root",
        "the server names no such API root, or none that these credentials may see",
    );
    for root in roots.into_iter().take(ROOTS_MAX) {
        let root = at_home(talk, from, root)?;
        match in_root(talk, root, None, choice).await {
            Ok(target) => return Ok(target),
            // The others may have it.
            Err(trouble) if !trouble.passing && trouble.code != "taxii.version" => last = trouble,
            Err(trouble) => return Err(trouble),
        }
    }
    Err(last)
}

/// A server behind a proxy may not know how it is reached. Credentials go to no other host.
fn at_home(talk: &mut Talk, from: &Address, root: Address) -> Result<Address, Trouble> {
    if root.origin() == from.origin() {
        return Ok(root);
    }
    if root.host().eq_ignore_ascii_case(from.host()) {
        let detail = format!("its roots are said to be at {}", root.origin());
        talk.defect("taxii.root_address", &detail);
        let path = from.join(root.path());
        return path.map_err(|_unusable| unusable("the address of an API root"));
    }
    let detail = format!(
        "the API root is on another host, {}: give its address",
        root.origin()
    );
    Err(Trouble::lasting("taxii.other_host", detail))
}

async fn in_root(
    talk: &mut Talk,
    root: Address,
    collections: Option<Vec<Collection>>,
    choice: &Choice,
) -> Result<Target, Trouble> {
    let root = with_slash(&root.to_string()).parse();
    let root: Address = root.map_err(|_unusable| unusable("the address of the API root"))?;
    let good = talk.get(root.clone()).await?;
    let about = read(&good)?;
    let versions = about.versions.unwrap_or_default();
    let speaks = |version: &String| version.contains("2.1") || version == "taxii-2.1";
    if !versions.is_empty() && !versions.iter().any(speaks) {
        let detail = format!("the API root speaks {versions:.5?} and not TAXII 2.1");
        return Err(Trouble::lasting("taxii.version", detail));
    }
    let collections = if let Some(collections) = collections {
        collections
    } else {
        let address = root.join("collections/");
        let address = address.map_err(|_unusable| unusable("the API root"))?;
        let good = talk.get(address).await?;
        read(&good)?.collections.unwrap_or_default()
    };
    Ok(Target {
        collection: chosen(collections, choice)?,
        title: about.title.unwrap_or_default(),
        bytes_max: about.max_content_length,
        root,
    })
}

fn chosen(collections: Vec<Collection>, choice: &Choice) -> Result<Collection, Trouble> {
    let there = collections.len();
    let Some(wanted) = &choice.collection else {
        let mut collections = collections.into_iter();
        return match (collections.next(), collections.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Trouble::lasting(
                "taxii.which_collection",
                format!("the API root has {there} collections: name one"),
            )),
        };
    };
    let by_id = |of: &&Collection| of.id == *wanted || of.alias.as_ref() == Some(wanted);
    let by_title = |of: &&Collection| of.title.as_ref() == Some(wanted);
    let found = collections
        .iter()
        .find(by_id)
        .or_else(|| collections.iter().find(by_title));
    found.cloned().ok_or_else(|| {
        let detail = format!("none of the {there} collections is called so");
        Trouble::lasting("taxii.no_collection", detail)
    })
}

fn read(good: &Good) -> Result<Found, Trouble> {
    serde_json::from_slice(&good.bytes).map_err(|error| {
        let detail = format!(
            "what {} answers is no JSON of TAXII: {error}",
            good.from.host()
        );
        Trouble::lasting("taxii.no_taxii", detail)
    })
}

/// The address without what it ends with.
fn above(address: &Address, end: &str) -> Result<Address, Trouble> {
    let text = with_slash(&address.to_string());
    let root = text.strip_suffix(end).unwrap_or(&text);
    root.parse().map_err(|_unusable| unusable("the address"))
}

fn with_slash(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    format!("{}/", text.trim_end_matches('/'))
}

fn unusable(what: &str) -> Trouble {
    let detail = format!("{what} cannot be used");
    Trouble::lasting("taxii.no_taxii", detail)
}
