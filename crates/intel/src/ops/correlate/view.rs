//! What a viewer sees of values.

use std::collections::{BTreeSet, HashMap, HashSet};

use db::Tx;
use kernel::{Timestamp, Viewer};
use matcher::{Breadth, Kind, Value, detect};

use super::{super::look::collections_in, Answer, COUNT_MAX, HITS_MAX, Hit, Known};
use crate::{
    Error,
    facts::RULES,
    model::{Class, Key, Relation, Shown, host_of},
    store::{
        common,
        value::{self, Found, Sees},
    },
};

/// A value that is looked for.
pub(super) struct Asked {
    pub(super) text: String,
    pub(super) read: Vec<(Kind, String)>,
    pub(super) keys: Vec<(Key, Relation)>,
}

impl Asked {
    /// A name can also be that of a file; free text can be of several kinds.
    pub(super) fn of(text: &str, kind: Option<Kind>) -> Self {
        const FREE: [Kind; 3] = [Kind::FileName, Kind::UserAgent, Kind::Mutex];
        let parse = |kind| Value::parse(kind, text, Breadth::Narrow).ok();
        let values: Vec<Value> = if let Some(kind) = kind {
            parse(kind).into_iter().collect()
        } else {
            let shaped = detect(text, Breadth::Narrow).and_then(Result::ok);
            let free = shaped
                .as_ref()
                .is_none_or(|value| value.kind() == Kind::Domain);
            let free = FREE.into_iter().filter(|_| free).filter_map(parse);
            shaped.into_iter().chain(free).collect()
        };
        let mut keys = Vec::new();
        for value in &values {
            keys.push((Key::of(value), Relation::Equal));
            keys.extend(host_of(value).map(|host| (Key::of(&host), Relation::Host)));
        }
        let read = values.iter().map(|value| (value.kind(), value.to_string()));
        Self {
            text: text.to_owned(),
            read: read.collect(),
            keys,
        }
    }

    /// All keys that lead to it, with those of what lies around it.
    fn wide(&self, prefixes: &[(u8, u8)]) -> Vec<(Key, Relation)> {
        let around = self.keys.iter().flat_map(|(key, _)| key.around(prefixes));
        let around = around.map(|key| (key, Relation::Around));
        self.keys.iter().cloned().chain(around).collect()
    }
}

/// What a viewer sees.
pub(crate) struct View {
    collections: HashMap<i64, Shown>,
    pub(crate) sees: Sees,
}

impl View {
    pub(crate) async fn open(tx: &mut Tx, viewer: &Viewer) -> Result<Self, Error> {
        let all = collections_in(tx, viewer, None).await?;
        let sees = all.iter().map(|shown| (shown.collection.slot, shown.mask));
        Ok(Self {
            sees: Sees::new(sees),
            collections: all
                .into_iter()
                .map(|shown| (shown.collection.slot, shown))
                .collect(),
        })
    }

    /// What is known of values.
    pub(super) async fn answer(
        &self,
        tx: &mut Tx,
        asked: &[Asked],
        within: bool,
    ) -> Result<Answer, Error> {
        let (rules, upto) = value::state(tx).await?;
        let prefixes = value::prefixes(tx).await?;
        let wide: Vec<_> = asked.iter().map(|asked| asked.wide(&prefixes)).collect();
        let keys: BTreeSet<_> = wide.iter().flatten().map(|(key, _)| key).collect();
        let keys: Vec<_> = keys.into_iter().collect();
        let found = self.of_keys(tx, &keys).await?;
        let mut values = Vec::new();
        for (asked, wide) in asked.iter().zip(&wide) {
            values.push(self.known(tx, (asked, wide), &found, within).await?);
        }
        Ok(Answer {
            values,
            complete: rules == RULES && upto.is_none(),
        })
    }

    async fn known(
        &self,
        tx: &mut Tx,
        (asked, wide): (&Asked, &[(Key, Relation)]),
        found: &HashMap<Key, (i64, Vec<Found>)>,
        within: bool,
    ) -> Result<Known, Error> {
        let most = i64::try_from(HITS_MAX).unwrap_or(i64::MAX);
        let (mut hits, mut entries, mut more) = (Vec::new(), 0, false);
        for (key, relation) in wide {
            let Some((count, of_key)) = found.get(key) else {
                continue;
            };
            if *relation == Relation::Equal {
                entries += count;
            } else if *count > most {
                more = true;
                continue;
            }
            hits.extend(of_key.iter().filter_map(|found| self.hit(found, *relation)));
        }
        if within {
            for found in self.within(tx, asked).await? {
                hits.extend(self.hit(&found, Relation::Within));
            }
        }
        hits.sort_by_key(|hit| (hit.relation, -hit.added.as_micros()));
        let mut seen = HashSet::new();
        hits.retain(|hit| seen.insert((hit.collection, hit.stix_id.clone())));
        let common = entries > most;
        more |= !common && hits.len() > HITS_MAX;
        hits.truncate(HITS_MAX);
        Ok(Known {
            asked: asked.text.clone(),
            read: asked.read.clone(),
            hits,
            entries,
            common,
            more,
            listed: Vec::new(),
        })
    }

    /// The visible entries of each key, and how many there are. Keys that are common are asked for
    /// one by one, so that no more is read than is shown.
    async fn of_keys(
        &self,
        tx: &mut Tx,
        keys: &[&Key],
    ) -> Result<HashMap<Key, (i64, Vec<Found>)>, Error> {
        let mut all: HashMap<Key, (i64, Vec<Found>)> = HashMap::new();
        if keys.is_empty() || self.sees.is_empty() {
            return Ok(all);
        }
        let often: HashSet<_> = common::of(tx, keys).await?.into_iter().collect();
        let rare: Vec<_> = keys
            .iter()
            .copied()
            .filter(|key| !often.contains(key))
            .collect();
        for found in value::entries(tx, &rare).await? {
            if self.sees.newest(found.slot, found.class) {
                let key = Key::from_bytes(found.key.clone());
                let (count, of_key) = all.entry(key).or_default();
                *count += 1;
                of_key.push(found);
            }
        }
        let most = i64::try_from(HITS_MAX).unwrap_or(i64::MAX);
        let often: Vec<Key> = often.into_iter().collect();
        for (key, count) in common::counts(tx, &often, &self.sees, COUNT_MAX).await? {
            all.insert(Key::from_bytes(key), (count, Vec::new()));
        }
        for found in common::first_of(tx, &often, &self.sees, most).await? {
            let key = Key::from_bytes(found.key.clone());
            let (_, of_key) = all.entry(key).or_default();
            of_key.push(found);
        }
        Ok(all)
    }

    /// What lies in networks and below names, and one more than is shown.
    async fn within(&self, tx: &mut Tx, asked: &Asked) -> Result<Vec<Found>, Error> {
        let most = i64::try_from(HITS_MAX).unwrap_or(i64::MAX) + 1;
        let mut all = Vec::new();
        for (key, relation) in &asked.keys {
            if let (Relation::Equal, Some((first, last))) = (relation, key.within())
                && !self.sees.is_empty()
            {
                all.extend(value::range(tx, (&first, &last), &self.sees, most).await?);
            }
        }
        Ok(all)
    }

    fn hit(&self, found: &Found, relation: Relation) -> Option<Hit> {
        let shown = self.collections.get(&found.slot)?;
        let other = relation != Relation::Equal;
        Some(Hit {
            root: shown.collection.root.clone(),
            collection: shown.collection.public,
            stix_id: found.stix_id.clone(),
            kind: found.kind.clone(),
            tlp: Class::from_code(found.class).tlp,
            added: Timestamp::from_micros(found.added),
            relation,
            value: other
                .then(|| Key::from_bytes(found.key.clone()).text())
                .flatten(),
        })
    }
}
