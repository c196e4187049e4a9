//! Writing a message.

use askama::Template;
use web::views::{
    compose::{Compose, DeskChoice, Leaf, Preview, Start},
    form::{Control, Field, Form},
    frame::{Link, Section},
    thread::MarkState,
};

use crate::{
    Drawn, Sample,
    entry::{choices, form},
    exchange::{mark, notification},
};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("compose-start", start(s).render()?),
        ("compose", compose(s).render()?),
        ("preview", preview(s, "").render()?),
        ("preview-forbidden", preview(s, &forbidden(s)).render()?),
    ])
}

fn forbidden(s: &Sample) -> String {
    s.w.t2(
        "preview-forbidden-tlp",
        &("tlp", "TLP:RED"),
        &("party", s.w.state("XB")),
    )
}

fn start(s: &Sample) -> Start {
    let desk = |name: &str, kind: &str| DeskChoice {
        value: name.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        chosen: false,
    };
    Start {
        w: s.w,
        shell: s.shell(Section::Exchange, "/compose"),
        incident: Some((
            Link {
                text: "Ransomware at the northern hospitals".to_owned(),
                url: "incident.html".to_owned(),
            },
            "incident--x".to_owned(),
        )),
        kinds: vec!["NOTIFY-INC", "NOTIFY-ORIG", "RFI", "RFM", "PING"],
        kind: "NOTIFY-ORIG".to_owned(),
        desks: vec![
            (
                s.party("XB"),
                vec![
                    desk("National Cyber Desk", "technical"),
                    desk("Ministry of Foreign Affairs", "diplomatic"),
                ],
            ),
            (s.party("XC"), vec![desk("CERT-XC", "technical")]),
        ],
    }
}

fn compose(s: &Sample) -> Compose {
    let w = s.w;
    let mut form = form(
        "preview.html",
        w.t("form-preview"),
        vec![
            Field::new("subject", w.t("field-subject"), Control::Text)
                .required()
                .longest(200),
            Field::new("text", w.t("field-text"), Control::Area(8))
                .required()
                .longest(100_000),
            Field::new("assets", w.t("field-assets"), Control::Area(4))
                .hint(w.t("hint-assets"))
                .required(),
            Field::new(
                "measures",
                w.t("field-measures"),
                Control::Many(choices(
                    s,
                    "measure",
                    &["takedown", "filter", "notify_owner", "investigate"],
                )),
            ),
            Field::new("least_harm", w.t("field-least-harm"), Control::Area(2)),
            Field::new(
                "urgency",
                w.t("field-urgency"),
                Control::Select(choices(s, "urgency", &["routine", "urgent", "flash"])),
            )
            .required()
            .short(),
            Field::new("ack_due", w.t("field-ack-due"), Control::Moment)
                .hint(w.t("hint-due"))
                .short()
                .value("2026-11-22T13:20")
                .wrong(w.t("wrong-past")),
            Field::new("files", w.t("field-files"), Control::Files).hint(w.t1(
                "hint-files",
                "max",
                "50 MB",
            )),
        ],
    );
    "threads.html".clone_into(&mut form.cancel);
    Compose {
        w,
        shell: s.shell(Section::Exchange, "/compose/write"),
        kind: "RFM".to_owned(),
        to: s.party("XB"),
        desk: "National Cyber Desk".to_owned(),
        back: Link {
            text: w.t("thread-new"),
            url: "compose-start.html".to_owned(),
        },
        follows: None,
        fixed: "fixed-voluntary",
        form,
    }
}

fn preview(s: &Sample, forbidden: &str) -> Preview {
    let w = s.w;
    let to = s.party("XB");
    let leaf = |what: String, sealed, size: &str| Leaf {
        what,
        sealed,
        readers: w.t1(
            if sealed {
                "leaf-readers-sealed"
            } else {
                "leaf-readers-node"
            },
            "party",
            &to.name,
        ),
        size: size.to_owned(),
    };
    let confirm: Form = form(
        "#",
        w.t1("preview-send", "party", &to.name),
        vec![
            Field::new(
                "confirm",
                w.t1("field-confirm", "party", &to.name),
                Control::Text,
            )
            .required()
            .short(),
        ],
    );
    let mut message = notification(s);
    message.marks = vec![
        mark("acknowledged", MarkState::Waiting, Some(s.minutes(1_440))),
        mark("answered", MarkState::Waiting, Some(s.minutes(4_320))),
    ];
    Preview {
        w,
        shell: s.shell(Section::Exchange, "/compose/preview"),
        seers: vec![
            w.t2(
                "preview-seal-sentence",
                &("party", &to.name),
                &("desk", "National Cyber Desk"),
            ),
            w.t2(
                "audience-house",
                &("party", &to.name),
                &("desk", "National Cyber Desk"),
            ),
            w.t2(
                "preview-own-sentence",
                &("tlp", "TLP:AMBER+STRICT"),
                &("party", &to.name),
            ),
            w.t("preview-witness-sentence"),
        ],
        leaves: vec![
            leaf(w.t("leaf-header"), false, "1.4 KiB"),
            leaf(
                w.t("leaf-body"),
                true,
                &w.t1("leaf-padded", "size", "8 KiB"),
            ),
            leaf(
                w.t1("leaf-attachment", "name", "firewall-extract.csv"),
                true,
                &w.t1("leaf-padded", "size", "2 MB"),
            ),
        ],
        open: vec![
            ("kind".to_owned(), "NOTIFY-ORIG".to_owned()),
            ("to.party".to_owned(), "XB".to_owned()),
            ("tlp".to_owned(), "AMBER+STRICT".to_owned()),
        ],
        forbidden: forbidden.to_owned(),
        confirm,
        change_url: "compose.html",
        to,
        message,
    }
}
