//! Feeds and servers.

use askama::Template;
use kernel::Tlp;
use web::views::{
    form::{Choice, Control, Field, Form},
    frame::{Link, Pager, Section, Tab},
    remotes::{NoteRow, Remote, RemoteEdit, RemoteRow, RemoteRun, Remotes, RunRow, StepRow},
};

use crate::{
    Drawn, Sample,
    entry::{choices, form},
};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("remotes", list(s, true).render()?),
        ("remotes-empty", list(s, false).render()?),
        ("remote-new", which(s).render()?),
        ("remote-edit", edit(s).render()?),
        ("remote", remote(s).render()?),
        ("remote-push", push(s).render()?),
        ("remote-run", run_page(s).render()?),
    ])
}

fn run(s: &Sample, outcome: &'static str, minutes: i64) -> RunRow {
    let is_whole = outcome == "complete";
    RunRow {
        url: "remote-run.html".to_owned(),
        outcome,
        started: s.minutes(minutes),
        ended: (outcome != "running").then(|| s.minutes(minutes + 1)),
        why: if is_whole || outcome == "running" {
            String::new()
        } else {
            s.w.t("why-taxii-unauthorised")
        },
        detail: if is_whole || outcome == "running" {
            String::new()
        } else {
            "the server answers 401 Unauthorized".to_owned()
        },
        received: 4_211,
        added: 212,
        known: 3_961,
        sent: 204,
        refused: if is_whole { 38 } else { 0 },
        withdrawn: 2,
        noted: if is_whole { 42 } else { 0 },
    }
}

fn row(
    s: &Sample,
    name: &str,
    (kind, direction): (&'static str, &'static str),
    last: Option<RunRow>,
) -> RemoteRow {
    RemoteRow {
        url: "remote.html".to_owned(),
        name: name.to_owned(),
        host: "intelligence-exchange.national-csirt.example".to_owned(),
        kind,
        direction,
        collection: Link {
            text: "Phishing against ministries".to_owned(),
            url: "collection.html".to_owned(),
        },
        enabled: true,
        due: s.minutes(48),
        failures: 0,
        last,
    }
}

fn list(s: &Sample, is_full: bool) -> Remotes {
    let done = || Some(run(s, "complete", -12));
    let failing = RemoteRow {
        failures: 4,
        ..row(
            s,
            "Partner feed",
            ("taxii", "pull"),
            Some(run(s, "failed", -190)),
        )
    };
    let off = RemoteRow {
        enabled: false,
        ..row(s, "OSINT of the region", ("misp-feed", "pull"), None)
    };
    Remotes {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/remotes"),
        rows: if is_full {
            vec![
                row(s, "MISP of Brevonia", ("misp", "pull"), done()),
                row(s, "To the regional hub", ("misp", "push"), done()),
                failing,
                off,
                row(
                    s,
                    "CTI vendor",
                    ("taxii", "pull"),
                    Some(run(s, "running", -1)),
                ),
            ]
        } else {
            vec![]
        },
    }
}

fn which(s: &Sample) -> RemoteEdit {
    RemoteEdit {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/remotes/new"),
        page: None,
        kind: String::new(),
        direction: String::new(),
        ways: vec![
            ("taxii", "pull"),
            ("taxii", "push"),
            ("misp", "pull"),
            ("misp", "push"),
            ("misp-feed", "pull"),
        ],
        has_collection: true,
        form: None,
    }
}

fn fields(s: &Sample) -> Vec<Field> {
    let w = s.w;
    let collection = Choice {
        value: "intel/x".to_owned(),
        text: "Phishing against ministries".to_owned(),
        chosen: true,
    };
    let schemes = choices(s, "remote-scheme", &["keep", "key"]);
    vec![
        Field::new("title", w.t("remote-name"), Control::Text)
            .hint(w.t("hint-remote-name"))
            .required()
            .value("MISP of Brevonia"),
        Field::new("address", w.t("remote-address"), Control::Text)
            .hint(w.t("hint-remote-address-misp"))
            .required()
            .value("misp.brevonia.example")
            .wrong(w.t("remote-wrong-address")),
        Field::new(
            "here",
            w.t("remote-here"),
            Control::Select(vec![collection]),
        )
        .hint(w.t("hint-remote-here-push"))
        .required(),
        Field::new("tags", w.t("remote-tags"), Control::Area(3)).hint(w.t("hint-remote-tags")),
        Field::new("withdraw", w.t("remote-withdraw"), Control::Tick)
            .hint(w.t("hint-remote-withdraw"))
            .value("on"),
        Field::new("scheme", w.t("remote-scheme"), Control::Select(schemes))
            .required()
            .short(),
        Field::new("secret", w.t("remote-secret"), Control::NewPassword)
            .hint(w.t("hint-remote-secret-again")),
        Field::new("authority", w.t("remote-authority"), Control::Area(3))
            .hint(w.t("hint-remote-authority")),
    ]
}

fn edit(s: &Sample) -> RemoteEdit {
    RemoteEdit {
        page: Some(Link {
            text: "MISP of Brevonia".to_owned(),
            url: "remote-push.html".to_owned(),
        }),
        kind: "misp".to_owned(),
        direction: "push".to_owned(),
        form: Some(Form {
            cancel: "remote-push.html".to_owned(),
            ..form("/remotes/x/edit", s.w.t("form-save"), fields(s))
        }),
        ..which(s)
    }
}

fn step(step: &str, came: &'static str, detail: &str) -> StepRow {
    StepRow {
        step: step.to_owned(),
        came,
        detail: detail.to_owned(),
        advice: String::new(),
    }
}

fn remote(s: &Sample) -> Remote {
    let refused = StepRow {
        advice: s.w.t("remote-advice-authentication"),
        ..step(
            "authentication",
            "no",
            "the server answers 401 Unauthorized",
        )
    };
    Remote {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/remotes/x"),
        row: RemoteRow {
            failures: 4,
            ..row(
                s,
                "Partner feed",
                ("taxii", "pull"),
                Some(run(s, "failed", -190)),
            )
        },
        address: "https://intelligence-exchange.national-csirt.example/taxii2/".to_owned(),
        label: Tlp::AmberStrict,
        every: 3_600,
        scheme: "basic".to_owned(),
        selection: vec![(s.w.t("remote-their-collection"), "indicators".to_owned())],
        progress: "{\n  \"series\": {\n    \"after\": \"2026-11-21T09:00:00.000Z\"\n  }\n}"
            .to_owned(),
        steps: vec![
            step("name", "yes", ""),
            step("network", "yes", ""),
            step("connect", "yes", ""),
            step("tls", "not-tried", "the address asks for none"),
            step("answer", "yes", ""),
            refused,
            step("version", "not-tried", ""),
            step("root", "not-tried", ""),
            step("defect", "odd", "answers are called application/json"),
        ],
        defects: vec![note(s, "defect", "", "why-taxii-no-fraction")],
        begin: None,
        seen_by: String::new(),
        runs: vec![
            run(s, "failed", -190),
            run(s, "complete", -250),
            run(s, "cut", -310),
        ],
        pager: Pager {
            first: None,
            next: Some("remote.html".to_owned()),
        },
    }
}

fn push(s: &Sample) -> Remote {
    let host = "misp.brevonia.example";
    let confirm = Field::new("confirm", s.w.t("remote-confirm"), Control::Text)
        .hint(host.to_owned())
        .required();
    let row = RemoteRow {
        enabled: false,
        host: host.to_owned(),
        ..row(s, "MISP of Brevonia", ("misp", "push"), None)
    };
    Remote {
        seen_by: s.w.t3(
            "remote-seen-by",
            &("collection", "Phishing against ministries"),
            &("tlp", "GREEN"),
            &("host", host),
        ),
        begin: Some(form(
            "/remotes/x/on",
            s.w.t1("remote-begin-to", "host", host),
            vec![confirm],
        )),
        row,
        address: format!("https://{host}/"),
        label: Tlp::Green,
        scheme: "key".to_owned(),
        selection: Vec::new(),
        progress: String::new(),
        steps: Vec::new(),
        defects: Vec::new(),
        runs: Vec::new(),
        pager: Pager::default(),
        ..remote(s)
    }
}

fn note(s: &Sample, what: &'static str, subject: &str, why: &str) -> NoteRow {
    NoteRow {
        what,
        subject: subject.to_owned(),
        why: s.w.t(why),
        detail: "moments have no fraction of a second; the last second is asked for again"
            .to_owned(),
    }
}

fn run_page(s: &Sample) -> RemoteRun {
    let tab = |text: String, count, here| Tab {
        text,
        url: "remote-run.html".to_owned(),
        count: Some(count),
        here,
    };
    let object = "indicator--31b940d4-6f7f-459a-80ea-9c1f17b58abc 2026-11-20T10:00:00.000Z";
    RemoteRun {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/remotes/x/runs/y"),
        page: Link {
            text: "CTI vendor".to_owned(),
            url: "remote.html".to_owned(),
        },
        direction: "pull",
        run: run(s, "complete", -12),
        tabs: vec![
            tab(s.w.t("run-told-all"), 42, true),
            tab(s.w.t("note-tab-refused"), 38, false),
            tab(s.w.t("note-tab-withdrawn"), 2, false),
            tab(s.w.t("note-tab-defect"), 2, false),
        ],
        notes: vec![
            note(s, "refused", object, "error-intel-ceiling"),
            note(s, "withdrawn", object, "why-misp-gone"),
            note(s, "defect", "taxii", "why-taxii-no-fraction"),
        ],
        left_out: 212,
        pager: Pager {
            first: None,
            next: Some("remote-run.html".to_owned()),
        },
    }
}
