//! The markings of observed data, which in 2.0 hold for the observables in it and go with them.

use std::collections::{HashMap, HashSet};

use super::{
    observed::{Entry, IMAGE},
    tree::Tree,
};

/// How many markings of observables one observed data may stand for. More than that is no data, and
/// would fill memory.
const MARKS_MAX: usize = 1_000_000;

/// How many parts of observables are looked up; where there are more, the observable is marked.
const PARTS_MAX: usize = 10_000;

/// A marking that an observable gets.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) enum Mark {
    /// All of it, with the marking of this id.
    Whole(String),
    /// What this selector selects, with a `marking_ref` or a `lang`.
    Part {
        selector: String,
        name: &'static str,
        value: String,
    },
}

/// Whether so many observables would get more markings than can be.
pub(super) fn too_many(data: &Tree, observables: usize) -> bool {
    let refs = data
        .get("object_marking_refs")
        .map_or(0, |refs| refs.items().len());
    let granular = data
        .get("granular_markings")
        .map(Tree::items)
        .unwrap_or_default();
    let selectors = granular
        .iter()
        .filter_map(|marking| marking.get("selectors"));
    let all = selectors
        .flat_map(Tree::items)
        .filter(|text| text.as_text() == Some("objects"));
    (refs + all.count()).saturating_mul(observables) > MARKS_MAX
}

/// Gives the observables the markings of their observed data, and takes the selectors of single
/// observables out of it.
pub(super) fn mark(data: &mut Tree, entries: &mut [Entry]) {
    let refs = data
        .get("object_marking_refs")
        .map(Tree::items)
        .unwrap_or_default();
    for marking in refs.iter().filter_map(Tree::as_text) {
        for entry in entries.iter_mut() {
            entry.marks.push(Mark::Whole(marking.into()));
        }
    }
    granular(data, entries);
    // What goes because another says the same leaves that one its markings.
    for place in 0..entries.len() {
        let gone = entries.get_mut(place);
        let gone = gone.and_then(|gone| Some((gone.same_as?, std::mem::take(&mut gone.marks))));
        let first = gone.and_then(|(first, marks)| Some((entries.get_mut(first)?, marks)));
        if let Some((first, marks)) = first {
            first.marks.extend(marks);
        }
    }
}

fn granular(data: &mut Tree, entries: &mut [Entry]) {
    let places: HashMap<String, usize> = entries
        .iter()
        .enumerate()
        .map(|(place, entry)| (entry.key.clone(), place))
        .collect();
    let Some(markings) = data.get_mut("granular_markings").and_then(Tree::items_mut) else {
        return;
    };
    let mut parts_left = PARTS_MAX;
    for marking in markings.iter_mut() {
        let said = ["marking_ref", "lang"]
            .into_iter()
            .find_map(|name| Some((name, marking.text(name)?.to_owned())));
        let selected = marking.get_mut("selectors").and_then(Tree::items_mut);
        let (Some(said), Some(selected)) = (said, selected) else {
            continue;
        };
        for selector in std::mem::take(selected) {
            match selector.as_text().map(Selected::of) {
                Some(Selected::All) => {
                    for entry in entries.iter_mut() {
                        entry.mark("", &said, &mut 0);
                    }
                    selected.push(selector);
                }
                Some(Selected::One { key, part }) => {
                    if let Some(entry) = places.get(key).and_then(|at| entries.get_mut(*at)) {
                        entry.mark(part, &said, &mut parts_left);
                    }
                    let image = places.get(&format!("{key}{IMAGE}"));
                    let image = image.filter(|_| matches!(part, "" | "name"));
                    if let Some(image) = image.and_then(|at| entries.get_mut(*at)) {
                        image.mark("", &said, &mut 0);
                    }
                }
                Some(Selected::Other) | None => selected.push(selector),
            }
        }
    }
    markings.retain(|marking| {
        marking
            .get("selectors")
            .is_none_or(|selectors| !selectors.items().is_empty())
    });
    if markings.is_empty() {
        data.remove("granular_markings");
    }
}

/// What of the observables a selector selects.
enum Selected<'s> {
    All,
    One { key: &'s str, part: &'s str },
    Other,
}

impl<'s> Selected<'s> {
    fn of(selector: &'s str) -> Self {
        match selector.split_once('.') {
            None if selector == "objects" => Self::All,
            Some(("objects", rest)) => {
                let (key, part) = rest.split_once('.').unwrap_or((rest, ""));
                Self::One { key, part }
            }
            _ => Self::Other,
        }
    }
}

impl Entry {
    /// Marks a part, or all of it where the part is not found or no more are to be looked up.
    fn mark(&mut self, part: &str, said: &(&'static str, String), parts_left: &mut usize) {
        let (name, value) = said;
        for selector in self.moves.follow(part) {
            let found =
                *parts_left > 0 && !part.is_empty() && self.tree.select(&selector).is_some();
            if found {
                *parts_left -= 1;
                self.marks.push(Mark::Part {
                    selector,
                    name,
                    value: value.clone(),
                });
            } else if *name == "marking_ref" {
                self.marks.push(Mark::Whole(value.clone()));
            }
        }
    }
}

/// Adds the markings to those that the observable has, each once.
pub(super) fn write(object: &mut Tree, marks: Vec<Mark>) {
    let mut known = HashSet::new();
    let (mut refs, mut granular) = (Vec::new(), Vec::new());
    for mark in marks.into_iter().filter(|mark| known.insert(mark.clone())) {
        match mark {
            Mark::Whole(id) => refs.push(Tree::Text(id)),
            Mark::Part {
                selector,
                name,
                value,
            } => granular.push(Tree::Object(vec![
                (name.into(), Tree::Text(value)),
                ("selectors".into(), Tree::texts([selector.as_str()])),
            ])),
        }
    }
    for (name, more) in [
        ("object_marking_refs", refs),
        ("granular_markings", granular),
    ] {
        if more.is_empty() {
            continue;
        }
        match object.get_mut(name).and_then(Tree::items_mut) {
            Some(list) => list.extend(more),
            None => object.set(name, Tree::List(more)),
        }
    }
}
