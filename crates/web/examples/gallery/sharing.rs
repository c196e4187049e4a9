//! Sharing.

use askama::Template;
use web::views::{
    frame::Section,
    sharing::{
        GapRow, IncomingPanel, OutgoingPanel, RemovalRow, SharingList, SharingPeer, SharingRow,
        TrafficPanel,
    },
};

use crate::{Drawn, Sample};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("sharing", list(s, true).render()?),
        ("sharing-empty", list(s, false).render()?),
        ("sharing-peer", peer(s).render()?),
    ])
}

fn list(s: &Sample, is_full: bool) -> SharingList {
    let row = |code: &str, offered, differing, unconfirmed| SharingRow {
        url: "sharing-peer.html".to_owned(),
        party: s.party(code),
        outgoing: 3,
        incoming: 2,
        offered,
        differing,
        unconfirmed,
    };
    SharingList {
        w: s.w,
        shell: s.shell(Section::Directory, "/sharing"),
        rows: if is_full {
            vec![row("XB", 1, 2, 1), row("XC", 0, 0, 0)]
        } else {
            vec![]
        },
    }
}

fn sum(digit: &str) -> String {
    digit.repeat(32)
}

fn peer(s: &Sample) -> SharingPeer {
    let object = |digit: &str| format!("indicator--{}", sum(digit).get(..36).unwrap_or_default());
    let removal = |items, stated, onward: &str| RemovalRow {
        items,
        at: s.minutes(-400),
        delivery: "queued".to_owned(),
        stated,
        onward: onward.to_owned(),
    };
    let incoming = |title: &str, state: &str, verdict: &str| IncomingPanel {
        id: "share--0b7f5f1f-6c52-4f0e-8a0e-9f1c0a528c11".to_owned(),
        title: title.to_owned(),
        page: "collection.html".to_owned(),
        description: "Addresses and files seen in ports.".to_owned(),
        ceiling: "AMBER".to_owned(),
        state: state.to_owned(),
        verdict: verdict.to_owned(),
        compared: Some(s.minutes(-12)),
        onward: false,
        waiting: 2,
        ours: (204, sum("5c")),
        theirs: (204, sum("5c")),
        unkept: vec![(object("7a"), s.w.t("error-intel-ceiling"))],
    };
    SharingPeer {
        w: s.w,
        shell: s.shell(Section::Directory, "/sharing/XB"),
        url: "/sharing/XB".to_owned(),
        party: s.party("XB"),
        traffic: TrafficPanel {
            heard: Some(s.minutes(-3)),
            sent: (1_204, sum("a1")),
            received: (877, sum("3e")),
            gaps: vec![(
                "message--0b7f5f1f-6c52-4f0e-8a0e-9f1c0a528c11".to_owned(),
                "they_miss".to_owned(),
            )],
        },
        outgoing: vec![OutgoingPanel {
            id: "share--1b7f5f1f-6c52-4f0e-8a0e-9f1c0a528c11".to_owned(),
            title: "Harbours".to_owned(),
            page: "collection.html".to_owned(),
            state: "active".to_owned(),
            verdict: "differs".to_owned(),
            compared: Some(s.minutes(-12)),
            sequence: 41,
            ours: (12_345, sum("0f")),
            theirs: Some((12_344, sum("d4"))),
            gaps: vec![GapRow {
                object: object("4d"),
                gap: "they_miss".to_owned(),
                since: s.minutes(-75),
            }],
            removals: vec![
                removal(None, None, "nobody"),
                removal(Some(3), Some(s.minutes(-380)), "confirmed"),
            ],
        }],
        incoming: vec![
            incoming("Dams of the north", "offered", "waits"),
            incoming("Phishing", "accepted", "agrees"),
        ],
    }
}
