//! A whole case on paper, and parts that are split off.

use askama::Template;
use web::{
    views::{
        frame::{Link, Section},
        incident::{IncidentHead, Known, Part, Summary, TimelineEntry},
        merge::Gone,
        print::{CasePaper, PaperPart},
        split::{Split, SplitBand, SplitKind, SplitPart},
    },
    words::{Fidelity, Words},
};

use crate::{Drawn, Sample, custody, incidents};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("incident-print", case(s).render()?),
        ("incident-split", split(s, false).render()?),
        ("incident-split-look", split(s, true).render()?),
    ])
}

fn case(s: &Sample) -> CasePaper {
    let w = s.w.on_paper();
    let head = IncidentHead {
        warnings: Vec::new(),
        split: SplitBand {
            from: Some(Gone {
                other: link("Two calls from one ministry"),
                by: ("Olga Brandt".to_owned(), s.minutes(-300)),
                reason: "The second call was about another attack".to_owned(),
                may_undo: false,
            }),
            off: Vec::new(),
        },
        title: "Ransomware at the northern hospitals – هجوم على المستشفيات".to_owned(),
        ..incidents::head(s, "")
    };
    let all = incidents::parts(s).into_iter();
    let mut summary = None;
    let mut parts: Vec<PaperPart> = Vec::new();
    for (_, name, part) in all.filter(|(page, ..)| !page.ends_with("-empty")) {
        let custody = if name == "evidence" {
            vec![("1 · proxy-2026-11-19.log.gz".to_owned(), custody::lines(s))]
        } else {
            Vec::new()
        };
        match bare(s, part) {
            Part::Summary(found) => summary = Some(found),
            part => parts.push((name, part, custody)),
        }
    }
    CasePaper {
        w,
        shell: s.shell(Section::Incidents, "/incidents/x/print"),
        head,
        summary: summary.unwrap_or_else(nothing),
        at: w.now(),
        local: w.local(&w.now(), "Africa/Nairobi").into_iter().collect(),
        parts,
        empty: w.t("tab-care"),
        inner: Some(true),
    }
}

fn nothing() -> Summary {
    Summary {
        text: String::new(),
        facts: Vec::new(),
        attributions: Vec::new(),
        threads: Vec::new(),
    }
}

/// A part without what can be done with it; many events, so that sheets end between them.
fn bare(s: &Sample, part: Part) -> Part {
    match part {
        Part::Timeline { pager, .. } => Part::Timeline {
            entries: (0..60).map(|n| event(s, n)).collect(),
            pager,
            form: None,
        },
        Part::Severity(mut severity) => {
            severity.form = None;
            severity.offers.clear();
            Part::Severity(severity)
        }
        Part::Clocks(mut clocks) => {
            clocks.form = None;
            clocks.offers.clear();
            Part::Clocks(clocks)
        }
        Part::Sheet(mut sheet) => {
            sheet.form = None;
            sheet.offers.clear();
            sheet.pages.clear();
            Part::Sheet(sheet)
        }
        Part::Work(mut work) => {
            work.form = None;
            work.offers.clear();
            work.may_edit = false;
            Part::Work(work)
        }
        Part::Evidence(mut items) => {
            items.form = None;
            items.hold = None;
            for hold in &mut items.holds {
                hold.lift = None;
            }
            Part::Evidence(items)
        }
        Part::Attachments { files, .. } => Part::Attachments { files, form: None },
        part => part,
    }
}

fn event(s: &Sample, n: i64) -> TimelineEntry {
    TimelineEntry {
        at: Known {
            at: s.minutes(n * 20 - 3_500),
            fidelity: if n % 9 == 0 {
                Fidelity::Day
            } else {
                Fidelity::Minute
            },
        },
        text: match n % 3 {
            0 => format!("Ward {n} went over to paper"),
            1 => format!("حوّلت سيارات الإسعاف إلى مستشفى آخر ({n})"),
            _ => format!("第{n}台服务器已恢复并通过测试"),
        },
        source: "Report of the hospital network, 19 November".to_owned(),
    }
}

fn link(text: &str) -> Link {
    Link {
        text: text.to_owned(),
        url: "incident.html".to_owned(),
    }
}

fn split(s: &Sample, looked: bool) -> Split {
    let w: Words = s.w;
    let part = |value: &str, text: &str, about: &str, chosen| SplitPart {
        value: value.to_owned(),
        text: text.to_owned(),
        about: about.to_owned(),
        chosen,
    };
    let mut kinds = vec![
        SplitKind {
            kind: "timeline",
            label: w.t("merge-part-timeline"),
            parts: vec![
                part("0", "Mails from the supplier's account", "2026-11-12", true),
                part(
                    "1",
                    "Records encrypted in four hospitals",
                    "2026-11-19T04:10Z",
                    false,
                ),
                part("2", "حوّلت سيارات الإسعاف", "2026-11-19T05:00Z", false),
            ],
            count: if looked { 1 } else { 3 },
            open: true,
        },
        SplitKind {
            kind: "harm",
            label: w.t("merge-part-harm"),
            parts: vec![part("1", "Accounts taken over", "12 account", true)],
            count: 1,
            open: true,
        },
        SplitKind {
            kind: "evidence",
            label: w.t("merge-part-evidence"),
            parts: vec![part(
                "2",
                "files-04.e01",
                "SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                false,
            )],
            count: 1,
            open: false,
        },
    ];
    if looked {
        for kind in &mut kinds {
            kind.parts.retain(|part| part.chosen);
        }
        kinds.retain(|kind| !kind.parts.is_empty());
    }
    let along = part("0", "Accounts taken over, first count", "9 account", true);
    Split {
        w,
        shell: s.shell(Section::Incidents, "/incidents/x/split"),
        from: link("Ransomware at the northern hospitals"),
        version: 8,
        kinds,
        along: if looked {
            vec![(w.t("merge-part-harm"), along)]
        } else {
            Vec::new()
        },
        looked,
        title: "Mails from the supplier's account".to_owned(),
        reason: if looked {
            "The mails are another attack".to_owned()
        } else {
            String::new()
        },
        wrongs: if looked {
            Vec::new()
        } else {
            vec![("parts".to_owned(), w.t("error-incident-split-cited"))]
        },
    }
}
