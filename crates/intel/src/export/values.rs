//! The values that indicators look for, one a line.

use std::collections::HashSet;

use indicators::{Format, Item, Options, Problem, Sink, SinkError};
use kernel::Timestamp;

use super::{About, EXERCISE};
use crate::{convert::Losses, model::Listed};

/// A value with the id of its indicator.
pub(super) struct Found {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) value: String,
}

#[derive(Default)]
struct Values {
    found: Vec<Found>,
    patterns: i64,
    carried: i64,
}

impl Sink for Values {
    fn item(&mut self, item: Item<'_>) -> Result<(), SinkError> {
        match item {
            Item::Indicator(indicator) => self.found.push(Found {
                id: indicator.id.to_string(),
                kind: indicator.value.kind().name(),
                value: indicator.value.to_string(),
            }),
            Item::Pattern(_) => self.patterns += 1,
            Item::Carried { .. } => self.carried += 1,
            Item::Exclusions(_) => {}
        }
        Ok(())
    }

    fn problem(&mut self, _problem: &Problem) {}

    fn warning(&mut self, _warning: &Problem) {}
}

/// The values of the indicators of a page.
pub(super) fn values(
    objects: &[Listed],
    now: Timestamp,
    include_expired: bool,
    losses: &mut Losses,
) -> Vec<Found> {
    let mut taken = Values::default();
    let bodies: Vec<&str> = objects.iter().map(|object| &*object.body).collect();
    let page = format!("[{}]", bodies.join(","));
    let options = Options {
        format: Some(Format::Stix),
        include_expired,
        ..Options::new(now)
    };
    match indicators::read("collection", page.as_bytes(), &options, &mut taken) {
        Ok(report) => {
            let left = &report.left;
            for (name, count) in [
                ("expired", left.expired),
                ("revoked", left.revoked),
                ("broad", left.broad),
                ("unreadable", left.unreadable),
                ("not_for_matching", left.not_for_matching),
            ] {
                losses.add("indicator", name, i64::try_from(count).unwrap_or(i64::MAX));
            }
            losses.add("indicator", "complex_pattern", taken.patterns);
            losses.add("indicator", "rule", taken.carried);
        }
        // Each object was read when it came.
        Err(error) => losses.add("indicator", &error.to_string(), 1),
    }
    taken.found
}

#[derive(Debug)]
pub(crate) struct Lines {
    about: About,
    /// Digests of what stands in the file.
    known: HashSet<u64>,
    hasher: std::hash::RandomState,
}

impl Lines {
    pub(super) fn new(about: About) -> Self {
        Self {
            about,
            known: HashSet::new(),
            hasher: std::hash::RandomState::new(),
        }
    }

    pub(super) fn head(&mut self) -> String {
        if self.about.mode.is_exercise() {
            format!("# {EXERCISE}\n")
        } else {
            String::new()
        }
    }

    pub(super) fn page(&mut self, objects: &[Listed], losses: &mut Losses) -> String {
        let mut page = String::new();
        for object in objects {
            let kind = object.stix_id.split("--").next().unwrap_or_default();
            if kind != "indicator" {
                losses.add(kind, "no_value", 1);
            }
        }
        for found in values(objects, self.about.at, false, losses) {
            let digest = std::hash::BuildHasher::hash_one(&self.hasher, &found.value);
            if self.known.insert(digest) {
                page.push_str(&found.value);
                page.push('\n');
            }
        }
        page
    }
}
