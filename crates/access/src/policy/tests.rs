use std::collections::{BTreeSet, HashSet};

use kernel::{ApiKeyId, Role, Roles, Scopes, UserId};
use proptest::prelude::*;

use super::*;

fn viewer(who: Who, roles: Roles, mode: Mode) -> Viewer {
    Viewer {
        who,
        roles,
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode,
    }
}

fn user(roles: impl IntoIterator<Item = Role>) -> Viewer {
    let who = Who::User {
        id: UserId::from_uuid("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()),
        name: "amina".into(),
    };
    viewer(who, roles.into_iter().collect(), Mode::Real)
}

fn key(roles: Roles, scopes: Scopes) -> Viewer {
    let who = Who::Key {
        id: ApiKeyId::from_uuid("01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap()),
        user: UserId::from_uuid("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()),
        name: "amina/sync".into(),
        scopes,
    };
    viewer(who, roles, Mode::Real)
}

fn subjects() -> Vec<Subject> {
    let mut all = vec![Subject::house(Mode::Real)];
    for tlp in Tlp::ALL {
        for named in [false, true] {
            all.push(Subject::content(Mode::Real, tlp, named));
        }
    }
    all
}

/// `h` the house; then for each label from CLEAR to RED a capital where all see it, a small
/// letter where only the named do, a dot where nobody does.
fn drawn(viewer: &Viewer, act: Act) -> String {
    let allowed = |subject| decide(viewer, act, &subject).is_allowed();
    let house = if allowed(Subject::house(Mode::Real)) {
        'h'
    } else {
        '.'
    };
    let labels = Tlp::ALL.into_iter().zip(["Cc", "Gg", "Aa", "Ss", "Rr"]);
    let letters = labels.map(|(tlp, letters)| {
        let open = allowed(Subject::content(Mode::Real, tlp, false));
        let named = allowed(Subject::content(Mode::Real, tlp, true));
        assert!(named || !open, "being named never takes sight away");
        match (open, named) {
            (true, _) => letters.chars().next().unwrap(),
            (false, true) => letters.chars().nth(1).unwrap(),
            (false, false) => '.',
        }
    });
    std::iter::once(house).chain(letters).collect()
}

/// Those who work with content.
const STAFF: [Role; 4] = [
    Role::DutyOfficer,
    Role::Analyst,
    Role::Diplomat,
    Role::PolicyOfficer,
];

/// Role × act × label, written out by hand from the roles' descriptions and TLP 2.0.
#[test]
fn the_table_is_what_was_agreed() {
    const HOUSE: &str = "hCGASr";
    const CLIENT: &str = "hCGa..";
    const ACT: &str = "h.....";
    const NONE: &str = "......";
    let expected = |act: Act, role: Role| -> &'static str {
        use Role::{Admin, Analyst, Auditor, Diplomat, DutyOfficer, PolicyOfficer, Reporter};
        let is = |roles: &[Role]| roles.contains(&role);
        let (reach, allowed) = match act {
            Act::IncidentRead | Act::IncidentCreate | Act::IntelRead | Act::IntelWrite
                if is(&[Reporter]) =>
            {
                (CLIENT, true)
            }
            Act::IncidentRead | Act::CaseRead | Act::IntelRead => (HOUSE, is(&STAFF)),
            Act::IncidentCreate
            | Act::IncidentEdit
            | Act::IncidentImport
            | Act::IntelWrite
            | Act::IntelDelete => (HOUSE, is(&[DutyOfficer, Analyst])),
            Act::IntelManage | Act::MailRead | Act::ConstituencyEdit => {
                (ACT, is(&[DutyOfficer, Analyst]))
            }
            Act::MailAnswer | Act::MailTrust => (ACT, is(&[DutyOfficer])),
            Act::MailManage => (ACT, is(&[DutyOfficer, Admin])),
            Act::IncidentDelete => (HOUSE, is(&[DutyOfficer])),
            Act::RetentionRead => (ACT, is(&[DutyOfficer, PolicyOfficer, Auditor, Admin])),
            Act::ConstituencyRead => (ACT, is(&[DutyOfficer, Analyst, PolicyOfficer])),
            Act::InfrastructureRead | Act::InfrastructureEdit | Act::InfrastructureExport => {
                (HOUSE, is(&[DutyOfficer, Analyst, PolicyOfficer]))
            }
            Act::IncidentExport => (HOUSE, is(&[DutyOfficer, Analyst, PolicyOfficer])),
            Act::ExchangeRead | Act::ExchangeCompose => {
                (HOUSE, is(&[DutyOfficer, Analyst, Diplomat]))
            }
            Act::ExchangeSend | Act::ExchangeClose | Act::EvidenceExport => {
                (HOUSE, is(&[DutyOfficer, Diplomat]))
            }
            Act::StatisticsRead | Act::DeskRead | Act::SettingsOwn => (ACT, true),
            Act::ApiKeyOwn | Act::DirectoryRead | Act::CircleRead => (ACT, !is(&[Reporter])),
            Act::CircleSteward | Act::CircleMember => {
                (ACT, is(&[DutyOfficer, Diplomat, PolicyOfficer]))
            }
            Act::ContactLook => (ACT, is(&STAFF)),
            Act::ContactEdit | Act::ReportingManage => (ACT, is(&[DutyOfficer, PolicyOfficer])),
            Act::LedgerRead => (ACT, is(&[DutyOfficer, Analyst, Diplomat, Auditor])),
            Act::ActsRead => (ACT, is(&[Auditor])),
            Act::InfrastructureGrant
            | Act::PeerManage
            | Act::RetentionManage
            | Act::UserManage
            | Act::KeyManage
            | Act::Backup
            | Act::NodeManage => (ACT, is(&[Admin])),
            Act::FederationDeliver
            | Act::FederationKeys
            | Act::FederationLedger
            | Act::FederationWitness
            | Act::FederationReconcile => (ACT, false),
        };
        if allowed { reach } else { NONE }
    };
    for &act in Act::ALL {
        for role in Role::ALL {
            assert_eq!(
                drawn(&user([role]), act),
                expected(act, role),
                "{role:?} {act}"
            );
        }
    }
}

#[test]
fn nobody_without_a_role_does_anything() {
    for &act in Act::ALL {
        assert_eq!(drawn(&user([]), act), "......", "{act}");
    }
}

#[test]
fn administrators_and_auditors_see_no_content() {
    let viewer = user([Role::Admin, Role::Auditor]);
    for area in Area::ALL {
        let seen = visible(&viewer, area);
        assert_eq!((seen.open_mask, seen.named_mask), (0, 0));
    }
    for &act in Act::ALL {
        for subject in subjects() {
            let content = matches!(subject, Subject::Content { .. });
            assert!(
                !content || !decide(&viewer, act, &subject).is_allowed(),
                "{act}"
            );
        }
    }
}

#[test]
fn a_peer_does_only_what_the_federation_names() {
    let mut peer = user([]);
    peer.who = Who::Peer("XB".parse().unwrap());
    // A role that got into a peer's viewer by mistake gives nothing.
    peer.roles = Role::ALL.into_iter().collect();
    for &act in Act::ALL {
        let federation = act.as_str().starts_with("federation.");
        let expected = if federation { "h....." } else { "......" };
        assert_eq!(drawn(&peer, act), expected, "{act}");
    }
    for area in Area::ALL {
        assert_eq!(
            visible(&peer, area).open_mask | visible(&peer, area).named_mask,
            0
        );
    }
}

#[test]
fn the_node_reads_red_only_where_it_carries_it() {
    let node = Viewer::node("deliver", "XA".parse().unwrap(), Mode::Real);
    assert_eq!(drawn(&node, Act::ExchangeRead), "hCGASr");
    assert_eq!(drawn(&node, Act::SettingsOwn), "......");
    assert_eq!(drawn(&node, Act::FederationDeliver), "......");
}

#[test]
fn a_key_needs_the_scope_and_never_exceeds_its_user() {
    let all: Scopes = Scope::ALL.into_iter().collect();
    for &act in Act::ALL {
        for role in Role::ALL {
            let roles: Roles = [role].into_iter().collect();
            let without = all
                .iter()
                .filter(|&one| Some(one) != scope_of(act))
                .collect();
            assert_eq!(drawn(&key(roles, without), act), "......", "{role:?} {act}");
            let expected = match scope_of(act) {
                Some(_) => drawn(&user([role]), act),
                None => "......".into(),
            };
            assert_eq!(drawn(&key(roles, all), act), expected, "{role:?} {act}");
        }
    }
}

#[test]
fn real_and_exercise_do_not_mix() {
    let viewer = user(Role::ALL);
    let other = Subject::content(Mode::Exercise, Tlp::Clear, true);
    assert_eq!(
        check(&viewer, Act::IncidentRead, &other),
        Err(Refused {
            act: Act::IncidentRead,
            reason: Reason::Mode,
            hidden: true
        })
    );
    let house = Subject::house(Mode::Exercise);
    assert!(!decide(&viewer, Act::DirectoryRead, &house).is_allowed());
}

#[test]
fn what_may_be_read_is_refused_openly_and_the_rest_is_not_there() {
    let diplomat = user([Role::Diplomat]);
    let amber = Subject::content(Mode::Real, Tlp::Amber, false);
    let red = Subject::content(Mode::Real, Tlp::Red, false);
    let edit = |subject| check(&diplomat, Act::IncidentEdit, subject).unwrap_err();
    assert_eq!(
        (edit(&amber).hidden, edit(&amber).reason),
        (false, Reason::Role)
    );
    assert!(edit(&red).hidden);
    assert_eq!(Problem::from(edit(&amber)).status(), 403);
    let hidden = Problem::from(edit(&red));
    assert_eq!((hidden.status(), hidden.code), (404, "access.not_found"));
}

#[test]
fn words_name_one_act_each() {
    let words: BTreeSet<&str> = Act::ALL.iter().map(|act| act.as_str()).collect();
    assert_eq!(words.len(), Act::ALL.len());
    for &act in Act::ALL {
        assert_eq!(act.as_str().parse(), Ok(act));
    }
    assert_eq!("incident.eat".parse::<Act>(), Err(UnknownAct));
}

#[test]
fn reasons_have_codes_of_their_own() {
    let all = [
        Reason::Role,
        Reason::Scope,
        Reason::Peer,
        Reason::Person,
        Reason::Mode,
        Reason::Tlp,
        Reason::Untrusted,
        Reason::Unnamed,
        Reason::Onward,
        Reason::Weaker,
    ];
    let codes: HashSet<&str> = all.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), all.len());
}

fn leaving(tlp: Tlp, carries: &[(Tlp, Origin)]) -> Leaving<'_> {
    Leaving {
        tlp,
        trusted: true,
        desk_named: true,
        carries,
    }
}

#[test]
fn nothing_leaves_for_a_stranger() {
    for tlp in Tlp::ALL {
        let stranger = Leaving {
            trusted: false,
            ..leaving(tlp, &[])
        };
        assert!(!may_leave(&stranger).is_allowed());
    }
}

#[test]
fn red_goes_to_a_named_desk_only() {
    for tlp in Tlp::ALL {
        let unnamed = Leaving {
            desk_named: false,
            ..leaving(tlp, &[])
        };
        assert_eq!(may_leave(&unnamed).is_allowed(), tlp != Tlp::Red);
        assert!(may_leave(&leaving(tlp, &[])).is_allowed());
    }
}

#[test]
fn others_amber_goes_back_but_not_on() {
    for tlp in Tlp::ALL {
        let on = [(tlp, Origin::Received(tlp))];
        assert_eq!(
            may_leave(&leaving(Tlp::Red, &on)).is_allowed(),
            tlp <= Tlp::Green
        );
        let back = [(tlp, Origin::Recipient)];
        assert!(may_leave(&leaving(Tlp::Red, &back)).is_allowed());
    }
}

#[test]
fn a_message_is_at_least_as_strict_as_what_it_carries() {
    for tlp in Tlp::ALL {
        for carried in Tlp::ALL {
            let own = [(carried, Origin::Own)];
            assert_eq!(may_leave(&leaving(tlp, &own)).is_allowed(), carried <= tlp);
        }
    }
}

fn any_viewer() -> impl Strategy<Value = Viewer> {
    let roles = proptest::sample::subsequence(Role::ALL.to_vec(), 0..=7);
    let scopes = proptest::sample::subsequence(Scope::ALL.to_vec(), 0..=8);
    (roles, scopes, 0..4, any::<bool>()).prop_map(|(roles, scopes, who, exercise)| {
        let roles: Roles = roles.into_iter().collect();
        let who = match who {
            0 => user([]).who,
            1 => key(roles, scopes.into_iter().collect()).who,
            2 => Who::Peer("XB".parse().unwrap()),
            _ => Who::Node("job"),
        };
        viewer(who, roles, Mode::from_exercise(exercise))
    })
}

proptest! {
    #[test]
    fn lists_show_what_may_be_read_and_nothing_else(
        viewer in any_viewer(),
        area in proptest::sample::select(Area::ALL.to_vec()),
        tlp in proptest::sample::select(Tlp::ALL.to_vec()),
        named: bool,
        exercise: bool,
    ) {
        let mode = Mode::from_exercise(exercise);
        let one = decide(&viewer, area.read(), &Subject::content(mode, tlp, named));
        let seen = visible(&viewer, area);
        prop_assert_eq!(seen.sees(mode, tlp, named), one.is_allowed());
        // The arithmetic that stands in the SQL of lists.
        let bit = 1_i32 << tlp.code();
        let row = (exercise == seen.exercise)
            && ((bit & seen.open_mask) != 0 || ((bit & seen.named_mask) != 0 && named));
        prop_assert_eq!(row, one.is_allowed());
    }

    #[test]
    fn an_act_on_content_implies_reading_it(
        viewer in any_viewer(),
        act in proptest::sample::select(Act::ALL.to_vec()),
        tlp in proptest::sample::select(Tlp::ALL.to_vec()),
        named: bool,
    ) {
        let subject = Subject::content(viewer.mode, tlp, named);
        let key = matches!(viewer.who, Who::Key { .. });
        if let (Some(area), false) = (act.area(), key)
            && decide(&viewer, act, &subject).is_allowed()
        {
            prop_assert!(decide(&viewer, area.read(), &subject).is_allowed());
        }
    }
}
