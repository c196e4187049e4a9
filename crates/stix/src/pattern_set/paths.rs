//! All object paths of a set as one tree, which an object is walked along once.

use std::collections::{HashMap, HashSet};

use super::number::{narrow, widen};
use crate::{
    json::Value,
    pattern::{MatchError, Observed, Sco, Step},
};

/// Values of one object that may be visited at most, those that it refers to included.
const VISITS_MAX: u64 = 10_000_000;

/// A path of the set, from 0 in the order of being added.
pub(super) type PathId = u32;

/// A path that ends at no node.
const NONE: u32 = u32::MAX;

/// Paths with equal beginnings share them.
#[derive(Debug, Default)]
pub(super) struct Paths {
    types: HashMap<Box<str>, u32>,
    nodes: Vec<Node>,
    count: u32,
    /// What follows each node, while paths are added.
    edges: HashMap<(u32, Step), u32>,
}

#[derive(Debug)]
struct Node {
    /// What the value here refers to (STIX 2.1 §9.7.4).
    reference: Reference,
    /// The path that ends here.
    path: PathId,
    /// Sorted by length, then by name.
    keys: Vec<(Box<str>, u32)>,
    /// Sorted.
    indexes: Vec<(u64, u32)>,
    any: u32,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reference {
    None,
    One,
    List,
}

impl Paths {
    /// The number of the path, a new one if it is new. Without steps it is the object itself.
    pub(super) fn intern(&mut self, object_type: &str, steps: &[Step]) -> PathId {
        let known = self.types.get(object_type).copied();
        let mut at = known.unwrap_or_else(|| {
            let at = self.push(Reference::None);
            self.types.insert(object_type.into(), at);
            at
        });
        for step in steps {
            at = match self.edges.get(&(at, step.clone())) {
                Some(next) => *next,
                None => self.extend(at, step),
            };
        }
        let count = self.count;
        let Some(node) = self.nodes.get_mut(widen(at)) else {
            return NONE;
        };
        if node.path == NONE {
            node.path = count;
            self.count = count.saturating_add(1);
        }
        node.path
    }

    pub(super) fn len(&self) -> usize {
        widen(self.count)
    }

    /// Makes everything that was added so far be found.
    pub(super) fn index(&mut self) {
        self.edges = HashMap::new();
        self.nodes.shrink_to_fit();
        for node in &mut self.nodes {
            node.keys.sort_unstable_by(|(a, _), (b, _)| by_length(a, b));
            node.keys.shrink_to_fit();
            node.indexes.sort_unstable();
            node.indexes.shrink_to_fit();
        }
    }

    /// Calls `visit` with each value of the object that a path leads to.
    ///
    /// # Errors
    /// [`MatchError::SearchLimit`] when there are too many.
    pub(super) fn walk<'d>(
        &self,
        observed: &Observed<'d>,
        sco: &Sco<'d>,
        visit: &mut impl FnMut(PathId, Value<'d>),
    ) -> Result<(), MatchError> {
        let Some(root) = self.types.get(sco.object_type) else {
            return Ok(());
        };
        Walk {
            paths: self,
            observed,
            visits: 0,
            followed: HashSet::new(),
            visit,
        }
        .on(*root, sco.value)
    }

    fn extend(&mut self, from: u32, step: &Step) -> u32 {
        let before = self
            .nodes
            .get(widen(from))
            .map_or(Reference::None, |node| node.reference);
        let reference = match (step, before) {
            (Step::Key(key), _) if key.ends_with("_ref") => Reference::One,
            (Step::Key(key), _) if key.ends_with("_refs") => Reference::List,
            (Step::Index(_) | Step::Any, Reference::List) => Reference::One,
            _ => Reference::None,
        };
        let next = self.push(reference);
        self.edges.insert((from, step.clone()), next);
        if let Some(node) = self.nodes.get_mut(widen(from)) {
            match step {
                Step::Key(key) => node.keys.push((key.as_str().into(), next)),
                Step::Index(index) => node.indexes.push((*index, next)),
                Step::Any => node.any = next,
            }
        }
        next
    }

    fn push(&mut self, reference: Reference) -> u32 {
        let (keys, indexes) = (Vec::new(), Vec::new());
        self.nodes.push(Node {
            reference,
            path: NONE,
            keys,
            indexes,
            any: NONE,
        });
        narrow(self.nodes.len() - 1)
    }
}

struct Walk<'w, 'd, V> {
    paths: &'w Paths,
    observed: &'w Observed<'d>,
    visits: u64,
    /// The objects that references led to, each with the node that it was reached at: references can
    /// form circles, and what an object holds is the same each time.
    followed: HashSet<(u32, usize)>,
    visit: &'w mut V,
}

impl<'d, V: FnMut(PathId, Value<'d>)> Walk<'_, 'd, V> {
    /// Recursion is as deep as the longest path.
    fn on(&mut self, at: u32, value: Value<'d>) -> Result<(), MatchError> {
        self.visits += 1;
        if self.visits > VISITS_MAX {
            return Err(MatchError::SearchLimit {
                steps_max: VISITS_MAX,
            });
        }
        let Some(node) = self.paths.nodes.get(widen(at)) else {
            return Ok(());
        };
        if node.path != NONE {
            (self.visit)(node.path, value);
        }
        if !node.keys.is_empty() {
            // Where the value refers to an object, a key is looked up there (§9.7.4).
            let holder = match (node.reference, value.as_str()) {
                (Reference::One, Some(id)) => self.observed.referenced(id).filter(|object| {
                    let address = object.raw().as_ptr().addr();
                    self.followed.insert((at, address))
                }),
                _ => Some(value),
            };
            for (name, member) in holder.into_iter().flat_map(Value::members) {
                if let Some(next) = child(&node.keys, name) {
                    self.on(next, member)?;
                }
            }
        }
        if node.any == NONE && node.indexes.is_empty() {
            return Ok(());
        }
        let mut indexes = node.indexes.iter().peekable();
        for (place, item) in (0_u64..).zip(value.items()) {
            if let Some((_, next)) = indexes.next_if(|(index, _)| *index == place) {
                self.on(*next, item)?;
            }
            if node.any != NONE {
                self.on(node.any, item)?;
            } else if indexes.peek().is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// The node behind a name.
#[inline]
fn child(keys: &[(Box<str>, u32)], name: &str) -> Option<u32> {
    /// What is looked at one by one.
    const FEW: usize = 6;
    if keys.len() <= FEW {
        return keys
            .iter()
            .find(|(key, _)| **key == *name)
            .map(|(_, next)| *next);
    }
    let at = keys
        .binary_search_by(|(key, _)| by_length(key, name))
        .ok()?;
    keys.get(at).map(|(_, next)| *next)
}

fn by_length(a: &str, b: &str) -> std::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
