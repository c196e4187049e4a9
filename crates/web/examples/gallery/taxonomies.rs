//! Pages of taxonomies and of the classes of an incident.

use askama::Template;
use web::views::{
    form::{Choice, Control, Field, Form},
    frame::Section,
    tables::{Cell, Table, Tables},
};

use crate::{Drawn, Sample, tables};

const CODE: &str = "information-content-security/unauthorised-information-modification";

pub(crate) fn draw(s: &Sample) -> Result<Vec<Drawn>, askama::Error> {
    Ok(vec![
        ("taxonomies", list(s).render()?),
        ("incident-classes", classes(s).render()?),
    ])
}

fn blank(s: &Sample, title: &str, intro: &str) -> Tables {
    Tables {
        shell: s.shell(Section::Incidents, "/taxonomies"),
        ..tables::blank(s, title, intro)
    }
}

fn table(s: &Sample, (title, family, names): (&str, &str, &[&str]), rows: Vec<Vec<Cell>>) -> Table {
    let head = names.iter().map(|name| match family {
        "" => s.w.t(name),
        family => s.w.word(family, name),
    });
    Table {
        title: title.to_owned(),
        head: head.collect(),
        rows,
        empty: String::new(),
    }
}

fn form(s: &Sample, submit: &str, fields: Vec<Field>) -> Form {
    Form {
        action: "taxonomies.html".to_owned(),
        csrf: "sample".to_owned(),
        fields,
        submit: s.w.t(submit),
        cancel: String::new(),
    }
}

fn list(s: &Sample) -> Tables {
    let w = s.w;
    let head = "taxonomy-head";
    let named = |name: &str, title: &str, version: &str, entries: &str, from: Cell| {
        let name = Cell::link(name, "taxonomies.html").below(title);
        vec![name, Cell::text(version), Cell::text(entries), from]
    };
    let ships = || Cell::styled(w.t("taxonomy-ships"), "chip");
    let would = vec![
        Cell::text("enterprise-attack").below("Enterprise ATT&CK"),
        Cell::text("18.1"),
        Cell::text("691"),
        Cell::text(w.word("taxonomy-state", "beside")).below("17.1"),
    ];
    let added = vec![
        vec![
            Cell::styled("T1677", "mono"),
            Cell::text("Poisoned Pipeline Execution"),
        ],
        vec![
            Cell::styled("T1546.018", "mono"),
            Cell::text("Python Startup Hooks"),
        ],
    ];
    let taken_in = vec![
        named(
            "enterprise-attack",
            "Enterprise ATT&CK",
            "17.1",
            "679",
            Cell::text("amina").below("2 d"),
        ),
        named(
            "تصنيف-الفريق",
            "تصنيف الفريق الوطني للاستجابة",
            "2026-1",
            "24",
            Cell::text("amina"),
        ),
        named(
            "rsit",
            "Reference Security Incident Taxonomy",
            "1003",
            "50",
            ships(),
        ),
    ];
    let walks = vec![vec![
        Cell::link("veris-to-rsit", "taxonomies.html"),
        Cell::text("1"),
        Cell::text("veris"),
        Cell::text("rsit 1003"),
        Cell::text("18"),
        ships(),
    ]];
    let field = |name: &str| {
        Field::new(name, w.word("taxonomy-field", name), Control::Text)
            .hint(w.word("taxonomy-hint", name))
            .short()
    };
    let fields = vec![
        Field::new("file", w.t("import-file"), Control::Files)
            .hint(w.t("taxonomy-hint-file"))
            .required(),
        field("name"),
        field("version"),
        Field::new("preview", w.t("taxonomy-field-preview"), Control::Tick)
            .hint(w.t("taxonomy-hint-preview"))
            .value("on"),
    ];
    let columns = ["name", "version", "from", "to", "rows", "by"];
    Tables {
        tables: vec![
            table(
                s,
                (
                    &w.t("taxonomy-would"),
                    head,
                    &["name", "version", "entries", "state"],
                ),
                vec![would],
            ),
            table(
                s,
                (
                    &w.t1("taxonomy-added", "n", 2_u64),
                    head,
                    &["code", "words"],
                ),
                added,
            ),
            table(
                s,
                (
                    &w.t("taxonomies-held"),
                    head,
                    &["name", "version", "entries", "by"],
                ),
                taken_in,
            ),
            table(s, (&w.t("crosswalks"), head, &columns), walks),
        ],
        forms: vec![(
            w.t("taxonomy-import-new"),
            form(s, "taxonomy-import", fields),
            true,
        )],
        ..blank(s, "taxonomies", "taxonomies-intro")
    }
}

fn classes(s: &Sample) -> Tables {
    let w = s.w;
    let class = |code: &str, name: &str, taxonomy: &str| {
        vec![
            Cell::styled(code, "mono").below(name),
            Cell::link(taxonomy, "taxonomies.html"),
        ]
    };
    let mut given = class(
        "action.malware.variety/Ransomware",
        "Ransomware",
        "veris 1.4.1",
    );
    given.push(Cell::press("incident-classes.html", w.t("class-remove")));
    let mut told = class(
        CODE,
        "Unauthorised Modification of Information",
        "rsit 1003",
    );
    told.extend([
        Cell::text(w.word("relation", "broad")).below("veris: action.malware.variety/Ransomware"),
        Cell::text("veris-to-rsit 2").below("RSIT counts encryption by ransomware here"),
        Cell::press("incident-classes.html", w.t("class-adopt")),
    ]);
    let choice = Choice {
        value: "veris 1.4.1".to_owned(),
        text: "veris 1.4.1".to_owned(),
        chosen: true,
    };
    let fields = vec![
        Field::new(
            "taxonomy",
            w.t("class-taxonomy"),
            Control::Select(vec![choice]),
        )
        .required(),
        Field::new("code", w.t("class-code"), Control::Text)
            .hint(w.t("class-code-hint"))
            .required(),
    ];
    let of_class = ["class", "class-taxonomy", "class-change"];
    let of_told = [
        "class",
        "class-taxonomy",
        "class-relation",
        "crosswalk",
        "class-change",
    ];
    Tables {
        tables: vec![
            table(s, (&w.t("classes-given"), "", &of_class), vec![given]),
            table(s, (&w.t("classes-suggested"), "", &of_told), vec![told]),
        ],
        forms: vec![(w.t("class-add"), form(s, "class-add", fields), true)],
        ..blank(s, "classes", "classes-intro")
    }
}
