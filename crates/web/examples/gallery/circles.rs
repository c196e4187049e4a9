//! Circles.

use askama::Template;
use web::views::{
    circles::{
        Circle, CircleMember, CircleRefused, CircleRow, CircleVersionRow, Circles, Told, Wished,
    },
    form::{Control, Field},
    frame::Section,
};

use crate::{Drawn, Sample, entry::form};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("circles", list(s).render()?),
        ("circle", circle(s).render()?),
    ])
}

fn list(s: &Sample) -> Circles {
    let row = |name: &str, steward: &str, place: &str| CircleRow {
        url: "circle.html".to_owned(),
        name: name.to_owned(),
        steward: s.party(steward),
        place: place.to_owned(),
        members: 3,
        version: 5,
        changed: s.minutes(-90),
    };
    Circles {
        w: s.w,
        shell: s.shell(Section::Directory, "/circles"),
        rows: vec![
            row("Harbours", "XA", "steward"),
            row("Dams of the north", "XB", "invited"),
        ],
        asked: vec![wished(s)],
        make: Some(form(
            "/circles",
            s.w.t("circle-make"),
            vec![Field::new("name", s.w.t("circle-name"), Control::Text)],
        )),
        ask: None,
    }
}

fn wished(s: &Sample) -> Wished {
    Wished {
        wish: "join".to_owned(),
        circle: "circle--0b7f5f1f-6c52-4f0e-8a0e-9f1c0a528c11".to_owned(),
        steward: s.party("XC"),
        at: s.minutes(-20),
        delivery: "receipted".to_owned(),
    }
}

fn circle(s: &Sample) -> Circle {
    let told = |code: &str, version, delivery: &str| Told {
        party: s.party(code),
        version,
        delivery: delivery.to_owned(),
    };
    let member = |code: &str, joined: Option<i64>, told| CircleMember {
        party: s.party(code),
        joined: joined.map(|minutes| s.minutes(minutes)),
        invited_by: s.party("XA"),
        told,
        may_remove: code != "XA",
    };
    let sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    Circle {
        w: s.w,
        shell: s.shell(Section::Directory, "/circles/x"),
        url: "/circles/x".to_owned(),
        id: "circle--0b7f5f1f-6c52-4f0e-8a0e-9f1c0a528c11".to_owned(),
        name: "Harbours".to_owned(),
        purpose: "Indicators about harbour systems.".to_owned(),
        steward: s.party("XA"),
        place: "steward".to_owned(),
        version: 5,
        changed: s.minutes(-90),
        members: vec![
            member("XA", Some(-4_000), None),
            member("XB", Some(-2_000), Some(told("XB", 5, "receipted"))),
            member("XC", None, Some(told("XC", 5, "undeliverable"))),
        ],
        told: vec![told("XD", 4, "receipted")],
        requests: vec![(s.party("regional-hub"), s.minutes(-30))],
        asked: None,
        versions: (1..=5)
            .rev()
            .map(|version| CircleVersionRow {
                version,
                url: "#".to_owned(),
                sha256: sha256.to_owned(),
                in_force: true,
                at: s.minutes(-90),
            })
            .collect(),
        refused: vec![CircleRefused {
            version: 4,
            sha256: sha256.to_owned(),
            from: s.party("XB"),
            why: s.w.t("error-circle-fork"),
            at: s.minutes(-300),
        }],
        may_change: true,
        may_join: false,
        may_leave: false,
        invite: None,
        describe: None,
    }
}
