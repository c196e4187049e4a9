//! The evidence of an incident, and whose hands it went through.

use askama::Template;
use kernel::Tlp;
use web::views::{
    custody::{Custody, CustodyRecord, CustodyRow, HoldRow, ItemAct, ItemRow, Items},
    form::{Control, Field},
    frame::{Link, Section},
    incident::{Known, Part},
    merge::{Band, DifferenceRow, Foreseen, Merge},
};
use web::words::Fidelity;

use crate::{
    Drawn, Sample,
    entry::{choices, form},
};

fn item(s: &Sample, number: i64, broken: bool) -> ItemRow {
    ItemRow {
        number,
        url: "evidence-item.html".to_owned(),
        name: match number {
            1 => "proxy-2026-11-19.log.gz",
            2 => "files-04.e01",
            _ => "ransom-note.txt",
        }
        .to_owned(),
        kind: match number {
            1 => "log",
            2 => "disk-image",
            _ => "document",
        },
        size: "212.4 MiB".to_owned(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        tlp: Tlp::Amber,
        state: if number == 2 { "sealed" } else { "held" },
        holder: if number == 2 {
            "Court of Aldoria".to_owned()
        } else {
            String::new()
        },
        waits_for: number == 3,
        verified: (number != 3).then(|| {
            (
                s.minutes(-60),
                if broken { "unreadable" } else { "matches" },
            )
        }),
        broken,
        put: ("Nadia Weir".to_owned(), s.minutes(-900)),
    }
}

pub(crate) fn merged() -> Band {
    let other = Link {
        text: "Second hospital encrypted".to_owned(),
        url: "incident.html".to_owned(),
    };
    Band {
        into: None,
        from: vec![other],
    }
}

pub(crate) fn tab(s: &Sample) -> (&'static str, &'static str, Part) {
    let items = Part::Evidence(Box::new(items(s)));
    ("incident-evidence", "evidence", items)
}

fn items(s: &Sample) -> Items {
    let w = s.w;
    let kinds = choices(s, "item-kind", &["log", "disk-image", "memory-dump"]);
    let why = Field::new("reason", w.t("field-custody-reason"), Control::Text).required();
    let lift = form("#", w.t("hold-lift"), vec![why.clone().within("1")]);
    Items {
        holds: vec![HoldRow {
            lasts: true,
            placed: ("Olga Brandt".to_owned(), s.minutes(-400)),
            reason: "Public prosecutor, case 12/26".to_owned(),
            until: None,
            lifted: None,
            lift: Some(lift.clone()),
        }],
        hold: Some(form("#", w.t("hold-place"), vec![why.within("hold")])),
        rows: vec![item(s, 1, true), item(s, 2, false), item(s, 3, false)],
        form: Some(form(
            "#",
            w.t("item-put"),
            vec![
                Field::new("kind", w.t("field-item-kind"), Control::Select(kinds))
                    .required()
                    .short(),
                Field::new("collected_at", w.t("field-collected-at"), Control::Text)
                    .hint(w.t("hint-dated"))
                    .short(),
                Field::new("file", w.t("field-file"), Control::Files).required(),
            ],
        )),
    }
}

pub(crate) fn lines(s: &Sample) -> Vec<CustodyRow> {
    let line = |number, deed, minutes, who: &str, reason: &str| CustodyRow {
        number,
        deed,
        at: s.minutes(minutes),
        who: who.to_owned(),
        reason: reason.to_owned(),
        receiver: if deed == "handed-over" {
            "Court of Aldoria".to_owned()
        } else {
            String::new()
        },
        outcome: if deed == "verified" { "unreadable" } else { "" },
        leaf: 48_210 + u64::try_from(number).unwrap_or(0),
    };
    vec![
        line(1, "put", -900, "Nadia Weir", ""),
        line(
            2,
            "copied",
            -700,
            "Olga Brandt",
            "Timeline of the proxy, ticket 77",
        ),
        line(
            3,
            "handed-over",
            -300,
            "Olga Brandt",
            "Order of 20 November",
        ),
        line(4, "verified", -60, "Nadia Weir", ""),
    ]
}

fn facts(s: &Sample) -> Vec<(String, String)> {
    vec![
        (s.w.t("field-collected-by"), "Dr. Osei".to_owned()),
        (
            s.w.t("field-place"),
            "Ward 3, server room, host px-02".to_owned(),
        ),
    ]
}

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    let w = s.w;
    let why = || Field::new("reason", w.t("field-custody-reason"), Control::Text).required();
    let act = |name: &str, fields: Vec<Field>| ItemAct {
        heading: w.word("item-do", name),
        about: w.word("item-about", name),
        form: form(
            "#",
            w.word("item-do", name),
            fields.into_iter().map(|one| one.within(name)).collect(),
        ),
    };
    let collected = Some(Known {
        at: s.minutes(-1_200),
        fidelity: Fidelity::Minute,
    });
    let shell = || s.shell(Section::Incidents, "/incidents/x/evidence/y");
    Ok(vec![
        ("incident-merge", foreseen(s).render()?),
        (
            "evidence-item",
            Custody {
                w,
                shell: shell(),
                incident: (
                    "Ransomware at the northern hospitals".to_owned(),
                    "incident.html".to_owned(),
                ),
                item: item(s, 1, true),
                collected,
                facts: facts(s),
                lines: lines(s),
                acts: vec![
                    act("verify", vec![]),
                    act("copy", vec![why()]),
                    act("destroy", vec![why()]),
                ],
                may_export: true,
            }
            .render()?,
        ),
        (
            "evidence-record",
            CustodyRecord {
                w,
                shell: shell(),
                incident: (
                    "Ransomware at the northern hospitals".to_owned(),
                    "incident--8c0f2c1e-94b6-4c3a-9c29-0f4f4f6b7f10".to_owned(),
                ),
                item: item(s, 1, true),
                id: "evidence--0b0c5a53-51c8-4a5c-9d1c-0e6e1a6f2a11".to_owned(),
                collected,
                facts: facts(s),
                lines: lines(s),
            }
            .render()?,
        ),
    ])
}

fn foreseen(s: &Sample) -> Merge {
    let w = s.w;
    let link = |text: &str| Link {
        text: text.to_owned(),
        url: "incident.html".to_owned(),
    };
    let difference = |field: &str, here: &str, there: &str| DifferenceRow {
        field: field.to_owned(),
        label: w.word("changed", field),
        here: here.to_owned(),
        there: there.to_owned(),
        taken: field == "organisation",
    };
    Merge {
        w,
        shell: s.shell(Section::Incidents, "/incidents/x/merge"),
        into: link("Ransomware at the northern hospitals"),
        ask: form("#", w.t("merge-look"), Vec::new()),
        foreseen: Some(Foreseen {
            from: link("Second hospital encrypted"),
            id: "incident--1".to_owned(),
            versions: (8, 3),
            differences: vec![
                difference(
                    "title",
                    "Ransomware at the northern hospitals",
                    "Second hospital encrypted",
                ),
                difference("organisation", "", "Clinic of Aldoria"),
            ],
            parts: vec![
                (w.word("merge-part", "timeline"), 4),
                (w.word("merge-part", "indicators"), 31),
            ],
            reason: String::new(),
            wrong: String::new(),
        }),
    }
}
