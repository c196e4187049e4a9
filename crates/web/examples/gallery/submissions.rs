//! Reports for authorities, and what crosses borders.

use askama::Template;
use web::views::{
    form::{Control, Field},
    frame::Link,
    tables::{Cell, Table, Tables},
};

use crate::{
    Drawn, Sample,
    entry::{choices, form},
    tables::blank,
};

pub(crate) fn draw(s: &Sample) -> Result<Vec<Drawn>, askama::Error> {
    Ok(vec![
        ("incident-submission", one(s).render()?),
        ("incident-submission-new", new(s).render()?),
        ("incidents-cross-border", crossing(s).render()?),
    ])
}

fn stage(s: &Sample, stage: &str) -> String {
    let (stage, regime) = (s.w.word("clock-stage", stage), s.w.word("regime", "nis2"));
    format!("{stage} · {regime}")
}

fn part(s: &Sample, part: &str) -> String {
    s.w.word("submission-part", part)
}

fn one(s: &Sample) -> Tables {
    let w = s.w;
    let offer = |nature: &str| Link {
        text: w.word("submission-nature", nature),
        url: "incident-submission-new.html".to_owned(),
    };
    let when = ("when", "20 Nov 2026 13:02 UTC".to_owned());
    let gone = w.t2("submission-released", &when, &("who", "rosa.dimas"));
    let release = || Cell::press("/x", w.t("submission-release"));
    let state = |code: &str, style| {
        vec![
            Cell::text(w.t("clock-state")),
            Cell::styled(w.word("clock-is", code), style),
        ]
    };
    let file = |key: &str| Cell::link(w.t(key), "#");
    let table = |title: &str, rows| Table {
        title: title.to_owned(),
        head: vec![w.t("submission-part"), w.t("submission-gone")],
        rows,
        empty: String::new(),
    };
    Tables {
        title: format!("1 · {}", stage(s, "early-warning")),
        intro: String::new(),
        acts: ["correction", "supplement"].map(offer).into(),
        facts: vec![
            (
                part(s, "facts"),
                Cell::styled(
                    "Two wards of the clinic have no access to their records.\nPatients are sent to other houses.",
                    "pre",
                ),
            ),
            (
                part(s, "personal-data"),
                Cell::styled("Records of about 300 patients may have been read.", "pre"),
            ),
        ],
        tables: vec![
            table(
                "National CSIRT",
                vec![
                    state("in-time", "chip"),
                    vec![Cell::text(part(s, "facts")), Cell::text(gone)],
                    vec![Cell::text(w.t("submission-file")), file("submission-text")],
                    vec![Cell::default(), file("submission-json")],
                ],
            ),
            table(
                "Data Protection Commission",
                vec![
                    state("overdue", "chip bad"),
                    vec![Cell::text(part(s, "facts")), release()],
                    vec![Cell::text(part(s, "personal-data")), release()],
                ],
            ),
        ],
        ..blank(s, "submissions", "submissions-intro")
    }
}

fn new(s: &Sample) -> Tables {
    let w = s.w;
    let stages = Control::Select(choices(
        s,
        "clock-stage",
        &["early-warning", "notification", "final"],
    ));
    let mut fields = vec![Field::new("stage", w.t("field-stage"), stages).required()];
    for name in ["facts", "impact", "technical"] {
        let label = part(s, name);
        let text = Field::new(&format!("text-{name}"), label.clone(), Control::Area(4));
        fields.push(text.value("Two wards of the clinic have no access to their records."));
        let all = choices(s, "submission-nature", &["first", "correction"]);
        let label = w.t1("submission-part-for", "part", label);
        fields.push(Field::new(&format!("for-{name}"), label, Control::Many(all)).value("first"));
    }
    let others = Field::new("others", w.t("field-others"), Control::Area(2));
    fields.push(others.hint(w.t("hint-others")));
    let form = form("#", w.t("submission-write"), fields);
    Tables {
        forms: vec![(w.t("submission-new"), form, true)],
        tables: vec![Table {
            head: ["submission", "submission-written", "submission-for"]
                .map(|key| w.t(key))
                .into(),
            empty: w.t("submissions-empty"),
            ..Table::default()
        }],
        ..blank(s, "submissions", "submissions-intro")
    }
}

fn crossing(s: &Sample) -> Tables {
    let w = s.w;
    let due = w.t1(
        "crossing-due-at",
        "when",
        "21 Nov 2026 10:00 UTC".to_owned(),
    );
    let stages = format!(
        "{}: {due}\n{}: {}",
        stage(s, "early-warning"),
        stage(s, "final"),
        w.t("clock-is-waiting")
    );
    let passed = format!(
        "20 Nov 2026 13:02 UTC · National CSIRT · {} · {}",
        stage(s, "early-warning"),
        part(s, "facts")
    );
    let row = vec![
        Cell::link("Ransomware in a group of clinics", "incident.html").below("Aldoria, Brevonia"),
        Cell::styled(stages, "pre").below(w.t("clock-is-overdue")),
        Cell::styled(passed, "pre"),
    ];
    let head = ["crossing-incident", "crossing-due", "crossing-passed"];
    Tables {
        tables: vec![Table {
            head: head.map(|key| w.t(key)).into(),
            rows: vec![row],
            ..Table::default()
        }],
        ..blank(s, "crossings", "crossings-intro")
    }
}
