//! Who may see and do what. One table of role by act decides; whatever it does not allow is
//! refused.
//!
//! A cell of the table says how far a role reaches: not at all, the act alone, the content that
//! clients of the party may have, or the content of the house. TLP 2.0 gives the labels of each
//! reach. [`decide`] answers for one subject; [`visible`] gives the same answer for lists and
//! counts, as masks for SQL. A property test holds both against each other.

mod leave;
mod table;

use kernel::{Mode, Problem, ProblemKind, Scope, Tlp, Viewer, Who};

pub use leave::{Leaving, Origin, Sharing, may_leave, may_share};
pub use table::{Act, Area, UnknownAct};

/// On what an act is to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Subject {
    /// The node, or an area of it as a whole: no content is shown or changed by that alone.
    House {
        /// Of which mode.
        mode: Mode,
    },
    /// A piece of content that carries a label.
    Content {
        /// Of which mode.
        mode: Mode,
        /// Its label.
        tlp: Tlp,
        /// True if the viewer is among those whom the content names as its readers.
        named: bool,
    },
}

/// The answer to "may this viewer do this".
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Yes.
    Allowed,
    /// No, and why.
    Refused(Refused),
}

/// Why something is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{act} is refused: {reason}")]
pub struct Refused {
    /// What was asked for.
    pub act: Act,
    /// The reason, which can be shown.
    pub reason: Reason,
    /// True if the viewer may not even know that there is such a subject: 404 instead of 403.
    pub hidden: bool,
}

/// A reason that can be shown to whom it concerns.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reason {
    /// None of the viewer's roles allows the act.
    Role,
    /// The API key's scopes do not include the act.
    Scope,
    /// The act is not for other parties' nodes.
    Peer,
    /// The act is for a person, not for the node itself.
    Person,
    /// The subject is real and the viewer looks at the exercise, or the other way round.
    Mode,
    /// The label does not reach this viewer.
    Tlp,
    /// The recipient is not a trusted party of the directory.
    Untrusted,
    /// The message names no desk, and its label asks for one.
    Unnamed,
    /// The label forbids that what another party wrote goes on to a third.
    Onward,
    /// The message is marked more freely than what it carries.
    Weaker,
}

/// What of an area a viewer sees, for filters in SQL: bit `n` of a mask stands for the label of
/// code `n`, so a row is visible if `(1 << tlp) & open_mask` is not zero, or if
/// `(1 << tlp) & named_mask` is not zero and the row names the viewer, and its mode is the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Visible {
    /// Labels that the viewer sees.
    pub open_mask: i32,
    /// Labels that the viewer sees where the row names him.
    pub named_mask: i32,
    /// Whether exercise rows are meant, or real ones.
    pub exercise: bool,
}

/// How far a role reaches in an act.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reach {
    /// Not at all.
    No,
    /// The act on the house alone; no content.
    Act,
    /// Content that may go to clients of the party: CLEAR and GREEN, and AMBER where named.
    Client,
    /// Content of the party's own organisation: up to AMBER+STRICT, and RED where named.
    Organisation,
}

impl Reach {
    /// The labels seen by all of this reach, and those seen where named.
    const fn masks(self) -> (i32, i32) {
        const fn bit(tlp: Tlp) -> i32 {
            1 << tlp.code()
        }
        const COMMUNITY: i32 = bit(Tlp::Clear) | bit(Tlp::Green);
        match self {
            Self::No | Self::Act => (0, 0),
            Self::Client => (COMMUNITY, bit(Tlp::Amber)),
            Self::Organisation => (
                COMMUNITY | bit(Tlp::Amber) | bit(Tlp::AmberStrict),
                bit(Tlp::Red),
            ),
        }
    }
}

/// May this viewer do this?
pub fn decide(viewer: &Viewer, act: Act, subject: &Subject) -> Decision {
    match weigh(viewer, act, *subject) {
        Ok(()) => Decision::Allowed,
        Err(reason) => Decision::Refused(Refused {
            act,
            reason,
            hidden: !knows(viewer, act, *subject),
        }),
    }
}

/// [`decide`] for the use of `?`.
pub fn check(viewer: &Viewer, act: Act, subject: &Subject) -> Result<(), Refused> {
    match decide(viewer, act, subject) {
        Decision::Allowed => Ok(()),
        Decision::Refused(refused) => Err(refused),
    }
}

/// [`check`] for an act on the house, or on an area as a whole, in the viewer's own mode.
pub fn check_house(viewer: &Viewer, act: Act) -> Result<(), Refused> {
    check(viewer, act, &Subject::House { mode: viewer.mode })
}

/// What of the area this viewer sees. A viewer who may read nothing gets empty masks.
pub fn visible(viewer: &Viewer, area: Area) -> Visible {
    let (open_mask, named_mask) = masks(viewer, area.read()).unwrap_or((0, 0));
    Visible {
        open_mask,
        named_mask,
        exercise: viewer.mode.is_exercise(),
    }
}

/// The labels that any of the viewer's reaches gives for the act, or why there is none.
fn masks(viewer: &Viewer, act: Act) -> Result<(i32, i32), Reason> {
    let row = table::row(act);
    let reaches: Vec<Reach> = match &viewer.who {
        Who::Peer(_) if row.peer => return Ok((0, 0)),
        Who::Peer(_) => return Err(Reason::Peer),
        Who::Node(_) if row.node == Reach::No => return Err(Reason::Person),
        Who::Node(_) => vec![row.node],
        Who::Key { scopes, .. } => {
            let included = row.scope.is_some_and(|scope| scopes.contains(scope));
            if !included {
                return Err(Reason::Scope);
            }
            viewer.roles.iter().map(|role| row.of(role)).collect()
        }
        Who::User { .. } => viewer.roles.iter().map(|role| row.of(role)).collect(),
    };
    let mut all = None;
    for reach in reaches.into_iter().filter(|&reach| reach != Reach::No) {
        let (open, named) = reach.masks();
        let (all_open, all_named) = all.unwrap_or((0, 0));
        all = Some((all_open | open, all_named | named));
    }
    all.ok_or(Reason::Role)
}

fn weigh(viewer: &Viewer, act: Act, subject: Subject) -> Result<(), Reason> {
    let (open, named_only) = masks(viewer, act)?;
    match subject {
        Subject::House { mode } if mode == viewer.mode => Ok(()),
        Subject::Content { mode, tlp, named } if mode == viewer.mode => {
            let label = 1 << tlp.code();
            if label & open != 0 || (named && label & named_only != 0) {
                Ok(())
            } else {
                Err(Reason::Tlp)
            }
        }
        Subject::House { .. } | Subject::Content { .. } => Err(Reason::Mode),
    }
}

/// True if the viewer may know that the subject exists: it is an area, or content that he may read.
fn knows(viewer: &Viewer, act: Act, subject: Subject) -> bool {
    match subject {
        Subject::House { .. } => true,
        Subject::Content { .. } => act
            .area()
            .is_some_and(|area| weigh(viewer, area.read(), subject).is_ok()),
    }
}

impl Subject {
    /// The node or an area, in that mode.
    pub const fn house(mode: Mode) -> Self {
        Self::House { mode }
    }

    /// A piece of content.
    pub const fn content(mode: Mode, tlp: Tlp, named: bool) -> Self {
        Self::Content { mode, tlp, named }
    }
}

impl Decision {
    /// True for [`Decision::Allowed`].
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed)
    }
}

impl Visible {
    /// True if a row with this label is seen.
    pub const fn sees(&self, mode: Mode, tlp: Tlp, named: bool) -> bool {
        let label = 1 << tlp.code();
        mode.is_exercise() == self.exercise
            && (label & self.open_mask != 0 || (named && label & self.named_mask != 0))
    }
}

impl Reason {
    /// A stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Role => "access.role",
            Self::Scope => "access.scope",
            Self::Peer => "access.peer",
            Self::Person => "access.person",
            Self::Mode => "access.mode",
            Self::Tlp => "access.tlp",
            Self::Untrusted => "access.untrusted_party",
            Self::Unnamed => "access.desk_not_named",
            Self::Onward => "access.onward",
            Self::Weaker => "access.marking_weaker",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Role => "none of your roles allows this",
            Self::Scope => "the scopes of the API key do not include this",
            Self::Peer => "this is not for other parties' nodes",
            Self::Person => "this is for a signed-in person",
            Self::Mode => "real and exercise data do not mix",
            Self::Tlp => "the TLP label does not reach you",
            Self::Untrusted => "the recipient is not a trusted party of the directory",
            Self::Unnamed => "TLP:RED goes to a named desk only",
            Self::Onward => "the TLP label forbids passing this on to another party",
            Self::Weaker => "the message is marked more freely than what it carries",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl Refused {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        if self.hidden {
            "access.not_found"
        } else {
            self.reason.code()
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        if refused.hidden {
            // Nothing about the subject, not even why.
            return Self::new(
                ProblemKind::NotFound,
                refused.code(),
                "there is no such thing",
            );
        }
        let kind = match refused.reason {
            Reason::Weaker | Reason::Unnamed | Reason::Onward | Reason::Untrusted => {
                ProblemKind::Conflict
            }
            _ => ProblemKind::Forbidden,
        };
        Self::new(kind, refused.code(), refused.reason.text()).with("act", refused.act)
    }
}

/// The scopes that let an API key do the act; none means that no key may.
pub fn scope_of(act: Act) -> Option<Scope> {
    table::row(act).scope
}

#[cfg(test)]
mod tests;
