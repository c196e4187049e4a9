//! MISP taxonomies: a file `machinetag.json`. RSIT publishes itself in it.

use formats_misp::{Limits, Taxonomy, read_taxonomy};
use kernel::chain;

use super::{Raw, RawEntry, TaxonomyFault};

pub(super) fn read(text: &str) -> Result<Raw, TaxonomyFault> {
    let source = read_taxonomy(text.as_bytes(), &Limits::default());
    let source: Taxonomy =
        source.map_err(|error| TaxonomyFault::unreadable("MISP taxonomy", chain(&error)))?;
    let mut entries = Vec::new();
    for (number, predicate) in source.predicates.into_iter().enumerate() {
        let above = predicate.term.value.clone();
        entries.push(RawEntry {
            at: format!("predicates[{number}]"),
            code: above.clone(),
            parent: None,
            name: predicate.term.expanded.or_else(|| Some(above.clone())),
            about: predicate.term.description,
        });
        for (place, value) in predicate.values.into_iter().enumerate() {
            entries.push(RawEntry {
                at: format!("values of {above}[{place}]"),
                code: format!("{above}/{}", value.value),
                parent: Some(above.clone()),
                name: value.expanded.or(Some(value.value)),
                about: value.description,
            });
        }
    }
    Ok(Raw {
        name: Some(source.namespace),
        version: source.version.map(|version| version.to_string()),
        title: source.expanded.or(Some(source.description)),
        source: source.refs.into_iter().next(),
        entries,
        ..Raw::default()
    })
}
