//! Counts over the register.

use askama::Template;
use web::views::{
    frame::{Link, Section},
    tally::{Tallies, TallyFilters, TallyRow, TallyTable},
};

use crate::{Drawn, Sample, entry::choices};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("statistics", page(s, false).render()?),
        ("statistics-outward", page(s, true).render()?),
    ])
}

fn page(s: &Sample, outward: bool) -> Tallies {
    let table = |by: &str, family: &str, rows: &[(&str, u64)]| TallyTable {
        name: s.w.word("tally-by", by),
        about: s.w.word("tally-about", by),
        rows: rows
            .iter()
            .map(|&(word, count)| TallyRow {
                text: s.w.word(family, word),
                url: "#".to_owned(),
                list: Some("#".to_owned()),
                count: (!outward || count >= 40).then_some(count),
                bar: if outward && count < 40 { 0 } else { count * 2 },
            })
            .collect(),
    };
    Tallies {
        w: s.w,
        shell: s.shell(Section::Incidents, "/incidents/statistics"),
        filters: TallyFilters {
            from: "2026-01".to_owned(),
            sectors: choices(s, "sector", &["health", "energy"]),
            classes: choices(s, "rsit", &["availability", "intrusions"]),
            regions: choices(s, "tally-region", &["african", "grulac"]),
            causes: choices(s, "tally-cause", &["malicious", "unknown"]),
            outward,
            any: true,
            ..TallyFilters::default()
        },
        conditions: vec![Link {
            text: s.w.t2(
                "tally-condition",
                &("name", s.w.t("tally-by-stage")),
                &("value", s.w.t("investigation-closed")),
            ),
            url: "#".to_owned(),
        }],
        total: Some(1_204),
        figures: vec![
            (
                s.w.t("tally-by-detection"),
                s.w.t3(
                    "tally-spread",
                    &("median", s.w.span(&90_000)),
                    &("ninetieth", s.w.span(&2_592_000)),
                    &("known", 811_u64),
                ),
            ),
            (s.w.t("tally-by-duration"), s.w.t("tally-spread-none")),
        ],
        tables: vec![
            table(
                "month",
                "",
                &[("2026-01", 120), ("2026-02", 481), ("2026-03", 33)],
            ),
            table(
                "sector",
                "sector",
                &[("health", 412), ("energy", 208), ("transport", 3)],
            ),
            table(
                "class",
                "rsit",
                &[
                    ("malicious-code", 300),
                    ("information-content-security", 81),
                    ("fraud", 12),
                ],
            ),
            table("level", "level", &[("5", 4), ("4", 51), ("1", 402)]),
            table(
                "region",
                "tally-region",
                &[
                    ("african", 390),
                    ("asia-pacific", 120),
                    ("eastern-european", 44),
                ],
            ),
            table(
                "detection",
                "tally-span",
                &[("up-to-1h", 44), ("up-to-24h", 290)],
            ),
        ],
        files: ["#".to_owned(), "#".to_owned()],
    }
}
