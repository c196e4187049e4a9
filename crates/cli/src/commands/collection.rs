//! Collections of the node, for the commands that fill, write and use them.

pub(crate) mod sought;
pub(crate) mod take_in;
pub(crate) mod write_out;

use audit::Ground;
use intel::model::{Collection, Settings};
use kernel::{Mode, Tlp, Viewer};

use crate::output::{Failure, Hint};

/// The root that new collections stand under.
const fn root(mode: Mode) -> &'static str {
    match mode {
        Mode::Real => "intel",
        Mode::Exercise => "exercise",
    }
}

/// The node itself, for this work.
pub(crate) async fn viewer(
    ground: &Ground,
    work: &'static str,
    exercise: bool,
) -> Result<Viewer, Failure> {
    let party = access::ops::node_party(ground)
        .await
        .hint("comity init makes a node")?;
    Ok(Viewer::node(work, party, Mode::from_exercise(exercise)))
}

/// The collection that is meant: by alias, UUID or title, behind its root and a slash where several
/// have the name.
pub(crate) async fn find(
    ground: &Ground,
    viewer: &Viewer,
    name: &str,
) -> Result<Option<Collection>, Failure> {
    let (root, name) = match name.split_once('/') {
        Some((root, name)) => (Some(root), name),
        None => (None, name),
    };
    let all = match intel::ops::collections(ground, viewer, root).await {
        // Nor is there a collection under a root that is not there.
        Err(intel::Error::NotFound { .. }) => Vec::new(),
        all => all?,
    };
    let is_meant = |collection: &Collection| {
        let settings = &collection.settings;
        let alias = settings.alias.as_ref().map(ToString::to_string);
        alias.as_deref() == Some(name)
            || collection.public.uuid().to_string() == name
            || settings.title.as_str() == name
    };
    let all = all.into_iter().map(|shown| shown.collection);
    let mut meant: Vec<_> = all.filter(is_meant).collect();
    match meant.len() {
        0 | 1 => Ok(meant.pop()),
        count => {
            let several = anyhow::anyhow!("{count} collections are called {name}");
            Err(several).hint("name it by its UUID, which its page shows")
        }
    }
}

/// The collection that is meant, or a failure that says which there are.
pub(crate) async fn known(
    ground: &Ground,
    viewer: &Viewer,
    name: &str,
) -> Result<Collection, Failure> {
    if let Some(found) = find(ground, viewer, name).await? {
        return Ok(found);
    }
    let all = intel::ops::collections(ground, viewer, None).await?;
    let names: Vec<_> = all.iter().map(|shown| called(&shown.collection)).collect();
    let missing = anyhow::anyhow!("there is no collection {name} in this mode");
    let hint = if names.is_empty() {
        "there are none yet: comity import --create makes one".to_owned()
    } else {
        format!("there are: {}", names.join(", "))
    };
    Err(Failure {
        hint: Some(hint),
        ..missing.into()
    })
}

/// A collection of that name, made now with the strictest usual settings.
pub(crate) async fn make(
    ground: &Ground,
    viewer: &Viewer,
    name: &str,
) -> Result<Collection, Failure> {
    let settings = Settings {
        alias: name.parse().ok(),
        title: name.parse()?,
        description: "".parse()?,
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
    };
    let root = root(viewer.mode).parse()?;
    Ok(intel::ops::create(ground, viewer, &root, settings).await?)
}

/// What a collection is called on the command line.
pub(crate) fn called(collection: &Collection) -> String {
    let alias = collection.settings.alias.as_ref();
    alias.map_or_else(|| collection.public.uuid().to_string(), ToString::to_string)
}
