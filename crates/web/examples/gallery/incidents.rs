//! The register.

use askama::Template;
use kernel::Tlp;
use web::{
    views::{
        form::{Control, Field},
        frame::{Link, Pager, Section, Tab},
        incident::{
            Attachment, Change, Figure, Filters, Incident, IncidentConflict, IncidentEdit,
            IncidentHead, IncidentLink, IncidentRow, Incidents, Known, Part, Statement, Steps,
            Summary, TimelineEntry,
        },
        severity::Severity,
    },
    words::Fidelity,
};

use crate::{
    Drawn, Sample,
    clocks::clocks,
    entry::{choices, form},
    severity::{offers, severity},
    work,
};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    let mut pages = vec![
        ("incidents", list(s, 20).render()?),
        ("incidents-empty", list(s, 0).render()?),
        ("incident-edit", edit(s).render()?),
        ("incident-conflict", conflict(s).render()?),
    ];
    for (name, tab, part) in parts(s) {
        pages.push((
            name,
            Incident {
                w: s.w,
                shell: s.shell(Section::Incidents, "/incidents/x"),
                head: head(s, tab),
                part,
            }
            .render()?,
        ));
    }
    Ok(pages)
}

fn list(s: &Sample, rows: usize) -> Incidents {
    let titles = [
        (
            "Ransomware at the northern hospitals",
            "Northern Health Network",
            "health",
            "information-content-security/data-loss",
            "investigating",
            Tlp::Amber,
            Some(4),
        ),
        (
            "Denial of service against the tax portal",
            "",
            "public-administration",
            "availability/ddos",
            "contained",
            Tlp::Green,
            Some(2),
        ),
        (
            "Credentials of the port authority offered for sale on a forum that is known for such offers",
            "Port of Meridia",
            "transport",
            "intrusions/privileged-account-compromise",
            "open",
            Tlp::AmberStrict,
            None,
        ),
        (
            "Phishing in the name of the central bank",
            "Central Bank",
            "banking",
            "fraud/phishing",
            "closed",
            Tlp::Clear,
            Some(1),
        ),
        (
            "Destructive code in the control network of a grid operator",
            "Aldoria Grid",
            "energy",
            "malicious-code/malware-distribution",
            "investigating",
            Tlp::Red,
            Some(5),
        ),
    ];
    let fidelities = [
        Fidelity::Minute,
        Fidelity::Day,
        Fidelity::Month,
        Fidelity::Year,
    ];
    let row = |(at, &(title, victim, sector, class, state, tlp, level)): (
        usize,
        &(&str, &str, &str, &str, &str, Tlp, Option<u8>),
    )| IncidentRow {
        url: "incident.html".to_owned(),
        title: title.to_owned(),
        victim: victim.to_owned(),
        countries: format!("{}, {}", s.w.state("XA"), s.w.state("XC")),
        sectors: vec![sector.to_owned()],
        class: class.to_owned(),
        began: fidelities.get(at % 4).map(|&fidelity| Known {
            at: s.minutes(-3_000),
            fidelity,
        }),
        state: state.to_owned(),
        level,
        tlp,
    };
    Incidents {
        w: s.w,
        reports: Some(3),
        rooms: Vec::new(),
        shell: s.shell(Section::Incidents, "/incidents"),
        filters: Filters {
            countries: vec![],
            sectors: choices(s, "sector", &["health", "energy", "transport"]),
            classes: choices(s, "rsit", &["availability", "intrusions", "fraud"]),
            levels: choices(s, "level", &["5", "4", "3", "2", "1", "0"]),
            states: choices(
                s,
                "investigation",
                &["open", "investigating", "contained", "closed"],
            ),
            ..Filters::default()
        },
        rows: titles
            .iter()
            .cycle()
            .take(rows)
            .enumerate()
            .map(row)
            .collect(),
        pager: Pager {
            first: None,
            next: (rows > 0).then(|| "incidents.html".to_owned()),
        },
        may_add: true,
    }
}

pub(crate) fn head(s: &Sample, here: &str) -> IncidentHead {
    let tabs = [
        ("summary", None),
        ("harm", Some(2)),
        ("severity", None),
        ("care", None),
        ("clocks", Some(1)),
        ("timeline", Some(4)),
        ("tasks", None),
        ("notes", None),
        ("indicators", None),
        ("evidence", None),
        ("sources", Some(2)),
        ("links", Some(2)),
        ("attachments", Some(1)),
        ("history", None),
    ];
    IncidentHead {
        warnings: Vec::new(),
        hits: None,
        merged: crate::custody::merged(),
        split: web::views::split::SplitBand::default(),
        url: "incident.html".to_owned(),
        id: "incident--8c0f2c1e-94b6-4c3a-9c29-0f4f4f6b7f10".to_owned(),
        title: "Ransomware at the northern hospitals".to_owned(),
        countries: ["XA", "XC"]
            .map(|code| Link {
                text: s.w.state(code),
                url: "incidents.html".to_owned(),
            })
            .to_vec(),
        worldwide: false,
        sectors: vec!["health".to_owned()],
        class: "information-content-security/data-loss".to_owned(),
        state: "investigating".to_owned(),
        level: Some(4),
        range: Some((4, 5)),
        tlp: Tlp::Amber,
        version: 8,
        changed: s.minutes(-35),
        may_edit: true,
        export: Some("incident-export.html".to_owned()),
        may_send: true,
        delete: Some("incident-delete.html".to_owned()),
        steps: Some(Steps {
            next: Some("contain"),
            further: vec!["close"],
            back: None,
        }),
        band: vec![
            (0, 300, "Nov 2026".to_owned()),
            (320, 40, "19 Nov".to_owned()),
            (420, 6, "19 Nov 04:10 UTC".to_owned()),
            (500, 490, "20 Nov".to_owned()),
        ],
        tabs: tabs
            .map(|(name, count)| Tab {
                text: s.w.word("tab", name),
                url: format!("incident-{name}.html"),
                count,
                here: name == here,
            })
            .to_vec(),
    }
}

pub(crate) fn parts(s: &Sample) -> Vec<(&'static str, &'static str, Part)> {
    let w = s.w;
    let fact = |key: &str, value: &str| (w.t(key), value.to_owned());
    let known = |minutes, fidelity| Known {
        at: s.minutes(minutes),
        fidelity,
    };
    let entry = |at, text: &str| TimelineEntry {
        at,
        text: text.to_owned(),
        source: "Report of the hospital network, 19 November".to_owned(),
    };
    let file = Attachment {
        name: "ransom-note.txt".to_owned(),
        url: "#".to_owned(),
        size: "3.1 KiB".to_owned(),
        media_type: "text/plain".to_owned(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        tlp: Tlp::Amber,
        added: Some((s.minutes(-400), "rosa.dimas".to_owned())),
    };
    let link = |kind: &str, text: &str| IncidentLink {
        kind: kind.to_owned(),
        text: text.to_owned(),
        url: "thread.html".to_owned(),
        about: w.state("XB"),
    };
    let change = |minutes, what: &str, why: &str| Change {
        at: s.minutes(minutes),
        who: "rosa.dimas".to_owned(),
        what: what.to_owned(),
        why: why.to_owned(),
        fields: if minutes == -35 {
            vec![
                (
                    w.t("changed-title"),
                    "Ransomware".to_owned(),
                    "Ransomware at the northern hospitals".to_owned(),
                ),
                (w.t("changed-victims"), "XA".to_owned(), "XA, XC".to_owned()),
            ]
        } else {
            Vec::new()
        },
    };
    vec![
        ("incident", "summary", Part::Summary(Summary {
            text: "On 19 November at 04:10 UTC the night shift found patient records encrypted in four hospitals. Ambulances were sent to other hospitals for eleven hours. Two of four sites work on paper.\n\nThe servers that gave the orders stand, as far as is known, on the territory of Brevonia.".to_owned(),
            facts: vec![fact("fact-organisation", "Northern Health Network"), fact("fact-victims", "Aldoria, Cardova"), fact("fact-period", "19 Nov 2026 04:10 UTC – today"), fact("fact-determination", &w.t("determination-confirmed")), fact("fact-cross-border", &w.t("yes"))],
            attributions: vec!["A group that calls itself “Nightjar” claimed it on 20 November.".to_owned()],
            threads: vec![Link { text: "Hospital ransomware: request to mitigate".to_owned(), url: "thread.html".to_owned() }],
        })),
        ("incident-harm", "harm", Part::Sheet(Box::new(crate::sheet::harm(s)))),
        ("incident-care", "care", Part::Sheet(Box::new(crate::sheet::care(s)))),
        ("incident-care-empty", "care", Part::Sheet(Box::new(crate::sheet::empty(s)))),
        ("incident-severity", "severity", Part::Severity(Box::new(severity(s)))),
        ("incident-severity-empty", "severity", Part::Severity(Box::new(Severity { offers: offers(s), ..Severity::default() }))),
        ("incident-clocks", "clocks", Part::Clocks(Box::new(clocks(s)))),
        ("incident-timeline", "timeline", Part::Timeline { form: None, pager: Pager { first: None, next: None }, entries: vec![
            entry(known(-40_000, Fidelity::Month), "First access through a supplier's account"),
            entry(known(-3_500, Fidelity::Day), "Backups deleted"),
            entry(known(-3_430, Fidelity::Minute), "Records encrypted in four hospitals"),
            entry(known(-200, Fidelity::Minute), "Two sites restored"),
        ] }),
        ("incident-tasks", "tasks", Part::Work(Box::new(work::tasks(s)))),
        ("incident-notes", "notes", Part::Work(Box::new(work::notes(s)))),
        ("incident-indicators", "indicators", Part::Work(Box::new(work::indicators(s)))),
        crate::custody::tab(s),
        ("incident-sources", "sources", Part::Sources {
            statements: vec![
                statement(s, "Northern Health Network", "account", "Ambulances were diverted for eleven hours; 214 operations were postponed.", ""),
                statement(s, "“Nightjar”", "claim", "Claims 2.1 million patient records.", "Nightjar"),
            ],
            figures: vec![figure("Operations postponed", "at least 214", "A"), figure("Patient records", "2,100,000", "D")],
            form: None,
        }),
        ("incident-links", "links", Part::Links { links: vec![link("thread", "Hospital ransomware: request to mitigate"), link("url", "Press release of the ministry")], form: None }),
        ("incident-attachments", "attachments", Part::Attachments { files: vec![file], form: Some(form("#", w.t("form-add"), vec![Field::new("files", w.t("field-files"), Control::Files).hint(w.t1("hint-files", "max", "50 MB")).required()])) }),
        ("incident-history", "history", Part::History(vec![change(-35, "Changed: description, victims", "Two sites restored"), change(-400, "Attached ransom-note.txt", ""), change(-900, "Added", "Report by telephone")], Pager::default())),
    ]
}

fn statement(s: &Sample, who: &str, kind: &str, text: &str, actor: &str) -> Statement {
    Statement {
        who: who.to_owned(),
        document: "Report of 19 November, line 12".to_owned(),
        at: Some(Known {
            at: s.minutes(-3_300),
            fidelity: Fidelity::Day,
        }),
        kind: kind.to_owned(),
        text: text.to_owned(),
        actor: actor.to_owned(),
        note: String::new(),
    }
}

fn figure(what: &str, value: &str, grade: &str) -> Figure {
    Figure {
        what: what.to_owned(),
        value: value.to_owned(),
        grade: grade.to_owned(),
        source: "Report of 19 November".to_owned(),
        note: "Provisional.".to_owned(),
    }
}

fn edit(s: &Sample) -> IncidentEdit {
    let w = s.w;
    let mut form = form(
        "/incidents/x/edit",
        w.t("form-save"),
        vec![
            Field::new("title", w.t("field-title"), Control::Text)
                .required()
                .longest(200)
                .value("Ransomware at the northern hospitals"),
            Field::new("description", w.t("field-description"), Control::Area(8)).value(
                "On 19 November at 04:10 UTC the night shift found patient records encrypted.",
            ),
            Field::new(
                "sectors",
                w.t("field-sectors"),
                Control::Many(choices(s, "sector", &["health", "energy", "transport"])),
            )
            .value("health"),
            Field::new(
                "rsit",
                w.t("field-rsit"),
                Control::Select(choices(s, "rsit", &["availability", "intrusions"])),
            )
            .short(),
            Field::new("from", w.t("field-from"), Control::Text)
                .hint(w.t("hint-dated"))
                .short()
                .value("19 November")
                .wrong(w.t("error-incident-invalid")),
            Field::new("tlp", w.t("field-tlp"), Control::Select(vec![]))
                .hint(w.t("hint-tlp"))
                .required()
                .short(),
            Field::new("cross_border", w.t("field-cross-border"), Control::Tick).value("on"),
        ],
    );
    "incident.html".clone_into(&mut form.cancel);
    IncidentEdit {
        w,
        shell: s.shell(Section::Incidents, "/incidents/x/edit"),
        title: "Ransomware at the northern hospitals".to_owned(),
        back: "incident.html".to_owned(),
        form,
    }
}

fn conflict(s: &Sample) -> IncidentConflict {
    let w = s.w;
    IncidentConflict {
        w,
        shell: s.shell(Section::Incidents, "/incidents/x/edit"),
        title: "Ransomware at the northern hospitals".to_owned(),
        url: "incident.html".to_owned(),
        other: ("li.wen".to_owned(), s.minutes(-2)),
        version: 9,
        differences: vec![
            (
                w.t("field-title"),
                "Ransomware at four northern hospitals".to_owned(),
                "Ransomware at the northern hospitals".to_owned(),
            ),
            (
                w.t("field-tlp"),
                "AMBER+STRICT".to_owned(),
                "AMBER".to_owned(),
            ),
        ],
        form: form(
            "/incidents/x/edit",
            w.t1("conflict-save", "version", 10_u64),
            vec![Field::new("version", String::new(), Control::Hidden).value("9")],
        ),
    }
}
