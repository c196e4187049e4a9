//! The proof of a message, and its paper form.

use askama::Template;
use web::views::{
    frame::{Link, Section},
    thread::{Paper, Proof, Verdict},
};

use crate::{
    Drawn, Sample,
    exchange::{THREAD, notification},
};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("proof", proof(s).render()?),
        ("paper", paper(s).render()?),
    ])
}

fn proof(s: &Sample) -> Proof {
    let w = s.w;
    let row = |key: &str, value: &str| (w.t(key), value.to_owned());
    let check = |name: &str, party: &str| {
        let text = w.find(&format!("check-{name}"), &[("party", &w.state(party))]);
        text.unwrap_or_default()
    };
    let root = "CcZ3m2l4mX4gI2b0qYt8T8i9n8s5Dk7mK1r0aJ0xV9E=";
    Proof {
        w,
        shell: s.shell(Section::Exchange, "/messages/x/proof"),
        thread: Link {
            text: "Hospital ransomware: request to mitigate".to_owned(),
            url: "thread.html".to_owned(),
        },
        message: format!(
            "{}: Ransomware at hospitals in the north of Aldoria",
            w.word("kind", "NOTIFY-ORIG")
        ),
        sentence: w.with(
            "proof-sentence",
            &[
                ("party", &w.state("XB")),
                ("entry", &4_211_u64),
                ("at", &"13:02:12"),
                ("witnesses", &2_u64),
            ],
        ),
        holds: true,
        checks: vec![
            (Verdict::Holds, check("envelope-signatures", "XA")),
            (Verdict::Holds, check("root", "XA")),
            (Verdict::Holds, check("root", "XB")),
            (Verdict::Holds, check("receipt-payload", "XB")),
            (Verdict::Holds, check("receipt-inclusion", "XB")),
            (Verdict::Holds, check("receipt-ledger-ed25519", "XB")),
            (Verdict::Holds, check("receipt-ledger-mldsa44", "XB")),
            (Verdict::Open, check("receipt-witnesses", "XB")),
        ],
        technical: vec![
            row("technical-entry", "4211"),
            row("technical-tree-size", "4230"),
            row("technical-root", root),
            row("technical-origin", "brevonia.example/exchange"),
            row(
                "technical-header",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            ),
        ],
        receipt: format!(
            "c2sp.org/tlog-proof@v1\nextra Y29taXR5L2xlYWYvdjEKYWN0IHJlY2VpdmVk\nindex 4211\n{root}\n\nbrevonia.example/exchange\n4230\n{root}\n\n— brevonia.example/exchange 7b3f…"
        ),
        files: vec![
            Link {
                text: w.t("proof-envelope-file"),
                url: "#".to_owned(),
            },
            Link {
                text: w.t("proof-receipt-file"),
                url: "#".to_owned(),
            },
            Link {
                text: w.t("proof-keys-file"),
                url: "#".to_owned(),
            },
        ],
        command:
            "comity verify message--1f.dsse.json message--1f.tlog-proof --keys keys --trust 9f86…"
                .to_owned(),
    }
}

fn paper(s: &Sample) -> Paper {
    let w = s.w;
    Paper {
        w,
        shell: s.shell(Section::Exchange, "/messages/x/print"),
        thread: (
            THREAD.to_owned(),
            "Hospital ransomware: request to mitigate".to_owned(),
        ),
        back: "thread.html".to_owned(),
        message: notification(s),
        receipt: w.with(
            "proof-sentence",
            &[
                ("party", &w.state("XB")),
                ("entry", &4_211_u64),
                ("at", &"13:02:12"),
                ("witnesses", &2_u64),
            ],
        ),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        fingerprint: "able acid aged also area army away baby back ball".to_owned(),
    }
}
