//! A ledger as a chain of hashes: its proofs are long and real.

use std::rc::Rc;

use federation::{
    model::Digest,
    protocol::{Head, LeafAct},
    state::Grade,
};
use kernel::MessageId;

/// A leaf.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) act: LeafAct,
    pub(crate) id: MessageId,
    pub(crate) digest: Digest,
}

impl Leaf {
    fn hash(self) -> Digest {
        Digest::of(format!("{self:?}").as_bytes())
    }
}

/// A node's ledger.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    /// Counts up with each restore: the tree cannot be continued then.
    epoch: u64,
    leaves: Vec<Leaf>,
    /// The root over the first so many leaves.
    roots: Rc<Vec<Digest>>,
}

/// A signed head, with what proves that it continues any earlier one.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    pub(crate) epoch: u64,
    pub(crate) head: Head,
    roots: Rc<Vec<Digest>>,
}

/// The proof that a message is in the receiver's ledger.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    /// Whose key signed it.
    pub(crate) signed_by: usize,
    pub(crate) leaf: Leaf,
    pub(crate) grade: Grade,
    before: Digest,
    after: Vec<Digest>,
    head: Head,
}

fn chain(root: Digest, leaf: Digest) -> Digest {
    Digest::of(&[&root.as_bytes()[..], &leaf.as_bytes()[..]].concat())
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Self {
            epoch: 0,
            leaves: Vec::new(),
            roots: Rc::new(vec![Digest::of(b"empty")]),
        }
    }

    pub(crate) fn append(&mut self, leaf: Leaf) {
        let root = chain(self.root(), leaf.hash());
        self.leaves.push(leaf);
        Rc::make_mut(&mut self.roots).push(root);
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            epoch: self.epoch,
            head: self.head(),
            roots: Rc::clone(&self.roots),
        }
    }

    /// A checkpoint over a ledger that never was: the last leaf is another one.
    pub(crate) fn forged(&self) -> Checkpoint {
        let mut roots = (*self.roots).clone();
        let root = Digest::of(b"forged");
        match roots.last_mut() {
            Some(last) if roots_len(&self.roots) > 1 => *last = root,
            Some(_) | None => roots.push(root),
        }
        Checkpoint {
            epoch: self.epoch,
            head: Head {
                size: roots_len(&roots) - 1,
                root,
            },
            roots: Rc::new(roots),
        }
    }

    /// A new tree that goes on from an old state.
    pub(crate) fn new_epoch(&mut self, after: u64) {
        self.epoch = after + 1;
        let root = Digest::of(format!("epoch {}", self.epoch).as_bytes());
        self.roots = Rc::new(vec![root]);
        for leaf in std::mem::take(&mut self.leaves) {
            self.append(leaf);
        }
    }

    pub(crate) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The receipt for a message that was received.
    pub(crate) fn receipt(&self, me: usize, id: MessageId, grade: Grade) -> Option<Receipt> {
        let is = |leaf: &Leaf| leaf.act == LeafAct::Received && leaf.id == id;
        let at = self.leaves.iter().rposition(is)?;
        Some(Receipt {
            signed_by: me,
            leaf: *self.leaves.get(at)?,
            grade,
            before: *self.roots.get(at)?,
            after: self
                .leaves
                .iter()
                .skip(at + 1)
                .map(|leaf| leaf.hash())
                .collect(),
            head: self.head(),
        })
    }

    pub(crate) fn count(&self, act: LeafAct, id: MessageId) -> usize {
        let is = |leaf: &&Leaf| leaf.act == act && leaf.id == id;
        self.leaves.iter().filter(is).count()
    }

    fn head(&self) -> Head {
        Head {
            size: roots_len(&self.roots) - 1,
            root: self.root(),
        }
    }

    fn root(&self) -> Digest {
        self.roots
            .last()
            .copied()
            .unwrap_or_else(|| Digest::of(b"empty"))
    }
}

fn roots_len(roots: &[Digest]) -> u64 {
    u64::try_from(roots.len()).unwrap_or(u64::MAX)
}

impl Checkpoint {
    /// Whether this one and an earlier or later head are of one ledger.
    pub(crate) fn continues(&self, known: Head) -> bool {
        let at = usize::try_from(known.size).unwrap_or(usize::MAX);
        self.roots.get(at).is_none_or(|root| *root == known.root)
    }
}

impl Receipt {
    /// Whether it proves that `from` took in this message whole.
    pub(crate) fn proves(&self, from: usize, id: MessageId, digest: Digest) -> bool {
        let first = chain(self.before, self.leaf.hash());
        let root = self
            .after
            .iter()
            .fold(first, |root, leaf| chain(root, *leaf));
        let leaf = Leaf {
            act: LeafAct::Received,
            id,
            digest,
        };
        self.signed_by == from && self.leaf == leaf && root == self.head.root
    }

    /// The same with the digest of another message put in.
    pub(crate) fn altered(mut self) -> Self {
        self.leaf.digest = Digest::of(b"another message");
        self
    }
}
