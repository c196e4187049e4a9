//! Collections.

use askama::Template;
use kernel::Tlp;
use web::views::{
    collections::{
        Collection, CollectionHead, CollectionRow, CollectionShare, Collections, Fact, Object,
        ObjectFilters, ObjectRow, ObjectShown, ObjectVersion, Tools,
    },
    files::{Export, Foreseen, ForeseenRow, Import, ImportRow, LossRow, RefusalRow},
    form::{Control, Field},
    frame::{Link, Pager, Section},
};

use crate::{Drawn, Sample, entry::form, known::known};

const ID: &str = "malware--31b940d4-6f7f-459a-80ea-9c1f17b58abc";
const FATES: [&str; 5] = ["new", "version", "known", "conflict", "refused"];
pub(crate) const HOSTILE: &str = "<script>alert(1)</script> \\u{202e}exe.gnp برنامج خبيث 恶意软件";

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("collections", list(s, true).render()?),
        ("collections-empty", list(s, false).render()?),
        ("collection", collection(s).render()?),
        ("object", object(s).render()?),
        ("import-preview", import(s, true).render()?),
        ("import-report", import(s, false).render()?),
        ("collection-export", export(s).render()?),
        ("collection-tools", tools(s).render()?),
    ])
}

pub(crate) fn head() -> CollectionHead {
    CollectionHead {
        url: "collection.html".to_owned(),
        title: "Phishing against ministries".to_owned(),
        about: "What we see of campaigns against ministries, from our sensors and from partners."
            .to_owned(),
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
        can_write: true,
        can_manage: true,
    }
}

fn list(s: &Sample, is_full: bool) -> Collections {
    let row = |title: &str, objects, readers| CollectionRow {
        url: "collection.html".to_owned(),
        title: title.to_owned(),
        about: "What we see of campaigns, from our sensors and from partners.".to_owned(),
        kinds: vec![
            ("indicator".to_owned(), objects),
            ("malware".to_owned(), 212),
            ("relationship".to_owned(), 38),
        ],
        labels: vec![(Tlp::Green, 4_211), (Tlp::AmberStrict, 38)],
        objects,
        readers: Some(readers),
        changed: Some(s.minutes(-12)),
    };
    let rows = vec![
        row("Phishing against ministries", 24_771, 2),
        row("قائمة المؤشرات المشتركة مع الشركاء الإقليميين", 312, 1),
        row("勒索软件指标", 48, 0),
    ];
    Collections {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/collections"),
        rows: if is_full { rows } else { Vec::new() },
        pager: Pager::default(),
        make: Some(form(
            "/collections",
            s.w.t("collection-make"),
            vec![
                Field::new("title", s.w.t("collection-title"), Control::Text).required(),
                Field::new("description", s.w.t("collection-about"), Control::Area(3)),
            ],
        )),
    }
}

fn seers(s: &Sample) -> Vec<String> {
    let names = format!("{}, {}", s.party("XB").name, s.party("XC").name);
    vec![
        s.w.t("seers-house"),
        s.w.t1("seers-parties", "names", names.clone()),
        s.w.t1("seers-red", "names", names),
    ]
}

fn collection(s: &Sample) -> Collection {
    let row = |kind: &str, name: &str, tlp, minutes, is_revoked| ObjectRow {
        url: "object.html".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        id: format!("{kind}--31b940d4-6f7f-459a-80ea-9c1f17b58abc"),
        tlp,
        added: s.minutes(minutes),
        is_revoked,
        collection: String::new(),
    };
    let share = |code: &str, state: &str, verdict: &str, unstated| CollectionShare {
        url: "sharing-peer.html".to_owned(),
        party: s.party(code),
        state: state.to_owned(),
        verdict: verdict.to_owned(),
        unstated,
    };
    Collection {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/collections/x/y"),
        head: head(),
        counts: vec![
            ("indicator".to_owned(), Tlp::Green, 4_211),
            ("indicator".to_owned(), Tlp::AmberStrict, 38),
            ("malware".to_owned(), Tlp::Green, 212),
        ],
        objects: 4_461,
        events: Some("events.html".to_owned()),
        seers: seers(s),
        shares: vec![
            share("XB", "active", "agrees", 0),
            share("XC", "ended", "differs", 2),
        ],
        taxii:
            "https://csirt.example/taxii2/intel/collections/9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11/"
                .to_owned(),
        filters: ObjectFilters::default(),
        rows: vec![
            row("malware", HOSTILE, Tlp::Green, -3, false),
            row(
                "indicator",
                "login-ministry.example",
                Tlp::Amber,
                -12,
                false,
            ),
            row(
                "indicator",
                &"a-very-long-name.".repeat(9),
                Tlp::AmberStrict,
                -80,
                true,
            ),
            row(
                "relationship",
                "indicator indicates malware",
                Tlp::Red,
                -900,
                false,
            ),
            row("x-unknown", "", Tlp::Clear, -9_000, false),
        ],
        searched: 50,
        is_cut: true,
        pager: Pager {
            first: None,
            next: Some("collection.html".to_owned()),
        },
        imports: vec![import_row(s, "complete"), import_row(s, "cut")],
    }
}

fn import_row(s: &Sample, state: &'static str) -> ImportRow {
    ImportRow {
        url: "import-report.html".to_owned(),
        source: "event-1342.json".to_owned(),
        form: "misp".to_owned(),
        state,
        at: s.minutes(-4),
        read: 2_014,
        added: 1_970,
        known: 41,
        refused: 3,
        failure: String::new(),
    }
}

fn object(s: &Sample) -> Object {
    let fact = |name: &str, values: &[&str], is_code| Fact {
        name: name.to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
        is_code,
    };
    Object {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/collections/x/y/objects/z"),
        head: head(),
        url: "object.html".to_owned(),
        shown: Some(ObjectShown {
            kind: "malware".to_owned(),
            name: HOSTILE.to_owned(),
            tlp: Tlp::Green,
            is_marked: false,
            is_revoked: true,
            added: s.minutes(-90),
            facts: vec![
                fact("created", &["2026-11-20T08:00:00.000Z"], false),
                fact(
                    "description",
                    &[&"Steals credentials of mail accounts. ".repeat(12)],
                    false,
                ),
                fact("malware_types", &["spyware", "keylogger"], false),
                fact(
                    "external_references",
                    &["source_name: report · url: https://x.example/r"],
                    false,
                ),
                fact(
                    "pattern",
                    &["[domain-name:value = 'login-ministry.example']"],
                    true,
                ),
            ],
            json: "{\n  \"type\": \"malware\"\n}".to_owned(),
            known: known(s),
        }),
        id: ID.to_owned(),
        versions: [(-90, "2.1"), (-9_000, "2.0")]
            .map(|(minutes, spec)| ObjectVersion {
                version: s.minutes(minutes),
                added: s.minutes(minutes),
                tlp: Tlp::Green,
                spec,
            })
            .to_vec(),
        elsewhere: vec![Link {
            text: "Shared with the region".to_owned(),
            url: "object.html".to_owned(),
        }],
        may_delete: true,
    }
}

fn fates(counts: [u64; 5]) -> Vec<(&'static str, u64)> {
    FATES.into_iter().zip(counts).collect()
}

fn import(s: &Sample, waits: bool) -> Import {
    let preview = Foreseen {
        is_whole: true,
        broken: String::new(),
        fates: FATES.to_vec(),
        kinds: vec![
            (String::new(), fates([0, 0, 0, 0, 1])),
            ("indicator".to_owned(), fates([1_800, 12, 40, 1, 0])),
            ("malware".to_owned(), fates([158, 0, 1, 0, 1])),
        ],
        labels: vec![(Tlp::Green, true, 1_700), (Tlp::AmberStrict, false, 270)],
        objects: vec![ForeseenRow {
            kind: "malware".to_owned(),
            name: HOSTILE.to_owned(),
            id: ID.to_owned(),
            tlp: Tlp::AmberStrict,
            is_marked: false,
            fate: "new",
        }],
        seers: seers(s),
    };
    Import {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/imports/x/y"),
        head: head(),
        url: "import-report.html".to_owned(),
        row: import_row(s, if waits { "waiting" } else { "cut" }),
        preview: waits.then_some(preview),
        refusals: vec![RefusalRow {
            number: 1_204,
            id: ID.to_owned(),
            why: s.w.t("error-intel-conflict"),
            detail: "this version is here already with other content".to_owned(),
        }],
        refused: 3,
        losses: vec![LossRow {
            place: "/Event/Attribute/*".to_owned(),
            name: "disable_correlation".to_owned(),
            count: 41,
        }],
    }
}

fn export(s: &Sample) -> Export {
    Export {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/collections/x/y/export"),
        head: head(),
        formats: Vec::new(),
        labels: Vec::new(),
        types: Vec::new(),
        file: "collection-export.html".to_owned(),
        objects: 4_211,
        is_whole: false,
        unmarked: 12,
        left_out: vec![(Tlp::Amber, 212), (Tlp::AmberStrict, 38)],
        losses: vec![LossRow {
            place: "malware".to_owned(),
            name: "kill_chain_phases".to_owned(),
            count: 212,
        }],
    }
}

fn tools(s: &Sample) -> Tools {
    Tools {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/collections/tools"),
        taxii: "https://csirt.example/taxii2/".to_owned(),
        roots: vec![Link {
            text: "Intelligence".to_owned(),
            url: "https://csirt.example/taxii2/intel/".to_owned(),
        }],
        is_https: false,
        check: form(
            "/collections/tools",
            s.w.t("tools-check"),
            vec![
                Field::new("key", s.w.t("tools-key"), Control::Password)
                    .hint(s.w.t("hint-tools-key")),
            ],
        ),
        checked: None,
    }
}
