//! What an import did, or would do.

use std::collections::BTreeMap;

use kernel::IncidentRef;

use crate::{
    formats::model::{Fate, REMARKS_MAX, Remark, Why},
    model::Facts,
};

/// What was done to a document of which there is something to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Where it stands.
    pub place: String,
    /// What it is known by in its source.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// Its entry.
    pub incident: Option<IncidentRef>,
    /// What there is to say.
    pub remarks: Vec<Remark>,
}

/// What an import did, to the last document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many documents came to what.
    pub counts: BTreeMap<Fate, u64>,
    /// The documents of which there is something to say, the first of them.
    pub told: Vec<Told>,
    /// How many more there are.
    pub told_more: u64,
    /// Whether a part of the file cannot be read, or was left out.
    pub is_cut: bool,
}

impl Report {
    /// How many documents came to this.
    pub fn of(&self, fate: Fate) -> u64 {
        self.counts.get(&fate).copied().unwrap_or(0)
    }

    /// Counts a document, and keeps what there is to say of it.
    pub(super) fn add(&mut self, told: Told) {
        *self.counts.entry(told.fate).or_default() += 1;
        self.is_cut |= told.remarks.iter().any(|remark| remark.why == Why::CutOff);
        if told.remarks.is_empty() && told.fate != Fate::KeptOurs {
            return;
        }
        if self.told.len() < REMARKS_MAX {
            self.told.push(told);
        } else {
            self.told_more += 1;
        }
    }
}

/// What would become of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Foreseen {
    /// What there is to say.
    pub told: Told,
    /// The entry as it would be.
    pub facts: Option<Facts>,
}
