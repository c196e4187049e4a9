//! Which events are meant: what people choose for a remote.

use formats_misp::ManifestEntry;
use intel::model::{Invalid, RemoteSettings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The most words of a rule.
const WORDS_MAX: usize = 100;
/// The longest word in bytes.
const WORD_BYTES_MAX: usize = 255;

/// A selection of events. A word with `!` before it means all others.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Rules {
    /// Tags, of which an event has one.
    pub(super) tags: Vec<String>,
    /// Names of who made events.
    pub(super) orgs: Vec<String>,
    /// Whether events that may not be there any more are deleted there.
    pub(super) withdraw: Option<bool>,
}

impl Rules {
    /// The rules of a remote.
    pub(super) fn of(settings: &RemoteSettings) -> Result<Self, Invalid> {
        let invalid = || Invalid {
            field: "selection",
            rule: "tags and orgs as lists of up to 100 texts, `!` before what is not meant; \
                   withdraw as true or false",
        };
        let rules: Self = serde_json::from_value(Value::Object(settings.selection.clone()))
            .map_err(|_other| invalid())?;
        let fits = |words: &[String]| {
            let word = |word: &String| !word.is_empty() && word.len() <= WORD_BYTES_MAX;
            words.len() <= WORDS_MAX && words.iter().all(word)
        };
        if fits(&rules.tags) && fits(&rules.orgs) {
            Ok(rules)
        } else {
            Err(invalid())
        }
    }

    /// They as filters of an index.
    pub(super) fn of_index(&self, published: bool) -> Map<String, Value> {
        let mut filters = Map::new();
        if published {
            filters.insert("published".to_owned(), json!(1));
        }
        for (name, words) in [("tag", &self.tags), ("org", &self.orgs)] {
            if !words.is_empty() {
                filters.insert(name.to_owned(), json!(words));
            }
        }
        filters
    }

    /// Whether an event of a feed is meant.
    pub(super) fn admit(&self, entry: &ManifestEntry) -> bool {
        let organisation = std::slice::from_ref(&entry.organisation);
        admit(&self.tags, &entry.tags) && admit(&self.orgs, organisation)
    }
}

fn admit(words: &[String], names: &[String]) -> bool {
    let has = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    let (not, any): (Vec<&str>, Vec<&str>) = words
        .iter()
        .map(String::as_str)
        .partition(|word| word.starts_with('!'));
    let is_excluded = not
        .iter()
        .filter_map(|word| word.strip_prefix('!'))
        .any(has);
    !is_excluded && (any.is_empty() || any.into_iter().any(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(tags: &[&str], orgs: &[&str]) -> Rules {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Rules {
            tags: texts(tags),
            orgs: texts(orgs),
            withdraw: None,
        }
    }

    #[test]
    fn words_choose_and_exclude() {
        let entry = ManifestEntry {
            organisation: "An Org".into(),
            tags: vec!["tlp:green".into(), "type:osint".into()],
            ..ManifestEntry::default()
        };
        for (tags, orgs, admits) in [
            (&[][..], &[][..], true),
            (&["TLP:green"], &[], true),
            (&["tlp:red"], &[], false),
            (&["tlp:red", "type:osint"], &["an org"], true),
            (&["!type:osint"], &[], false),
            (&["tlp:green", "!tlp:red"], &["!Other"], true),
            (&[], &["Other"], false),
        ] {
            assert_eq!(rules(tags, orgs).admit(&entry), admits, "{tags:?} {orgs:?}");
        }
    }

    #[test]
    fn rules_become_filters_of_an_index() {
        let filters = rules(&["a", "!b"], &[]).of_index(true);
        assert_eq!(
            Value::Object(filters),
            json!({"published": 1, "tag": ["a", "!b"]})
        );
    }
}
