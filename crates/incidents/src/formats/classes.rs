//! Classes of taxonomies on the way into other formats and out of them, as tags of machines.

use std::collections::HashMap;

use db::Tx;

use super::model::{Remark, Why};
use crate::{
    error::Error,
    model::Case,
    taxonomy::{
        CLASSES_MAX, Class, Tag, Taxonomy, ops,
        shipped::{RSIT, SECTORS},
        sorted,
    },
};

/// What parts tags in one text.
const BETWEEN: &str = "; ";

/// The tags of a text, or nothing where one of them is none.
pub(super) fn read(text: &str) -> Option<Vec<Tag>> {
    let parts = text.split(';').map(str::trim);
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(|part| part.parse().ok()).collect()
}

/// The tags of an entry, each once.
pub(super) fn tags(case: &Case) -> Vec<Tag> {
    let mut tags: Vec<Tag> = case.classes.iter().map(Tag::from).collect();
    tags.sort();
    tags.dedup();
    tags
}

/// They as one text.
pub(super) fn joined(case: &Case) -> String {
    let tags: Vec<String> = tags(case).iter().map(ToString::to_string).collect();
    tags.join(BETWEEN)
}

/// The taxonomies of the house, as an import asks for their classes.
#[derive(Default)]
pub(super) struct Known {
    /// They, once one is asked for.
    held: Option<Vec<(Taxonomy, ops::Held)>>,
    found: HashMap<Tag, Option<Class>>,
}

impl Known {
    /// The classes that tags stand for, each of the last version that came and has it. RSIT and the sectors
    /// stand in the facts. Tags of which the house knows no class are remarked where they were said to be
    /// classes.
    pub(super) async fn classes(
        &mut self,
        tx: &mut Tx,
        tags: &[Tag],
        (said_at, remarks): (Option<&str>, &mut Vec<Remark>),
    ) -> Result<Vec<Class>, Error> {
        let mut classes = Vec::new();
        for tag in tags {
            if matches!(tag.taxonomy().as_str(), RSIT | SECTORS) {
                continue;
            }
            match (self.class(tx, tag).await?, said_at) {
                (Some(class), _) => classes.push(class),
                (None, Some(at)) => {
                    let detail = format!("{tag} is a class of no taxonomy that is here");
                    remarks.push(Remark::new(at, Why::UnknownTerm, detail));
                }
                (None, None) => {}
            }
        }
        let mut classes = sorted(classes);
        classes.truncate(CLASSES_MAX);
        Ok(classes)
    }

    async fn class(&mut self, tx: &mut Tx, tag: &Tag) -> Result<Option<Class>, Error> {
        if let Some(found) = self.found.get(tag) {
            return Ok(found.clone());
        }
        if self.held.is_none() {
            self.held = Some(ops::held(tx).await?);
        }
        let mut class = None;
        for (taxonomy, held) in self.held.iter().flatten().rev() {
            if taxonomy.name != *tag.taxonomy() {
                continue;
            }
            if let Some(entry) = ops::entry(tx, held, tag.code().as_str()).await? {
                class = Some(Class {
                    taxonomy: taxonomy.name.clone(),
                    version: taxonomy.version.clone(),
                    code: entry.code,
                    name: entry.name,
                });
                break;
            }
        }
        self.found.insert(tag.clone(), class.clone());
        Ok(class)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn tags_are_parted_by_semicolons() {
        let read = |text: &str| super::read(text).map(|tags| tags.len());
        assert_eq!(read("a:b; c:d=\"e\" ;"), Some(2));
        assert_eq!(read(""), Some(0));
        assert_eq!(read("a:b; c"), None);
    }
}
