//! Attributes that warninglists of the house have.

use std::collections::{BTreeMap, HashMap};

use intel::{events::model::Attribute, ops::ListedValue};
use serde_json::{Value, json};

use crate::{answer::Fail, call::Call};

/// What is asked of warninglists.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Asked {
    /// What they have is left out.
    pub(crate) enforced: bool,
    /// What they have is said.
    pub(crate) included: bool,
}

/// The lists that have attributes, by the attributes' numbers.
#[derive(Debug, Default)]
pub(crate) struct Warned {
    asked: Asked,
    lists: HashMap<i64, Vec<ListedValue>>,
}

impl Warned {
    /// Holds attributes against the lists, where something is asked of them.
    pub(crate) async fn of<'r>(
        call: &Call,
        asked: Asked,
        rows: impl Iterator<Item = &'r Attribute> + Send,
    ) -> Result<Self, Fail> {
        if asked == Asked::default() {
            return Ok(Self::default());
        }
        let (ids, values): (Vec<_>, Vec<_>) = rows
            .map(|row| (row.id, (row.kind.as_str(), row.value.as_str())))
            .unzip();
        let found = intel::ops::listed_attributes(&call.ground, &call.viewer, &values).await?;
        let lists = ids.into_iter().zip(found);
        Ok(Self {
            asked,
            lists: lists.filter(|(_, lists)| !lists.is_empty()).collect(),
        })
    }

    /// Whether an attribute is left out.
    pub(crate) fn hides(&self, row: &Attribute) -> bool {
        self.asked.enforced && self.lists.contains_key(&row.id)
    }

    /// What is said of an attribute, which as in MISP has to be one that is looked for.
    pub(crate) fn said(&self, row: &Attribute) -> Option<Value> {
        let lists = self.lists.get(&row.id);
        let lists = lists.filter(|_| self.asked.included && row.to_ids)?;
        let hit = |hit: &ListedValue| {
            json!({
                "value": hit.value,
                "match": hit.value,
                "warninglist_id": hit.list.number.to_string(),
                "warninglist_name": hit.list.name,
                "warninglist_category": "false_positive",
            })
        };
        Some(lists.iter().map(hit).collect())
    }

    /// Adds the lists that have something of an event to those that were found before.
    pub(crate) fn gather(&self, rows: &[&Attribute], all: &mut BTreeMap<i64, String>) {
        for row in rows.iter().filter(|row| self.said(row).is_some()) {
            for hit in self.lists.get(&row.id).into_iter().flatten() {
                all.insert(hit.list.number, hit.list.name.clone());
            }
        }
    }
}
