//! Observed data: its observables become objects of their own (§4.14).

use std::collections::HashMap;

use super::{
    change::{Notes, What, escaped},
    marks::{self, Mark},
    observable, order, references,
    selectors::Moves,
    tree::Tree,
};
use crate::{Id, json::Document, objects};

/// Behind the key of a process, the key of the image that is made for it. No key of 2.0 has a slash.
pub(super) const IMAGE: &str = "/image";

/// An observable that leaves its observed data.
pub(super) struct Other {
    /// Where it was.
    pub(super) pointer: String,
    pub(super) tree: Tree,
}

/// An observable on its way.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) tree: Tree,
    /// Where within it things have moved.
    pub(super) moves: Moves,
    id: String,
    /// The entry that says the same, if this one goes.
    pub(super) same_as: Option<usize>,
    pub(super) marks: Vec<Mark>,
}

pub(super) fn lift(
    data: &mut Tree,
    random: &mut impl FnMut() -> [u8; 16],
    notes: &mut Notes,
) -> Vec<Other> {
    let Some(Tree::Object(objects)) = data.get("objects").cloned() else {
        return Vec::new();
    };
    if marks::too_many(data, objects.len()) {
        observable::own(data, "objects", notes);
        return Vec::new();
    }
    if data.get("object_refs").is_some() {
        observable::own(data, "object_refs", notes);
    }
    let (mut entries, broken) = entries(objects, notes);
    identify(&mut entries, random);
    refer(&mut entries, notes);
    put_refs(data, &entries, broken, notes);
    marks::mark(data, &mut entries);
    let kept = entries.into_iter().filter(|entry| entry.same_as.is_none());
    kept.map(Entry::finished).collect()
}

/// The observables, lifted one by one, and what is none.
fn entries(objects: Vec<(String, Tree)>, notes: &mut Notes) -> (Vec<Entry>, Vec<(String, Tree)>) {
    let (objects, broken): (Vec<_>, Vec<_>) = objects
        .into_iter()
        .partition(|(_, object)| object.text("type").is_some());
    let mut entries = Vec::with_capacity(objects.len());
    for (key, mut tree) in objects {
        let moves = notes.enter(format!("/objects/{}", escaped(&key)));
        observable::lift(&mut tree, notes);
        let image = image(&mut tree, &key, notes);
        let entry = |key, tree, moves| Entry {
            key,
            tree,
            moves,
            id: String::new(),
            same_as: None,
            marks: Vec::new(),
        };
        entries.push(entry(key, tree, notes.leave(moves)));
        entries.extend(image.map(|(key, image)| entry(key, image, Moves::default())));
    }
    (entries, broken)
}

/// A process of 2.0 has a name, in 2.1 its image has. Where the image is not given, one is made that
/// has the name; else the name is kept as it is.
fn image(process: &mut Tree, key: &str, notes: &mut Notes) -> Option<(String, Tree)> {
    if process.text("type") != Some("process") || process.get("name").is_none() {
        return None;
    }
    let name = process
        .text("name")
        .map(String::from)
        .filter(|name| !name.is_empty());
    let Some(name) = name.filter(|_| process.get("image_ref").is_none()) else {
        observable::own(process, "name", notes);
        return None;
    };
    let key = format!("{key}{IMAGE}");
    process.set("name", Tree::Text(key.clone()));
    process.rename("name", "image_ref");
    notes.moved("name", "image_ref");
    notes.add(
        &["name"],
        What::Renamed {
            to: "image_ref.name".into(),
        },
    );
    let file = [
        ("type".into(), Tree::Text("file".into())),
        ("name".into(), Tree::Text(name)),
    ];
    Some((key, Tree::Object(file.into())))
}

/// Gives ids: made of the observable where §2.9 says so, else random. Of several observables that
/// say the same one is kept.
fn identify(entries: &mut [Entry], random: &mut impl FnMut() -> [u8; 16]) {
    let contributing: Vec<Tree> = entries
        .iter()
        .map(|entry| order::contributing(&entry.tree))
        .collect();
    let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    let order = order::order(&keys, &contributing);
    let mut by_key: HashMap<String, String> = HashMap::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for place in order {
        let (Some(entry), Some(of_id)) = (entries.get(place), contributing.get(place)) else {
            continue;
        };
        let found = deterministic(of_id.clone(), &by_key);
        let first = found.as_ref().and_then(|id| by_id.get(id)).copied();
        let alike = first
            .and_then(|first| entries.get(first))
            .map(|first| first.tree == entry.tree);
        let id = match (found, alike) {
            (Some(id), None | Some(true)) => id,
            // Two that differ in what ids are not made of cannot both have the id.
            _ => random_id(&entry.tree, random),
        };
        by_key.insert(entry.key.clone(), id.clone());
        by_id.entry(id.clone()).or_insert(place);
        if let Some(entry) = entries.get_mut(place) {
            entry.id = id;
            entry.same_as = first.filter(|_| alike == Some(true));
        }
    }
    for entry in entries.iter_mut().filter(|entry| entry.id.is_empty()) {
        entry.id = random_id(&entry.tree, random);
    }
}

fn deterministic(mut of_id: Tree, by_key: &HashMap<String, String>) -> Option<String> {
    let id_of = |key: &str| by_key.get(key).cloned();
    references::rewrite(&mut of_id, &id_of, &mut Vec::new(), &mut |_, _| {});
    let json = of_id.to_json();
    let document = Document::parse(json.as_bytes()).ok()?;
    let id = objects::observable_id(document.root()).ok()??;
    Some(id.as_str().into())
}

fn random_id(tree: &Tree, random: &mut impl FnMut() -> [u8; 16]) -> String {
    let object_type = tree.text("type").unwrap_or_default();
    Id::random(object_type, random())
        .map(|id| id.as_str().into())
        .unwrap_or_default()
}

/// Puts ids in place of keys, everywhere.
fn refer(entries: &mut [Entry], notes: &mut Notes) {
    let ids: HashMap<String, String> = entries
        .iter()
        .map(|entry| (entry.key.clone(), entry.id.clone()))
        .collect();
    let id_of = |key: &str| ids.get(key).cloned();
    for entry in entries {
        let mut lost = Vec::new();
        references::rewrite(
            &mut entry.tree,
            &id_of,
            &mut Vec::new(),
            &mut |path, name| {
                lost.push((path.to_vec(), name));
            },
        );
        for (path, name) in lost {
            let mut steps = entry.path();
            steps.extend(path.iter().map(String::as_str));
            notes.add(&steps, What::Custom { name });
        }
    }
}

/// Puts `object_refs` in place of `objects`.
fn put_refs(data: &mut Tree, entries: &[Entry], broken: Vec<(String, Tree)>, notes: &mut Notes) {
    let kept = entries.iter().filter(|entry| entry.same_as.is_none());
    let ids: Vec<&str> = kept.map(|entry| entry.id.as_str()).collect();
    for entry in entries {
        notes.add(
            &entry.path(),
            What::Standalone {
                id: entry.id.clone(),
            },
        );
    }
    if !broken.is_empty() {
        for (key, _) in &broken {
            notes.add(
                &["objects", key],
                What::Custom {
                    name: "x_objects".into(),
                },
            );
        }
        data.set("x_objects", Tree::Object(broken));
    }
    if !ids.is_empty() {
        data.insert_after("objects", "object_refs", Tree::texts(ids));
        notes.moved("objects", "object_refs");
    }
    data.remove("objects");
}

impl Entry {
    /// Where it was: an image is made of the name of its process.
    fn path(&self) -> Vec<&str> {
        match self.key.strip_suffix(IMAGE) {
            Some(process) => vec!["objects", process, "name"],
            None => vec!["objects", &self.key],
        }
    }

    fn finished(mut self) -> Other {
        let pointer = self
            .path()
            .into_iter()
            .fold(String::new(), |pointer, step| {
                format!("{pointer}/{}", escaped(step))
            });
        marks::write(&mut self.tree, self.marks);
        self.tree
            .insert_after("type", "spec_version", Tree::Text("2.1".into()));
        self.tree
            .insert_after("spec_version", "id", Tree::Text(self.id));
        Other {
            pointer,
            tree: self.tree,
        }
    }
}
