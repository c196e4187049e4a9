//! Events of MISP.

use askama::Template;
use kernel::Tlp;
use web::views::{
    event::{
        AttributeRow, Event, EventHead, EventPart, EventRow, Events, ObjectPanel, ProposalRow,
        Related, RelatedRow, ReportPanel,
    },
    frame::{Link, Pager, Section, Tab},
};

use crate::{
    Drawn, Sample,
    collections::{HOSTILE, head},
};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    let pager = || Pager {
        first: None,
        next: Some("event.html".to_owned()),
    };
    let attributes = EventPart::Attributes {
        text: String::new(),
        rows: attributes(s),
        pager: pager(),
    };
    let objects = EventPart::Objects {
        panels: vec![object(s, true), object(s, false)],
        is_one: false,
        pager: pager(),
    };
    let reports = EventPart::Reports(vec![ReportPanel {
        name: "Account of the incident".to_owned(),
        text: format!(
            "# What happened\n\n- first\n- {HOSTILE}\n\n{}",
            "A long line of text. ".repeat(20)
        ),
        is_cut: true,
        changed: Some(s.minutes(-30)),
    }]);
    let proposals = EventPart::Proposals(vec![ProposalRow {
        kind: "domain".to_owned(),
        category: "Network activity".to_owned(),
        value: "evil.example".to_owned(),
        comment: "It was resolved to the same address.".to_owned(),
        org: "CSIRT of Brevonia".to_owned(),
        is_deletion: true,
    }]);
    Ok(vec![
        ("events", list(s, true).render()?),
        ("events-empty", list(s, false).render()?),
        ("event", event(s, "attributes", attributes).render()?),
        ("event-objects", event(s, "objects", objects).render()?),
        ("event-reports", event(s, "reports", reports).render()?),
        (
            "event-proposals",
            event(s, "proposals", proposals).render()?,
        ),
        ("event-related", event(s, "related", related()).render()?),
    ])
}

fn list(s: &Sample, is_full: bool) -> Events {
    let row = |info: &str, threat, attributes, is_published| EventRow {
        url: "event.html".to_owned(),
        info: info.to_owned(),
        date: "2026-11-20".to_owned(),
        org: "CSIRT of Brevonia".to_owned(),
        tlp: Tlp::Amber,
        threat,
        analysis: "ongoing",
        is_published,
        changed: s.minutes(-40),
        attributes,
        objects: 12,
        tags: vec![
            "type:OSINT".to_owned(),
            "misp-galaxy:threat-actor=\"APT X\"".to_owned(),
        ],
        more_tags: 3,
    };
    let rows = vec![
        row(HOSTILE, "high", 350_000, true),
        row("Phishing against ministries", "undefined", 1, false),
        row(&"A title without end. ".repeat(9), "low", 40, true),
    ];
    Events {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/collections/x/y/events"),
        head: head(),
        text: if is_full {
            "phishing".to_owned()
        } else {
            String::new()
        },
        with_value: if is_full {
            rows.iter().skip(1).take(1).cloned().collect()
        } else {
            Vec::new()
        },
        more_with_value: true,
        rows: if is_full { rows } else { Vec::new() },
        searched: 20_000,
        pager: Pager {
            first: None,
            next: is_full.then(|| "events.html".to_owned()),
        },
    }
}

fn event(s: &Sample, here: &str, part: EventPart) -> Event {
    let tab = |name: &str, url: &str, count| Tab {
        text: s.w.t(name),
        url: url.to_owned(),
        count,
        here: url.contains(here) || (here == "attributes" && url == "event.html"),
    };
    Event {
        w: s.w,
        shell: s.shell(Section::Intelligence, "/collections/x/y/events/z"),
        head: head(),
        event: EventHead {
            url: "event.html".to_owned(),
            uuid: "31b940d4-6f7f-459a-80ea-9c1f17b58abc".to_owned(),
            number: "1342".to_owned(),
            info: HOSTILE.to_owned(),
            date: "2026-11-20".to_owned(),
            tlp: Tlp::Green,
            org: "CSIRT of Brevonia".to_owned(),
            owner: "XA".to_owned(),
            threat: "high",
            analysis: "completed",
            distribution: "connected",
            published: Some(s.minutes(-30)),
            is_published: true,
            changed: s.minutes(-40),
            is_locked: true,
            extends: Some(Link {
                text: "Phishing against ministries".to_owned(),
                url: "event.html".to_owned(),
            }),
            tags: vec![
                "tlp:green".to_owned(),
                "misp-galaxy:mitre-attack-pattern=\"Spearphishing Attachment - T1566.001\""
                    .to_owned(),
            ],
            galaxies: vec![(
                "Threat Actor".to_owned(),
                vec!["APT X".to_owned(), HOSTILE.to_owned()],
            )],
            attributes: 350_000,
            objects: 12,
        },
        tabs: vec![
            tab("misp-attributes", "event.html", None),
            tab("misp-objects", "event-objects.html", Some(12)),
            tab("misp-reports", "event-reports.html", Some(1)),
            tab("misp-proposals", "event-proposals.html", Some(1)),
            tab("misp-related", "event-related.html", None),
        ],
        part,
    }
}

fn attributes(s: &Sample) -> Vec<AttributeRow> {
    let row = |kind: &str, value: &str| AttributeRow {
        kind: kind.to_owned(),
        category: "Network activity".to_owned(),
        relation: String::new(),
        value: value.to_owned(),
        comment: String::new(),
        tlp: None,
        is_for_detection: true,
        has_file: false,
        tags: Vec::new(),
        proposals: Vec::new(),
        seen: 0,
        false_positives: 0,
        expired: 0,
        more_sightings: false,
        events: Some(0),
        listed: Vec::new(),
        changed: s.minutes(-40),
    };
    vec![
        AttributeRow {
            comment: HOSTILE.to_owned(),
            tags: vec!["role:c2".to_owned()],
            seen: 1_000,
            more_sightings: true,
            events: Some(3),
            ..row("ip-dst|port", "198.51.100.7|443")
        },
        AttributeRow {
            tlp: Some(Tlp::AmberStrict),
            false_positives: 2,
            expired: 1,
            events: None,
            listed: vec!["List of public DNS resolvers".to_owned()],
            ..row("ip-src", "8.8.8.8")
        },
        AttributeRow {
            is_for_detection: false,
            has_file: true,
            relation: "payload".to_owned(),
            proposals: vec!["evil2.exe|00112233445566778899aabbccddeeff".to_owned()],
            ..row(
                "malware-sample",
                "evil.exe|d41d8cd98f00b204e9800998ecf8427e",
            )
        },
        row(
            "url",
            &format!("http://evil.example/{}", "long/".repeat(40)),
        ),
        row("text", "line one\nline two\nبرنامج خبيث 恶意软件"),
    ]
}

fn object(s: &Sample, is_long: bool) -> ObjectPanel {
    ObjectPanel {
        name: "file".to_owned(),
        category: "file".to_owned(),
        comment: "Dropped by the attachment.".to_owned(),
        references: vec!["dropped-by 31b940d4-6f7f-459a-80ea-9c1f17b58abc".to_owned()],
        rows: if is_long { attributes(s) } else { Vec::new() },
        all: is_long.then(|| "event-objects.html".to_owned()),
    }
}

fn related() -> EventPart {
    EventPart::Related(Related {
        rows: vec![RelatedRow {
            url: "event.html".to_owned(),
            info: HOSTILE.to_owned(),
            date: "2026-11-19".to_owned(),
            org: "CSIRT of Brevonia".to_owned(),
            tlp: Tlp::Green,
            values: vec!["198.51.100.7".to_owned(), "evil.example".to_owned()],
            more_values: 4,
        }],
        more: 3,
        common: vec!["8.8.8.8".to_owned()],
        more_common: 2,
        left_out: 349_000,
    })
}
