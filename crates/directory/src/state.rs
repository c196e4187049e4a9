//! How versions of a circle follow one another, at its steward and at everybody else. Pure.

use kernel::{PartyCode, Timestamp};

use crate::{
    circle::SignedCircle,
    error::{CircleRefusal, Error},
    model::{CircleVersion, Line, MEMBERS_MAX, Member, Text},
};

/// What a steward changes. Each version changes one thing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// It is called otherwise, or is for something else.
    Describe {
        /// What it is called.
        name: Line,
        /// What it is for.
        purpose: Text,
    },
    /// A party may join.
    Invite(PartyCode),
    /// A party that asked is let in.
    Admit(PartyCode),
    /// A party joins by its invitation.
    Join(PartyCode),
    /// A party goes, or declines its invitation.
    Leave(PartyCode),
    /// A party is put out, or its invitation taken back.
    Remove(PartyCode),
    /// The circle ends.
    Dissolve,
}

impl Change {
    /// The stable code of the act.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Describe { .. } => "circle.described",
            Self::Invite(_) => "circle.invited",
            Self::Admit(_) => "circle.admitted",
            Self::Join(_) => "circle.joined",
            Self::Leave(_) => "circle.left",
            Self::Remove(_) => "circle.removed",
            Self::Dissolve => "circle.dissolved",
        }
    }

    /// The party whose membership changes.
    pub const fn party(&self) -> Option<&PartyCode> {
        match self {
            Self::Invite(party)
            | Self::Admit(party)
            | Self::Join(party)
            | Self::Leave(party)
            | Self::Remove(party) => Some(party),
            Self::Describe { .. } | Self::Dissolve => None,
        }
    }
}

/// The version after `held`, not signed yet.
pub fn advance(
    held: &SignedCircle,
    change: &Change,
    (now, keyset): (Timestamp, u64),
) -> Result<CircleVersion, Error> {
    let before = held.version();
    if before.dissolved {
        return Err(Error::CircleDissolved);
    }
    let mut next = CircleVersion {
        // The clock may have been set back; versions never go back.
        changed: now.max(before.changed),
        keyset,
        previous_sha256: Some(held.sha256()),
        version: before.version.saturating_add(1),
        ..before.clone()
    };
    match change {
        Change::Describe { name, purpose } => {
            next.name = name.clone();
            next.purpose = purpose.clone();
        }
        Change::Invite(party) => add(&mut next, party, &before.steward, false)?,
        Change::Admit(party) => add(&mut next, party, party, true)?,
        Change::Join(party) => {
            let at = next.changed;
            let mut members = next.members.iter_mut();
            let member = members.find(|member| member.party == *party);
            let member = member.ok_or_else(|| no_member(party))?;
            if member.joined.is_some() {
                return Err(already(party));
            }
            member.joined = Some(at);
        }
        Change::Leave(party) | Change::Remove(party) => {
            if *party == before.steward {
                return Err(Error::StewardStays);
            }
            next.members.retain(|member| member.party != *party);
            if next.members.len() == before.members.len() {
                return Err(no_member(party));
            }
        }
        Change::Dissolve => next.dissolved = true,
    }
    Ok(next)
}

fn add(
    next: &mut CircleVersion,
    party: &PartyCode,
    invited_by: &PartyCode,
    joins: bool,
) -> Result<(), Error> {
    let place = next
        .members
        .binary_search_by(|member| member.party.cmp(party));
    let Err(place) = place else {
        return Err(already(party));
    };
    if next.members.len() >= MEMBERS_MAX {
        return Err(Error::TooMany {
            what: "members",
            max: MEMBERS_MAX,
        });
    }
    let member = Member {
        invited_by: invited_by.clone(),
        joined: joins.then_some(next.changed),
        party: party.clone(),
        since: next.version,
    };
    next.members.insert(place, member);
    Ok(())
}

fn already(party: &PartyCode) -> Error {
    Error::AlreadyMember {
        party: party.clone(),
    }
}

fn no_member(party: &PartyCode) -> Error {
    Error::NoMember {
        party: party.clone(),
    }
}

/// What a version is to a node that is not the steward's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// It is held already.
    Known,
    /// It is the next one and comes into force.
    Next,
    /// Those that it follows are still on their way.
    Early,
}

/// What a party's node makes of a version that its steward signed. `newest` is the one in force
/// there, `same` the digest of what is held under the number of the offered one.
///
/// A party's versions begin with the one that names it first, and begin anew where it was out.
pub fn weigh(
    us: &PartyCode,
    newest: Option<&SignedCircle>,
    same: Option<seal::Digest>,
    offered: &SignedCircle,
) -> Result<Standing, CircleRefusal> {
    let version = offered.version();
    let begins = version
        .member(us)
        .is_some_and(|own| own.since == version.version);
    if let Some(newest) = newest {
        let held = newest.version();
        if (&held.steward, held.exercise, held.created)
            != (&version.steward, version.exercise, version.created)
        {
            return Err(CircleRefusal::Foreign);
        }
    }
    match same {
        Some(digest) if digest == offered.sha256() => return Ok(Standing::Known),
        Some(_) => return Err(CircleRefusal::Fork),
        None => {}
    }
    let Some(newest) = newest else {
        return Ok(if begins {
            Standing::Next
        } else {
            Standing::Early
        });
    };
    let held = newest.version();
    if version.version < held.version {
        return Err(CircleRefusal::Rollback);
    }
    if held.dissolved {
        return Err(CircleRefusal::Fork);
    }
    if version.version == held.version.saturating_add(1) {
        return if version.previous_sha256 == Some(newest.sha256()) {
            Ok(Standing::Next)
        } else {
            Err(CircleRefusal::Fork)
        };
    }
    let was_out = held.member(us).is_none();
    Ok(if was_out && begins {
        Standing::Next
    } else {
        Standing::Early
    })
}
