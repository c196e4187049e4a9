//! Warninglists, and what is known of values.

use askama::Template;
use web::views::{
    form::{Control, Field},
    frame::{Link, Pager, Section},
    warninglists::{
        CheckedRow, CommonRow, ValuesCheck, ValuesCommon, Warninglist, WarninglistRow, Warninglists,
    },
};

use crate::{Drawn, Sample, entry::form};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("warninglists", lists(s, true).render()?),
        ("warninglists-empty", lists(s, false).render()?),
        ("warninglist", warninglist(s).render()?),
        ("values-check", check(s).render()?),
        ("values-common", common(s).render()?),
    ])
}

fn list_row(s: &Sample, name: &str, kind: &'static str, enabled: bool) -> WarninglistRow {
    WarninglistRow {
        url: "warninglist.html".to_owned(),
        name: name.to_owned(),
        about: "Event contains one or more public IPv4 DNS resolvers as attribute".to_owned(),
        kind,
        version: "20261101".to_owned(),
        entries: 62_211,
        unusable: u64::from(enabled) * 3,
        enabled,
        imported: s.minutes(-4_000),
    }
}

fn lists(s: &Sample, is_full: bool) -> Warninglists {
    let files = Field::new("files", s.w.t("warninglist-files"), Control::Files)
        .hint(s.w.t("hint-warninglist-files"))
        .required();
    Warninglists {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/warninglists"),
        rows: if is_full {
            vec![
                list_row(s, "List of known IPv4 public DNS resolvers", "cidr", true),
                list_row(s, "Top 1,000,000 websites", "hostname", false),
                list_row(s, "Hashes of empty files", "string", true),
            ]
        } else {
            vec![]
        },
        counts: (3, 2),
        pager: Pager::default(),
        upload: Some(form(
            "/warninglists",
            s.w.t("warninglist-upload"),
            vec![files],
        )),
    }
}

fn warninglist(s: &Sample) -> Warninglist {
    Warninglist {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/warninglists/1"),
        row: list_row(s, "List of known IPv4 public DNS resolvers", "cidr", true),
        attributes: ["ip-src", "ip-dst", "domain|ip"]
            .map(str::to_owned)
            .to_vec(),
        can_manage: true,
    }
}

fn check(s: &Sample) -> ValuesCheck {
    let checked = |value: &str, lists: &[&str]| CheckedRow {
        value: value.to_owned(),
        lists: lists
            .iter()
            .map(|name| Link {
                text: (*name).to_owned(),
                url: "warninglist.html".to_owned(),
            })
            .collect(),
        search: "collections.html".to_owned(),
    };
    let values = Field::new("values", s.w.t("check-which"), Control::Area(8))
        .hint(s.w.t1("hint-check-which", "n", 1_000_u64))
        .required()
        .value("192.0.2.53\nhxxp://gate[.]example/x");
    ValuesCheck {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/values/check"),
        form: form("/values/check", s.w.t("check-values"), vec![values]),
        checked: vec![
            checked("192.0.2.53", &["List of known IPv4 public DNS resolvers"]),
            checked("hxxp://gate[.]example/x", &[]),
        ],
        listed: 1,
        enabled: 2,
    }
}

fn common(s: &Sample) -> ValuesCommon {
    let row = |value: &str, kind: &str, entries| CommonRow {
        value: value.to_owned(),
        kind: kind.to_owned(),
        entries,
        is_more: entries >= 10_000,
        search: "collections.html".to_owned(),
    };
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    ValuesCommon {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/values/common"),
        rows: vec![
            row(hash, "sha256", 10_000),
            row("198.51.100.7", "ipv4", 412),
        ],
        over: 100,
        pager: Pager::default(),
    }
}
