//! Who sits at the nodes.
#![expect(clippy::expect_used, reason = "test code: a surprise ends the test")]

use access::ops::{NewUser, create_user};
use directory::{
    model::{ContactKind, Duty, Profile, Reach},
    ops::NewContact,
};
use kernel::{Language, Mode, Role, Roles, Viewer, Who};
use server::loopback::Member;

/// The two desks that every party has.
pub(super) fn desks() -> Vec<NewContact> {
    vec![desk(ContactKind::Technical), desk(ContactKind::Diplomatic)]
}

/// A user who may send, and manage peers.
pub(super) async fn enrol(member: &Member) -> Viewer {
    let roles: Roles = [
        Role::DutyOfficer,
        Role::Diplomat,
        Role::Admin,
        Role::Auditor,
    ]
    .into_iter()
    .collect();
    let party = member.party().clone();
    let node = Viewer::node("test", party.clone(), Mode::Exercise);
    let new = NewUser {
        name: "amina".parse().expect("a name"),
        display: "Amina".parse().expect("a label"),
        roles,
        language: Language::En,
        password: None,
    };
    let ground = member.node().expect("the node runs").ground();
    let (user, _code) = create_user(ground, &node, new)
        .await
        .expect("a user is made");
    Viewer {
        who: Who::User {
            id: user.id,
            name: user.name.to_string(),
        },
        roles,
        party,
        circles: Vec::new(),
        mode: Mode::Exercise,
    }
}

fn desk(kind: ContactKind) -> NewContact {
    NewContact {
        profile: Profile {
            kind,
            entity: "A desk".parse().expect("a line"),
            department: None,
            role: None,
            languages: vec!["en".parse().expect("a language")],
            time_zone: "Africa/Nairobi".parse().expect("a zone"),
            duty: Duty::Always,
            duty_hours: None,
            channels: Vec::new(),
            nominated_by: None,
            valid_from: None,
        },
        reach: Reach {
            person: None,
            emails: vec!["desk@party.example".parse().expect("an address")],
            phones: Vec::new(),
            fallback_phone: None,
        },
        verified: true,
    }
}
