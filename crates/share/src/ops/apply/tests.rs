//! What is carried out next.

use kernel::{CollectionRef, Mode, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::model::Letter;

fn share(state: InState, sequence: i64) -> InShare {
    let collection = CollectionRef::from_uuid(Uuid::from_u128(8));
    InShare {
        id: ShareId::from_uuid(Uuid::from_u128(3)),
        party: "XB".parse().unwrap(),
        about: about(collection),
        collection,
        mode: Mode::Exercise,
        state,
        via: None,
        kept_as: None,
        ceiling: Tlp::Amber,
        sequence,
        tally: Tally::default(),
        stated: Tally::default(),
        offered_at: Timestamp::from_micros(1),
        decided_at: None,
        decided_by: None,
        compared_at: None,
    }
}

fn about(id: CollectionRef) -> About {
    About {
        id,
        title: "Harbours".to_owned(),
        description: String::new(),
        ceiling: Tlp::Amber,
        unmarked: Tlp::Amber,
        onward: false,
    }
}

fn given(sequence: i64, resume: bool) -> Waiting {
    let said = Said {
        collection: about(CollectionRef::from_uuid(Uuid::from_u128(8))),
        via: None,
        sequence,
        resume,
        items: 0,
        digest: Tally::default(),
    };
    letter(SHARE, sequence, &Letter::Share(said))
}

fn whole(sequence: i64) -> Waiting {
    let said = Unshared {
        collection: CollectionRef::from_uuid(Uuid::from_u128(8)),
        sequence,
        resume: true,
        whole: true,
        items: 0,
        digest: Tally::default(),
    };
    letter(UNSHARE, sequence, &Letter::Unshare(said))
}

fn letter(kind: &str, sequence: i64, letter: &Letter) -> Waiting {
    Waiting {
        sequence,
        message: Uuid::from_u128(u128::try_from(sequence).unwrap()),
        kind: kind.to_owned(),
        content: letter.content().to_string(),
        files: json!([]).to_string(),
    }
}

#[test]
fn what_begins_anew_behind_an_end_is_offered_once_that_is_carried_out() {
    let both = || vec![whole(5), given(6, true)];
    let first = next(&share(InState::Accepted, 4), both());
    assert!(matches!(first, Some(Next::RemoveAll(said)) if said.sequence == 5));
    for closed in [InState::Ended, InState::Declined] {
        let then = next(&share(closed, 5), vec![given(6, true)]);
        assert!(matches!(then, Some(Next::Offer(said)) if said.sequence == 6));
        // What goes on with what was there does not begin it anew, and nothing counts twice.
        assert!(next(&share(closed, 5), vec![given(6, false)]).is_none());
        assert!(next(&share(closed, 6), vec![given(6, true)]).is_none());
    }
    assert!(next(&share(InState::Offered, 5), vec![given(6, true)]).is_none());
    let accepted = next(&share(InState::Accepted, 5), vec![given(6, true)]);
    assert!(matches!(accepted, Some(Next::Give(_, said)) if said.sequence == 6));
}
