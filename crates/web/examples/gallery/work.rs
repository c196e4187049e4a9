//! The work on an incident.

use web::views::{
    form::{Choice, Control, Field},
    frame::{Link, Pager},
    work::{AppliedTemplate, IndicatorRow, NoteRow, TaskRow, Work, WorkPart},
};

use crate::{Sample, entry::form};

fn work(s: &Sample, offers: &[&str], open: Option<(&str, Vec<Field>)>, part: WorkPart) -> Work {
    let w = s.w;
    Work {
        url: "#".to_owned(),
        csrf: "x".to_owned(),
        may_edit: true,
        watched: true,
        watchers: 3,
        offers: offers
            .iter()
            .map(|name| Link {
                text: w.word("work-form", name),
                url: "#form".to_owned(),
            })
            .collect(),
        form: open.map(|(name, fields)| {
            let form = form("#", w.t("form-save"), fields);
            (w.word("work-form", name), form)
        }),
        part,
    }
}

pub(crate) fn tasks(s: &Sample) -> Work {
    let w = s.w;
    let task =
        |number, title: &str, assignee: &str, due: Option<i64>, state: &'static str| TaskRow {
            number,
            version: 1,
            title: title.to_owned(),
            detail: String::new(),
            assignee: assignee.to_owned(),
            due: due.map(|minutes| s.minutes(minutes)),
            state,
            open: state == "open" || state == "doing",
            change: "#form".to_owned(),
        };
    let mut rows = vec![
        task(
            2,
            "Is the ambulance service told, and are patients diverted? Note from when",
            "omar.haddad",
            Some(-12),
            "doing",
        ),
        task(
            4,
            "Keep evidence before anything is rebuilt: memory, disks, logs, the ransom note",
            "",
            Some(95),
            "open",
        ),
        task(
            6,
            "Find the way in and close it",
            "rosa.dimas",
            Some(1_300),
            "open",
        ),
        task(
            1,
            "Ask who is in danger now",
            "rosa.dimas",
            Some(-60),
            "done",
        ),
        task(
            9,
            "List the vendors who cut their connections",
            "",
            None,
            "dropped",
        ),
    ];
    if let Some(row) = rows.first_mut() {
        "Dispatch: +990 1 555 0142".clone_into(&mut row.detail);
    }
    let applied = AppliedTemplate {
        name: "Ransomware in a hospital".to_owned(),
        by: ("rosa.dimas".to_owned(), s.minutes(-75)),
        points: ["First access", "Encryption noticed", "First system back"]
            .map(str::to_owned)
            .to_vec(),
        moments: vec![w.word("clock-moment", "awareness")],
    };
    let part = WorkPart::Tasks(rows, vec![applied]);
    work(s, &["task", "template"], None, part)
}

pub(crate) fn notes(s: &Sample) -> Work {
    let w = s.w;
    let note = |minutes, text: &str| NoteRow {
        who: "omar.haddad".to_owned(),
        at: s.minutes(minutes),
        text: text.to_owned(),
    };
    let part = WorkPart::Notes {
        notes: vec![
            note(
                -20,
                "@rosa.dimas the laboratory is on paper until Thursday.",
            ),
            note(
                -90,
                "Spoke to the night manager.\nTwo wards have no phones.",
            ),
        ],
        unseen: 1,
        lessons: vec![(
            "failed",
            note(-5, "The list of telephone numbers was on the server."),
        )],
        figures: vec![
            (w.t("figure-until-detected"), w.span(&7_200)),
            (
                w.t("figure-tasks"),
                w.t2("figure-of", &("n", 4_u64), &("all", 12_u64)),
            ),
        ],
    };
    let body = Field::new("body", w.t("field-note-body"), Control::Area(4))
        .hint(w.t("hint-mention"))
        .required();
    work(s, &["lesson"], Some(("note", vec![body])), part)
}

pub(crate) fn indicators(s: &Sample) -> Work {
    let w = s.w;
    let row = |kind: &str, value: &str| IndicatorRow {
        kind: kind.to_owned(),
        value: value.to_owned(),
        search: "#".to_owned(),
        by: ("rosa.dimas".to_owned(), s.minutes(-30)),
    };
    let part = WorkPart::Indicators {
        rows: vec![
            row("ipv4", "203.0.113.7"),
            row(
                "url",
                "https://bad.example/a/very/long/path/that/goes/on/and/on?with=a&query=of-its-own",
            ),
            row(
                "sha256",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            ),
        ],
        all: 3,
        pager: Pager::default(),
    };
    let found = |value: &str, chosen| Choice {
        value: value.to_owned(),
        text: value.to_owned(),
        chosen,
    };
    let all = vec![
        found("evil.example · domain", true),
        found("10.0.0.4 · ipv4", false),
    ];
    let field =
        Field::new("indicators", w.t("field-found"), Control::Many(all)).hint(w.t("hint-found"));
    work(s, &["text", "hand"], Some(("keep", vec![field])), part)
}
