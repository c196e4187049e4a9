//! Taxonomies: families of tags, each family a file `machinetag.json`.

use std::{collections::BTreeMap, io::Read};

use serde::{Deserialize, Deserializer, de::Error};

use crate::{Limits, MispError, fields::Scalar, texts::Texts, whole};

/// A family of tags.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Taxonomy {
    /// What its tags begin with, such as `tlp`.
    pub namespace: String,
    /// What it is about.
    pub description: String,
    /// Its version.
    pub version: Option<u64>,
    /// Its name in words.
    pub expanded: Option<String>,
    /// Whether only one of its tags may be given.
    pub exclusive: bool,
    /// Where it is explained.
    pub refs: Vec<String>,
    /// What its tags are for, such as `event`.
    pub kinds: Vec<String>,
    /// Its predicates.
    pub predicates: Vec<Predicate>,
}

/// The second part of a tag, and the last where it has no values.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Predicate {
    /// It, and what is said of it.
    pub term: Term,
    /// Whether only one of its values may be given.
    pub exclusive: bool,
    /// Its values.
    pub values: Vec<Term>,
}

/// A word of a taxonomy.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Term {
    /// The word.
    pub value: String,
    /// It in more words.
    pub expanded: Option<String>,
    /// What it means.
    pub description: Option<String>,
    /// Its colour, such as `#0088cc`.
    pub colour: Option<String>,
    /// What it counts, from 0 to 100.
    pub numerical_value: Option<i64>,
    /// Its id, the same everywhere.
    pub uuid: Option<String>,
}

/// A tag of a taxonomy, and what is said of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TagOf<'t> {
    /// Its name: `tlp:red`, `rsit:fraud="phishing"`.
    pub name: String,
    /// It in words: those of the predicate, and of the value behind a colon.
    pub expanded: String,
    /// The predicate that it is of.
    pub predicate: &'t Predicate,
    /// Its last word.
    pub term: &'t Term,
}

impl Taxonomy {
    /// The names of its tags, with what is said of each: `tlp:red`, `rsit:fraud="phishing"`.
    pub fn tags(&self) -> impl Iterator<Item = (String, &Term)> {
        self.entries().map(|tag| (tag.name, tag.term))
    }

    /// Its tags.
    pub fn entries(&self) -> impl Iterator<Item = TagOf<'_>> {
        self.predicates.iter().flat_map(|predicate| {
            let name = format!("{}:{}", self.namespace, predicate.term.value);
            let words = predicate.term.words();
            let alone = predicate.values.is_empty().then(|| TagOf {
                name: name.clone(),
                expanded: words.to_owned(),
                predicate,
                term: &predicate.term,
            });
            let valued = predicate.values.iter().map(move |term| TagOf {
                name: format!("{name}=\"{}\"", term.value),
                expanded: format!("{words}: {}", term.words()),
                predicate,
                term,
            });
            alone.into_iter().chain(valued)
        })
    }
}

impl Term {
    /// It in words, or itself where there are none.
    fn words(&self) -> &str {
        self.expanded.as_deref().unwrap_or(&self.value)
    }
}

/// Reads one taxonomy. It is held whole: `part_bytes_max` is for all of it, `parts_max` for its
/// predicates and values together.
pub fn read_taxonomy(source: impl Read, limits: &Limits) -> Result<Taxonomy, MispError> {
    whole::read(source, limits, |walk, json| {
        let file = File::deserialize(json)?;
        let values = file.values.iter().map(|of| of.entry.len()).sum::<usize>();
        let parts = file.predicates.len().saturating_add(values);
        if u64::try_from(parts).is_ok_and(|parts| parts > walk.limits.parts_max) {
            walk.too_many = true;
            return Err(serde_json::Error::custom("too many"));
        }
        Ok(file.into())
    })
}

#[derive(Deserialize)]
struct File {
    namespace: String,
    #[serde(default)]
    description: Scalar,
    #[serde(default)]
    version: Scalar,
    #[serde(default)]
    expanded: Scalar,
    #[serde(default)]
    exclusive: Scalar,
    #[serde(default)]
    refs: Texts,
    #[serde(default, rename = "type")]
    kinds: Texts,
    predicates: Vec<Word>,
    #[serde(default, deserialize_with = "list")]
    values: Vec<Values>,
}

#[derive(Deserialize)]
struct Values {
    predicate: String,
    #[serde(default, deserialize_with = "list")]
    entry: Vec<Word>,
}

#[derive(Deserialize)]
struct Word {
    value: Scalar,
    #[serde(default)]
    expanded: Scalar,
    #[serde(default)]
    description: Scalar,
    #[serde(default)]
    colour: Scalar,
    #[serde(default)]
    numerical_value: Scalar,
    #[serde(default)]
    exclusive: Scalar,
    #[serde(default)]
    uuid: Scalar,
}

/// A list, or null.
fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(json: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(json)?.unwrap_or_default())
}

impl From<File> for Taxonomy {
    fn from(file: File) -> Self {
        let mut predicates: Vec<Predicate> = file
            .predicates
            .into_iter()
            .map(|word| Predicate {
                exclusive: word.exclusive.truth() == Some(true),
                term: word.into(),
                values: Vec::new(),
            })
            .collect();
        let mut places = BTreeMap::new();
        for (place, predicate) in predicates.iter().enumerate() {
            let first = predicate.term.value.clone();
            places.entry(first).or_insert(place);
        }
        for of in file.values {
            let place = places.get(&of.predicate).copied();
            // Values of a predicate that is not declared are tags of nothing.
            if let Some(predicate) = place.and_then(|place| predicates.get_mut(place)) {
                let terms = of.entry.into_iter().map(Term::from);
                predicate.values.extend(terms);
            }
        }
        Self {
            namespace: file.namespace,
            description: file.description.text(),
            version: file.version.number(),
            expanded: file.expanded.some(),
            exclusive: file.exclusive.truth() == Some(true),
            refs: file.refs.0,
            kinds: file.kinds.0,
            predicates,
        }
    }
}

impl From<Word> for Term {
    fn from(word: Word) -> Self {
        Self {
            numerical_value: word.numerical_value.number(),
            value: word.value.text(),
            expanded: word.expanded.some(),
            description: word.description.some(),
            colour: word.colour.some(),
            uuid: word.uuid.some(),
        }
    }
}
