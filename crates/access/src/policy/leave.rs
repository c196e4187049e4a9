//! What may leave the house, and to whom.

use kernel::Tlp;

use super::{Act, Decision, Reason, Refused};

/// Where content came from that is to go out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Origin {
    /// This party wrote it, so this party may say who gets it.
    Own,
    /// Another party wrote it under this label.
    Received(Tlp),
    /// The recipient itself wrote it: it goes back, not on.
    Recipient,
}

/// A message on its way out.
#[derive(Clone, Debug)]
pub struct Leaving<'m> {
    /// The message's label.
    pub tlp: Tlp,
    /// True if the recipient is a party of the directory whose keys are trusted in the message's
    /// mode.
    pub trusted: bool,
    /// True if the message names a desk of the recipient.
    pub desk_named: bool,
    /// The labels of what it carries or quotes (incidents, attachments), and where each came from.
    pub carries: &'m [(Tlp, Origin)],
}

/// May this message go to this party? TLP 2.0: RED goes to named recipients only; AMBER and
/// AMBER+STRICT of another party do not go on to a third; a message may not be marked more freely
/// than what it carries.
pub fn may_leave(leaving: &Leaving<'_>) -> Decision {
    let refuse = |reason| {
        Decision::Refused(Refused {
            act: Act::ExchangeSend,
            reason,
            hidden: false,
        })
    };
    if !leaving.trusted {
        return refuse(Reason::Untrusted);
    }
    if leaving.tlp == Tlp::Red && !leaving.desk_named {
        return refuse(Reason::Unnamed);
    }
    for &(label, origin) in leaving.carries {
        if label > leaving.tlp {
            return refuse(Reason::Weaker);
        }
        match origin {
            Origin::Own | Origin::Recipient | Origin::Received(Tlp::Clear | Tlp::Green) => {}
            Origin::Received(Tlp::Amber | Tlp::AmberStrict | Tlp::Red) => {
                return refuse(Reason::Onward);
            }
        }
    }
    Decision::Allowed
}

/// An object that a collection would take to another party.
#[derive(Clone, Copy, Debug)]
pub struct Sharing {
    /// The object's label; one that nobody knows is RED.
    pub tlp: Tlp,
    /// The strictest label that the collection takes.
    pub ceiling: Tlp,
    /// True if the recipient is a party of the directory whose keys are trusted in this mode.
    pub trusted: bool,
    /// Whose collection it is: this party's, or one that was received.
    pub origin: Origin,
    /// True if the party whose collection it is lets others pass it on.
    pub onward: bool,
}

/// May this object go to this party with its collection? TLP 2.0: RED is for recipients named with
/// the object, and a collection names none. AMBER+STRICT goes to the receiving party's organisation
/// and no further; so does AMBER, but for that party's clients. What another party shared goes on
/// only where its label and its steward let it, and never back.
pub fn may_share(sharing: &Sharing) -> Decision {
    let refuse = |reason| {
        Decision::Refused(Refused {
            act: Act::IntelManage,
            reason,
            hidden: false,
        })
    };
    if !sharing.trusted {
        return refuse(Reason::Untrusted);
    }
    if sharing.tlp == Tlp::Red {
        return refuse(Reason::Unnamed);
    }
    if sharing.tlp > sharing.ceiling {
        return refuse(Reason::Weaker);
    }
    match (sharing.origin, sharing.tlp) {
        (Origin::Own, _) => Decision::Allowed,
        (Origin::Received(_), Tlp::Clear | Tlp::Green) if sharing.onward => Decision::Allowed,
        (Origin::Received(_) | Origin::Recipient, _) => refuse(Reason::Onward),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goes(tlp: Tlp, origin: Origin, onward: bool) -> bool {
        let sharing = Sharing {
            tlp,
            ceiling: Tlp::Red,
            trusted: true,
            origin,
            onward,
        };
        may_share(&sharing).is_allowed()
    }

    #[test]
    fn red_goes_with_no_collection_and_nothing_goes_back() {
        for tlp in Tlp::ALL {
            for onward in [false, true] {
                assert_eq!(goes(tlp, Origin::Own, onward), tlp != Tlp::Red);
                assert!(!goes(tlp, Origin::Recipient, onward));
            }
        }
    }

    #[test]
    fn what_was_received_goes_on_only_where_label_and_steward_let_it() {
        for tlp in Tlp::ALL {
            assert!(!goes(tlp, Origin::Received(tlp), false));
            let free = matches!(tlp, Tlp::Clear | Tlp::Green);
            assert_eq!(goes(tlp, Origin::Received(tlp), true), free, "{tlp}");
        }
    }

    #[test]
    fn a_ceiling_and_a_party_that_is_not_trusted_stop_everything_above_and_all() {
        let sharing = Sharing {
            tlp: Tlp::Amber,
            ceiling: Tlp::Green,
            trusted: true,
            origin: Origin::Own,
            onward: false,
        };
        assert!(!may_share(&sharing).is_allowed());
        let untrusted = Sharing {
            tlp: Tlp::Clear,
            trusted: false,
            ..sharing
        };
        assert!(!may_share(&untrusted).is_allowed());
    }
}
