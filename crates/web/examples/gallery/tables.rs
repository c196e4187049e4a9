//! Pages of tables: assets of the constituency, and what an incident hits.

use askama::Template;
use web::{
    views::{
        form::{Control, Field, Form},
        frame::{Link, Pager, Section, Tab},
        tables::{Cell, Find, Table, Tables},
    },
    words::{Layered, Layers},
};

use crate::{Drawn, Sample};

pub(crate) fn draw(s: &Sample) -> Result<Vec<Drawn>, askama::Error> {
    Ok(vec![
        ("constituency", assets(s).render()?),
        ("settings-retention", retention(s).render()?),
        ("infrastructure-hit", hit(s).render()?),
    ])
}

pub(crate) fn blank(s: &Sample, title: &str, intro: &str) -> Tables {
    Tables {
        w: s.w,
        shell: s.shell(Section::Incidents, "/constituency"),
        title: s.w.t(title),
        intro: s.w.t(intro),
        crumbs: vec![Link {
            text: s.w.t("nav-incidents"),
            url: "incidents.html".to_owned(),
        }],
        tabs: Vec::new(),
        acts: Vec::new(),
        facts: Vec::new(),
        find: None,
        picture: None,
        tables: Vec::new(),
        pager: Pager::default(),
        forms: Vec::new(),
        forms_first: false,
    }
}

fn assets(s: &Sample) -> Tables {
    let w = s.w;
    let tab = |(name, here)| Tab {
        text: w.word("constituency-tab", name),
        url: "constituency.html".to_owned(),
        count: None,
        here,
    };
    let row =
        |name: &str, whose: &str, product: &str, version: &str, chip: (&str, &'static str)| {
            vec![
                Cell::text(name).below("INV-0042"),
                Cell::link(whose, "constituency.html"),
                Cell::link(product, "constituency.html").below("Example Works"),
                Cell::styled(version, "mono"),
                Cell::styled(w.word("verdict", chip.0), chip.1),
            ]
        };
    let heads = ["asset", "organisation", "product", "version", "verdict"];
    let file = Field::new("file", w.t("import-file"), Control::Files).hint(w.t("hint-import-file"));
    let form = Form {
        action: "constituency.html".to_owned(),
        csrf: "sample".to_owned(),
        fields: vec![file.required()],
        submit: w.t("import-look"),
        cancel: String::new(),
    };
    Tables {
        tabs: [
            ("assets", true),
            ("matches", false),
            ("calendar", false),
            ("organisations", false),
            ("imports", false),
        ]
        .map(tab)
        .to_vec(),
        facts: vec![
            (
                w.word("asset-head", "due"),
                Cell::styled("2026-11-01", "chip bad"),
            ),
            (
                w.word("asset-head", "about"),
                Cell::styled("A hole.\nTwo lines.", "pre"),
            ),
        ],
        find: Some(Find {
            action: "constituency.html".to_owned(),
            fields: vec![Field::new("name", w.t("asset-name-begins"), Control::Text)],
            clear: Some("constituency.html".to_owned()),
        }),
        tables: vec![Table {
            title: w.t1("assets-n", "n", "1,000"),
            head: heads.map(|name| w.word("asset-head", name)).to_vec(),
            rows: vec![
                row(
                    "mx1.port.example",
                    "Port of Aldoria",
                    "Mail Server 2019",
                    "15.2.986",
                    ("in_range", "chip bad"),
                ),
                row(
                    "خادم-البريد-الرئيسي",
                    "مستشفى المدينة",
                    "Mail Server",
                    "",
                    ("unknown", "chip warn"),
                ),
                row(
                    "a-very-long-name-of-a-machine-that-nobody-can-remember.sub.domain.port.example",
                    "Ministry of the Interior and of Public Administration",
                    "Library",
                    "1:2.0.0~rc1+build.20261121",
                    ("outside", "chip good"),
                ),
            ],
            empty: w.t("assets-empty"),
        }],
        pager: Pager {
            first: None,
            next: Some("constituency.html".to_owned()),
        },
        forms: vec![(w.t("import-new"), form, true)],
        ..blank(s, "constituency", "constituency-intro-assets")
    }
}

fn hit(s: &Sample) -> Tables {
    let w = s.w;
    let layered = |name: &str, about: String, column, needs: &[usize]| Layered {
        name: name.to_owned(),
        about,
        column,
        needs: needs.to_vec(),
    };
    let all = [
        layered("Power, north", w.t("reach-hit"), 0, &[3]),
        layered(
            "City hospital",
            w.t1("reach-fails-after", "n", 8_u64),
            1,
            &[0],
        ),
        layered("Water works", w.t("reach-fails"), 1, &[0]),
        layered("مركز الاتصالات الوطني", w.t("reach-worse"), 2, &[1, 2]),
    ];
    let rows = all.iter().map(|one| {
        vec![
            Cell::link(&one.name, "infrastructure-hit.html"),
            Cell::text(one.column.to_string()),
            Cell::text(&one.about),
        ]
    });
    let heads = ["service", "steps", "fate"];
    Tables {
        picture: Layers::draw(&all, &w.t("reach")),
        tables: vec![Table {
            title: w.t("reach"),
            head: heads
                .map(|name| w.word("infrastructure-head", name))
                .to_vec(),
            rows: rows.collect(),
            empty: w.t("reach-empty"),
        }],
        ..blank(s, "infrastructure-hit", "infrastructure-hit-intro")
    }
}

fn retention(s: &Sample) -> Tables {
    let w = s.w;
    let head = |names: &[&str]| {
        let names = names.iter().map(|name| w.word("retention-head", name));
        names.collect::<Vec<_>>()
    };
    let tab = |name: &str| Tab {
        text: w.word("settings", name),
        url: format!("settings-{name}.html"),
        count: None,
        here: name == "retention",
    };
    let kind = w.word("retention-kind", "personal-data");
    let term = w.t2(
        "retention-term",
        &("period", w.t1("retention-years", "n", 5_u64).as_str()),
        &("since", w.word("retention-since", "closed").as_str()),
    );
    let due = |title: &str, kept: Cell| Table {
        title: w.t(title),
        head: head(&["due", "what", "rule", "kept"]),
        rows: vec![vec![
            Cell::text("2026-11-21"),
            Cell::link("Wiper at St. Brigid", "incident.html"),
            Cell::text(kind.clone()),
            kept,
        ]],
        empty: w.t("retention-nothing-due"),
    };
    let suit = format!("{}: civil suit 12/26", w.word("retention-kept", "hold"));
    Tables {
        shell: s.shell(Section::Settings, "/settings/retention"),
        tabs: ["own", "users", "node", "retention"].map(tab).to_vec(),
        crumbs: Vec::new(),
        tables: vec![
            Table {
                title: w.t("retention-rules"),
                head: head(&["rule", "after", "basis", "set", "press"]),
                rows: vec![vec![
                    Cell::text(kind.clone()),
                    Cell::text(term),
                    Cell::text("Archives Act, section 12"),
                    Cell::text("amina").below("2026-11-20"),
                    Cell::press("settings-retention.html", w.t("retention-unset")),
                ]],
                empty: String::new(),
            },
            due(
                "retention-today",
                Cell::styled(w.t("retention-stays"), "chip warn").below(suit),
            ),
            due("retention-soon", Cell::text(w.t("retention-goes"))),
        ],
        ..blank(s, "retention", "retention-intro")
    }
}
