//! What is known of an object.

use kernel::Tlp;
use web::{
    views::{
        frame::Link,
        known::{Holder, Known, Life, RelatedObject, Relation, Sightings},
    },
    words::{Graph, Neighbour},
};

use crate::{Sample, collections::HOSTILE};

pub(crate) fn known(s: &Sample) -> Known {
    let relations = vec![
        relation("created_by_ref", false, "identity", "National CSIRT"),
        relation("uses", false, "tool", "Crowbar"),
        relation(
            "uses",
            false,
            "attack-pattern",
            "恶意软件通过网络钓鱼邮件附件传播到各部委",
        ),
        relation("communicates-with", false, "infrastructure", HOSTILE),
        relation("sample_refs", false, "file", ""),
        relation("indicates", true, "indicator", "login-ministry.example"),
        relation("object_refs", true, "report", "Phishing against ministries"),
    ];
    let neighbours: Vec<_> = relations
        .iter()
        .map(|one| Neighbour {
            name: if one.name.is_empty() {
                one.id.clone()
            } else {
                one.name.clone()
            },
            about: format!("{} · {}", one.by, one.kind),
            is_incoming: one.is_incoming,
        })
        .collect();
    let holder = |code: &str, state: &str, has_it| Holder {
        url: "sharing-peer.html".to_owned(),
        party: s.party(code),
        state: state.to_owned(),
        has_it,
    };
    let title = s.w.t1("known-relations-graph", "name", HOSTILE);
    Known {
        graph: Graph::draw((HOSTILE, "malware"), &neighbours, &title),
        relations,
        more_relations: true,
        related: vec![related("indicator", 2), related("observed-data", 9)],
        more_related: 12,
        common: vec![("198.51.100.7".to_owned(), 100)],
        listed: vec![(
            "8.8.8.8".to_owned(),
            "List of public DNS resolvers".to_owned(),
        )],
        values_left_out: 0,
        is_complete: false,
        sightings: Sightings {
            parties: 3,
            by_party: vec![
                (s.party("XB").name, [38, 0, 0]),
                (s.party("XA").name, [2, 2, 0]),
                (String::new(), [1, 0, 0]),
            ],
            seen: Some((s.minutes(-9_000), s.minutes(-12))),
            more: false,
            may_say: true,
        },
        life: Some(Life {
            state: "decayed",
            score: Some(("24".to_owned(), "80".to_owned())),
        }),
        holders: Some(vec![
            holder("XB", "active", true),
            holder("XC", "active", false),
            holder("XD", "ended", false),
        ]),
        from: Some(s.party("regional-hub")),
        events: vec![Link {
            text: HOSTILE.to_owned(),
            url: "event.html".to_owned(),
        }],
        moments: vec![
            (s.minutes(-12), "last-seen"),
            (s.minutes(-60), "revoked"),
            (s.minutes(-90), "added"),
            (s.minutes(-8_000), "modified"),
            (s.minutes(-9_000), "first-seen"),
            (s.minutes(-9_999), "created"),
        ],
    }
}

fn relation(by: &str, is_incoming: bool, kind: &str, name: &str) -> Relation {
    let is_object = !by.contains('_');
    Relation {
        by: by.to_owned(),
        is_incoming,
        kind: kind.to_owned(),
        id: format!("{kind}--73eb4d1c-2a3f-5d3c-8a9f-30a9bd27b6a1"),
        name: name.to_owned(),
        url: if name.is_empty() {
            String::new()
        } else {
            "object.html".to_owned()
        },
        via: if is_object {
            "object.html".to_owned()
        } else {
            String::new()
        },
        is_revoked: by == "indicates",
    }
}

fn related(kind: &str, more_values: u64) -> RelatedObject {
    RelatedObject {
        url: "object.html".to_owned(),
        kind: kind.to_owned(),
        id: format!("{kind}--73eb4d1c-2a3f-5d3c-8a9f-30a9bd27b6a1"),
        collection: "قائمة المؤشرات المشتركة".to_owned(),
        tlp: Tlp::Amber,
        values: vec!["evil.example".to_owned(), "198.51.100.7".to_owned()],
        more_values,
    }
}
