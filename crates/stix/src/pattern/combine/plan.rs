//! An observation expression, simplified without changing which bindings it has.

use crate::{
    Timestamp,
    pattern::{Observation, Qualifier},
};

/// Nanoseconds since 1970, or between two moments.
pub(super) type Nanos = i128;

pub(super) fn nanos(moment: Timestamp) -> Nanos {
    Nanos::from(moment.seconds()) * 1_000_000_000 + Nanos::from(moment.nanos())
}

#[derive(Debug)]
pub(super) struct Plan {
    pub(super) root: Node,
    /// What the units of the tree draw from; [`Node::Unit`] has the place in here.
    pub(super) sources: Vec<Vec<Source>>,
}

/// One `[ … ]` and the stretch of time that `START … STOP` leaves it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Source {
    /// Its place in the text.
    pub(super) leaf: usize,
    /// An observation must end at or after this.
    pub(super) start: Nanos,
    /// And begin before this.
    pub(super) stop: Nanos,
}

#[derive(Debug)]
pub(super) enum Node {
    /// So many observations, each of any of the sources.
    Unit { source: usize, demand: u64 },
    /// Every part; if ordered, none begins after one of the next ended, nor does any before it.
    All { parts: Vec<Node>, ordered: bool },
    /// One of the parts.
    Any(Vec<Node>),
    /// Again and again, where that cannot be said by the demand of units.
    Times(u64, Box<Node>),
    /// All that begin do so at most so long after the first that ends.
    Within(Nanos, Box<Node>),
}

impl Plan {
    pub(super) fn new(expression: &Observation) -> Self {
        let mut builder = Builder {
            leaves: 0,
            sources: Vec::new(),
        };
        let root = builder.node(expression, Nanos::MIN, Nanos::MAX);
        Self {
            root,
            sources: builder.sources,
        }
    }
}

struct Builder {
    leaves: usize,
    sources: Vec<Vec<Source>>,
}

impl Builder {
    /// Recursion is as deep as the tree. `START … STOP` holds for each observation alone, so it is
    /// handed down: of several the observation must meet each, which is to end after the last start
    /// and to begin before the first stop.
    fn node(&mut self, expression: &Observation, start: Nanos, stop: Nanos) -> Node {
        match expression {
            Observation::Test(_) => {
                let source = Source {
                    leaf: self.leaves,
                    start,
                    stop,
                };
                self.leaves = self.leaves.saturating_add(1);
                self.sources.push(vec![source]);
                Node::Unit {
                    source: self.sources.len().saturating_sub(1),
                    demand: 1,
                }
            }
            Observation::And(operands) => {
                let mut parts = Vec::with_capacity(operands.len());
                for operand in operands {
                    match self.node(operand, start, stop) {
                        Node::All {
                            parts: inner,
                            ordered: false,
                        } => parts.extend(inner),
                        part => parts.push(part),
                    }
                }
                all(parts, false)
            }
            Observation::FollowedBy(operands) => {
                let part = |operand| self.node(operand, start, stop);
                all(operands.iter().map(part).collect(), true)
            }
            Observation::Or(operands) => {
                let part = |operand| self.node(operand, start, stop);
                let parts = operands.iter().map(part).collect();
                self.any(parts)
            }
            Observation::Qualified(
                inner,
                Qualifier::StartStop {
                    start: from,
                    stop: to,
                },
            ) => {
                let (from, to) = (nanos(*from), nanos(*to));
                // A stretch that ends before it begins holds nothing.
                let to = if from < to { to } else { Nanos::MIN };
                self.node(inner, start.max(from), stop.min(to))
            }
            Observation::Qualified(inner, Qualifier::Within(within)) => {
                // The last is earlier than the first plus the duration (§9.5.1), and moments are whole
                // nanoseconds.
                let within = Nanos::try_from(within.as_nanos()).unwrap_or(Nanos::MAX);
                let within = within.saturating_sub(1);
                match self.node(inner, start, stop) {
                    // One observation alone is never too long.
                    Node::Unit {
                        source,
                        demand: demand @ (0 | 1),
                    } => Node::Unit { source, demand },
                    Node::Within(shorter, inner) => Node::Within(shorter.min(within), inner),
                    node => Node::Within(within, Box::new(node)),
                }
            }
            Observation::Qualified(inner, Qualifier::Repeats(times)) => {
                repeat(self.node(inner, start, stop), *times)
            }
        }
    }

    /// Alternatives of one observation each are one, drawn from all of their sources.
    fn any(&mut self, parts: Vec<Node>) -> Node {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Node::Any(inner) => flat.extend(inner),
                part => flat.push(part),
            }
        }
        let mut merged: Option<usize> = None;
        let mut rest = Vec::with_capacity(flat.len());
        for part in flat {
            match (part, merged) {
                (Node::Unit { source, demand: 1 }, None) => merged = Some(source),
                (Node::Unit { source, demand: 1 }, Some(merged)) => {
                    let more = self
                        .sources
                        .get_mut(source)
                        .map(std::mem::take)
                        .unwrap_or_default();
                    if let Some(sources) = self.sources.get_mut(merged) {
                        sources.extend(more);
                    }
                }
                (part, _) => rest.push(part),
            }
        }
        if let Some(source) = merged {
            rest.insert(0, Node::Unit { source, demand: 1 });
        }
        single(rest, Node::Any)
    }
}

fn all(parts: Vec<Node>, ordered: bool) -> Node {
    single(parts, |parts| Node::All { parts, ordered })
}

/// A list of one is that one.
fn single(mut parts: Vec<Node>, list: impl FnOnce(Vec<Node>) -> Node) -> Node {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (popped, _) => {
            parts.extend(popped);
            list(parts)
        }
    }
}

/// So many bindings of the node that have no observation in common. Without time and alternatives
/// that is so many of each unit.
fn repeat(node: Node, times: u64) -> Node {
    match node {
        Node::Unit { source, demand } => Node::Unit {
            source,
            demand: demand.saturating_mul(times),
        },
        Node::All {
            parts,
            ordered: false,
        } => {
            let parts = parts.into_iter().map(|part| repeat(part, times)).collect();
            Node::All {
                parts,
                ordered: false,
            }
        }
        Node::Times(inner, node) => Node::Times(inner.saturating_mul(times), node),
        node if times == 1 => node,
        node => Node::Times(times, Box::new(node)),
    }
}
