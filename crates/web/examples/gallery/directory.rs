//! Parties, desks, ledgers.

use askama::Template;
use web::{
    views::{
        directory::{
            ContactData, Desk, Directory, Fingerprint, KeySetRow, Party, PartyNew, PartyRow,
            Sameness,
        },
        form::{Control, Field},
        frame::{Link, Pager, Section},
        incident::Change,
        ledger::{Evidence, Head, Ledger, Log, Witness},
    },
    words::Html,
};

use crate::{Drawn, Sample, entry::form};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("directory", list(s, 4).render()?),
        ("directory-empty", list(s, 1).render()?),
        ("party", party(s, "active").render()?),
        ("party-frozen", party(s, "frozen").render()?),
        ("party-new", new(s).render()?),
        ("ledger", ledger(s).render()?),
        ("evidence", evidence(s).render()?),
    ])
}

fn list(s: &Sample, rows: usize) -> Directory {
    let row = |code: &str, state: &str, address: &str, heard: Option<i64>| PartyRow {
        party: s.party(code),
        ours: code == "XA",
        state: state.to_owned(),
        address: address.to_owned(),
        desks: 2,
        heard: heard.map(|minutes| s.minutes(minutes)),
    };
    let all = [
        row("XA", "active", "aldoria.example:7443", None),
        row("XB", "active", "brevonia.example:7443", Some(-2)),
        row("XC", "frozen", "cardova.example:7443", Some(-190)),
        row("regional-hub", "waiting", "hub.example:7443", None),
    ];
    Directory {
        w: s.w,
        shell: s.shell(Section::Directory, "/directory"),
        rows: all.into_iter().take(rows).collect(),
        may_add: true,
        may_share: true,
    }
}

fn fingerprint(s: &Sample, compared: bool) -> Fingerprint {
    let words = "anchor bishop candle dolphin ember falcon garden harbor island jacket kettle ladder marble needle orange pepper quarry ribbon saddle timber umbrella velvet walnut yellow zipper acorn button copper desert engine forest guitar";
    Fingerprint {
        words: words.split(' ').map(str::to_owned).collect(),
        text: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        qr: Html::qr("COMITY1Q5R2MQD0VB7NX4YKFT1UHCZ8SLWPA3JEG9F86D081884C7D659A2FEAA0C55AD015"),
        compared: compared.then(|| (s.minutes(-9_000), "rosa.dimas".to_owned())),
    }
}

fn party(s: &Sample, state: &str) -> Party {
    let w = s.w;
    let desk = |id: &str, kind: &str, entity: &str, seen: Option<ContactData>| Desk {
        id: id.to_owned(),
        kind: kind.to_owned(),
        entity: entity.to_owned(),
        department: "Situation centre".to_owned(),
        role: "Duty officer".to_owned(),
        languages: format!("{}, {}", w.t("language-en"), w.t("language-fr")),
        time_zone: "UTC+2".to_owned(),
        hours: "24x7".to_owned(),
        status: if seen.is_some() {
            "active".to_owned()
        } else {
            "stale".to_owned()
        },
        verified: seen.is_some().then(|| s.minutes(-60_000)),
        look_url: "#".to_owned(),
        seen,
    };
    let seen = ContactData {
        person: String::new(),
        phones: vec!["+990 2 555 0199".to_owned()],
        fallback: "+990 2 555 0100".to_owned(),
        emails: vec!["desk@cyber.brevonia.example".to_owned()],
        channels: vec![],
    };
    let set = |seq, purpose: &str, current: bool| KeySetRow {
        seq,
        purpose: purpose.to_owned(),
        from: s.minutes(-90_000),
        until: s.minutes(400_000),
        revoked: u64::from(!current),
        current,
    };
    let differs = Sameness::Differs {
        at: s.minutes(-9),
        missing_there: vec![Link {
            text: "Check of the line".to_owned(),
            url: "thread.html".to_owned(),
        }],
        missing_here: vec!["message--8c0f2c1e-94b6-4c3a-9c29-0f4f4f6b7f10".to_owned()],
    };
    Party {
        w,
        shell: s.shell(Section::Directory, "/directory/XB"),
        party: s.party("XB"),
        ours: false,
        state: state.to_owned(),
        address: "brevonia.example:7443".to_owned(),
        heard: Some(s.minutes(-2)),
        desks: vec![
            desk("d1", "technical", "National Cyber Desk", Some(seen)),
            desk("d2", "diplomatic", "Ministry of Foreign Affairs", None),
        ],
        fingerprint: Some(fingerprint(s, state == "active")),
        key_sets: vec![set(2, "exercise", true), set(1, "exercise", false)],
        same: if state == "active" {
            Sameness::Same(s.minutes(-4))
        } else {
            differs
        },
        add_desk: None,
        card_url: String::new(),
        sharing_url: "sharing-peer.html".to_owned(),
        write_url: if state == "active" {
            "compose-start.html".to_owned()
        } else {
            String::new()
        },
    }
}

fn new(s: &Sample) -> PartyNew {
    let w = s.w;
    let fields = vec![
        Field::new("card", w.t("field-card"), Control::Files)
            .hint(w.t("hint-card"))
            .required(),
        Field::new("fingerprint", w.t("field-fingerprint"), Control::Area(3))
            .hint(w.t("hint-fingerprint"))
            .required(),
    ];
    PartyNew {
        w,
        shell: s.shell(Section::Directory, "/directory/new"),
        form: form("#", w.t("party-pin"), fields),
    }
}

const NOTE: &str = "aldoria.example/exchange\n4230\nCcZ3m2l4mX4gI2b0qYt8T8i9n8s5Dk7mK1r0aJ0xV9E=\n\n— aldoria.example/exchange 7b3f0aY2vJr…\n— regional-hub 11c0ffW8xKz…\n";

fn ledger(s: &Sample) -> Ledger {
    let log = |name: &str, size, cosigned| Log {
        name: name.to_owned(),
        origin: format!("aldoria.example/{name}"),
        size,
        root: "CcZ3m2l4mX4gI2b0qYt8T8i9n8s5Dk7mK1r0aJ0xV9E=".to_owned(),
        at: Some(s.minutes(-3)),
        cosigned,
        note: NOTE.to_owned(),
    };
    let head = |code: &str, size, frozen| Head {
        party: s.party(code),
        origin: format!("{}.example/exchange", s.party(code).name.to_lowercase()),
        size,
        at: s.minutes(-11),
        frozen,
    };
    let act = |minutes, what: &str| Change {
        at: s.minutes(minutes),
        who: "user:rosa.dimas".to_owned(),
        what: what.to_owned(),
        why: "message--8c0f2c1e-94b6-4c3a-9c29-0f4f4f6b7f10".to_owned(),
        fields: Vec::new(),
    };
    Ledger {
        w: s.w,
        shell: s.shell(Section::Ledger, "/ledger"),
        logs: vec![log("exchange", 4_230, 2), log("acts", 18_402, 0)],
        witnesses: vec![
            Witness {
                name: "regional-hub".to_owned(),
                at: Some(s.minutes(-3)),
                size: 4_230,
            },
            Witness {
                name: "cardova.example/witness".to_owned(),
                at: None,
                size: 0,
            },
        ],
        heads: vec![head("XB", 4_211, false), head("XC", 881, true)],
        acts: Some(vec![
            act(-3, "exchange.send"),
            act(-40, "directory.look"),
            act(-44, "access.sign_in"),
        ]),
        pager: Pager {
            first: None,
            next: Some("ledger.html".to_owned()),
        },
    }
}

fn evidence(s: &Sample) -> Evidence {
    Evidence {
        w: s.w,
        shell: s.shell(Section::Ledger, "/ledger/evidence/XC"),
        party: s.party("XC"),
        at: s.minutes(-190),
        reason: "split".to_owned(),
        kept: NOTE.to_owned(),
        shown: NOTE.replace("CcZ3", "Qz9x"),
    }
}
