//! Threads, writing, proof, paper.

use askama::Template;
use kernel::Tlp;
use web::views::{
    desk::{Call, Phones},
    form::{Control, Field},
    frame::{Link, Pager, Section, Tab},
    incident::Attachment,
    thread::{Act, Clock, Deed, Entry, Mark, MarkState, Message, Thread, ThreadRow, Threads},
};

use crate::{Drawn, Sample, entry::form};

pub(crate) const THREAD: &str = "thread--2b8f5a35-11e4-4a1b-b6c7-3a0c6a3bb0aa";

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    Ok(vec![
        ("threads", list(s, true).render()?),
        ("threads-empty", list(s, false).render()?),
        ("thread", thread(s).render()?),
    ])
}

fn list(s: &Sample, full: bool) -> Threads {
    let w = s.w;
    let row =
        |title: &str, code: &str, kind: &str, ours, minutes, state: &str, next, tlp, unread| {
            ThreadRow {
                url: "thread.html".to_owned(),
                title: title.to_owned(),
                party: s.party(code),
                last_kind: kind.to_owned(),
                last_ours: ours,
                last_at: s.minutes(minutes),
                state: state.to_owned(),
                next,
                tlp,
                urgency: if kind == "RFM" { "urgent" } else { "routine" }.to_owned(),
                unread,
            }
        };
    let rows = vec![
        row(
            "Hospital ransomware: request to mitigate",
            "XB",
            "CLARIFY",
            false,
            -7,
            "open",
            Some(("clarify", s.minutes(41), true)),
            Tlp::AmberStrict,
            true,
        ),
        row(
            "Please take three servers out of service that encrypt hospital systems, and keep their disks",
            "XB",
            "RFM",
            true,
            -1_580,
            "open",
            Some(("acknowledge", s.minutes(-135), false)),
            Tlp::Red,
            false,
        ),
        row(
            "Command-and-control server on your territory",
            "XC",
            "RFM",
            false,
            -300,
            "open",
            Some(("answer", s.minutes(192), true)),
            Tlp::Amber,
            true,
        ),
        row(
            "Check of the line, November",
            "regional-hub",
            "PONG",
            false,
            -4_000,
            "closed",
            None,
            Tlp::Green,
            false,
        ),
        row(
            "Denial of service against the tax portal",
            "XC",
            "CLOSE",
            true,
            -9_000,
            "closing",
            None,
            Tlp::Green,
            false,
        ),
    ];
    let names = [
        ("all", None),
        ("ours", Some(2)),
        ("theirs", Some(1)),
        ("open", Some(3)),
        ("closed", None),
    ];
    Threads {
        w,
        shell: s.shell(Section::Exchange, "/threads"),
        tabs: names
            .map(|(name, count)| Tab {
                text: w.word("tab", name),
                url: "threads.html".to_owned(),
                count,
                here: name == "all",
            })
            .to_vec(),
        parties: vec![],
        text: String::new(),
        state: "all".to_owned(),
        rows: if full { rows } else { vec![] },
        pager: Pager::default(),
        may_write: true,
    }
}

pub(crate) fn mark(step: &'static str, state: MarkState, at: Option<kernel::Timestamp>) -> Mark {
    let proof_url = if step == "received" && state == MarkState::Done {
        "proof.html".to_owned()
    } else {
        String::new()
    };
    Mark {
        step,
        state,
        at,
        proof_url,
        note: String::new(),
    }
}

fn message(s: &Sample, id: &str, from: &str, kind: &str, minutes: i64) -> Message {
    let ours = from == "XA";
    let (home, abroad) = (
        "Duty desk, National CSIRT".to_owned(),
        "National Cyber Desk".to_owned(),
    );
    Message {
        id: format!("message--{id}"),
        ours,
        from: s.party(from),
        from_desk: if ours { home.clone() } else { abroad.clone() },
        to: s.party(if ours { "XB" } else { "XA" }),
        to_desk: if ours { abroad } else { home },
        kind: kind.to_owned(),
        at: s.minutes(minutes),
        title: String::new(),
        text: String::new(),
        facts: vec![],
        lists: vec![],
        fixed: vec![],
        norms: vec![],
        tlp: Tlp::AmberStrict,
        language: "en".to_owned(),
        urgency: "routine".to_owned(),
        urgency_why: String::new(),
        files: vec![],
        marks: vec![],
        print_url: if ours {
            "paper.html".to_owned()
        } else {
            String::new()
        },
        retry_url: String::new(),
        withdraw_url: if ours {
            "compose.html".to_owned()
        } else {
            String::new()
        },
        note: String::new(),
        gone: String::new(),
    }
}

pub(crate) fn notification(s: &Sample) -> Message {
    let w = s.w;
    let norm = |code: &str, title: &str| (code.to_owned(), title.to_owned());
    Message {
        title: "Ransomware at hospitals in the north of Aldoria".to_owned(),
        text: "Four hospitals have been unable to read their patient records since 19 November, 04:10 UTC. Ambulances were sent elsewhere for eleven hours.\n\nThe servers below gave the orders. We ask you to look into them and to tell us what you find.".to_owned(),
        facts: vec![(w.t("said-from"), "2026-11-19 04:10".to_owned()), (w.t("said-until"), "2026-11-21 12:00".to_owned()), (w.t("said-victim-sector"), w.word("sector", "health")), (w.t("said-confidence"), w.word("confidence", "moderate"))],
        lists: vec![(w.t("said-indicators"), vec!["198.51.100.23".to_owned(), "203.0.113.77".to_owned(), "gate.example".to_owned()])],
        fixed: vec!["fixed-no-attribution"],
        norms: vec![norm("13 (c)", "States should not knowingly allow their territory to be used for internationally wrongful acts using ICTs"), norm("13 (h)", "States should respond to appropriate requests for assistance")],
        urgency: "flash".to_owned(),
        urgency_why: w.word("urgency-basis", "life_at_risk"),
        files: vec![Attachment { name: "firewall-extract.csv".to_owned(), url: "#".to_owned(), size: "1.2 MB".to_owned(), media_type: "text/csv".to_owned(), sha256: String::new(), tlp: Tlp::AmberStrict, added: None }],
        marks: vec![mark("sent", MarkState::Done, Some(s.minutes(-78))), mark("received", MarkState::Done, Some(s.minutes(-78))), mark("acknowledged", MarkState::Done, Some(s.minutes(-60))), mark("answered", MarkState::Waiting, Some(s.minutes(4_300)))],
        ..message(s, "1f", "XA", "NOTIFY-ORIG", -78)
    }
}

fn thread(s: &Sample) -> Thread {
    let w = s.w;
    let party = s.party("XB");
    let entries = vec![
        Entry::Message(Box::new(notification(s))),
        Entry::Message(Box::new(Message {
            facts: vec![(w.t("said-handler"), "Duty officer, National Cyber Desk".to_owned()), (w.t("said-next-update-by"), "2026-11-21 20:00".to_owned())],
            fixed: vec!["fixed-ack"],
            ..message(s, "2f", "XB", "ACK", -60)
        })),
        Entry::Message(Box::new(Message {
            title: "Request to mitigate".to_owned(),
            text: "Please take the three servers out of service and keep their disks for investigation.".to_owned(),
            lists: vec![(w.t("said-assets"), vec!["198.51.100.23:443".to_owned(), "203.0.113.77:8443".to_owned(), "gate.example".to_owned()]), (w.t("said-measures"), vec![w.word("measure", "takedown"), w.word("measure", "investigate")])],
            facts: vec![(w.t("said-least-harm"), "gate.example also serves a public library; a filter on port 443 would be enough there.".to_owned())],
            tlp: Tlp::Red,
            urgency: "urgent".to_owned(),
            retry_url: "#".to_owned(),
            marks: vec![mark("sent", MarkState::Done, Some(s.minutes(-40))), mark("undeliverable", MarkState::Late, Some(s.minutes(-38))), mark("acknowledged", MarkState::Late, Some(s.minutes(-5)))],
            ..message(s, "3f", "XA", "RFM", -40)
        })),
        Entry::Event { at: s.minutes(-30), text: w.t2("event-turned-away", &("party", &party.name), &("why", w.t("error-envelope-bad-signature"))), bad: true },
        Entry::Message(Box::new(Message { gone: w.t1("gone-withdrawn-by-them", "party", &party.name), ..message(s, "4f", "XB", "UPDATE", -20) })),
        Entry::Message(Box::new(Message {
            lists: vec![(w.t("said-questions"), vec!["Which of the hosts is still reaching the hospitals?".to_owned(), "May we tell the owner of gate.example that the request comes from you?".to_owned()])],
            language: "ar".to_owned(),
            title: "أسئلة حول الطلب".to_owned(),
            text: "نشكركم على الإخطار. قبل أن نتخذ أي إجراء نود أن نعرف ما يلي، ولا سيما ما يتعلق بالخادم gate.example وعنوانه 198.51.100.23.".to_owned(),
            marks: vec![mark("received", MarkState::Done, Some(s.minutes(-7))), mark("answered", MarkState::Waiting, Some(s.minutes(41)))],
            ..message(s, "5f", "XB", "CLARIFY", -7)
        })),
    ];
    let clock = |verb, kind: &str, code: &str, minutes, met, stands, stood| Clock {
        verb,
        kind: kind.to_owned(),
        party: s.party(code),
        due: s.minutes(minutes),
        met,
        stands,
        stood_seconds: stood,
        call: if minutes < 0 {
            Call::Seen(Phones {
                desk: "National Cyber Desk".to_owned(),
                numbers: vec!["+990 2 555 0199".to_owned()],
            })
        } else {
            Call::None
        },
    };
    Thread {
        w,
        shell: Sample::told(s.shell(Section::Exchange, "/threads/x"), w.t("flash-sent")),
        url: "thread.html".to_owned(),
        id: THREAD.to_owned(),
        title: "Hospital ransomware: request to mitigate".to_owned(),
        party: party.clone(),
        state: "open".to_owned(),
        tlp: Tlp::Red,
        earlier: None,
        entries,
        desks: vec![
            (
                s.party("XA"),
                "Duty desk, National CSIRT".to_owned(),
                "party.html".to_owned(),
            ),
            (
                party.clone(),
                "National Cyber Desk".to_owned(),
                "party.html".to_owned(),
            ),
        ],
        clocks: vec![
            clock("answer", "CLARIFY", "XA", 41, None, false, 0),
            clock("acknowledge", "RFM", "XB", -5, None, false, 0),
            clock("answer", "RFM", "XB", 4_300, None, true, 420),
            clock(
                "acknowledge",
                "NOTIFY-ORIG",
                "XB",
                600,
                Some(s.minutes(-60)),
                false,
                0,
            ),
        ],
        incidents: vec![Link {
            text: "Ransomware at the northern hospitals".to_owned(),
            url: "incident.html".to_owned(),
        }],
        files: vec![Link {
            text: "firewall-extract.csv".to_owned(),
            url: "#message--1f".to_owned(),
        }],
        history: [
            ("Rosa Dimas", "RFM", "3f", -40),
            ("Lev Anders", "NOTIFY-ORIG", "1f", -78),
        ]
        .map(|(who, kind, id, minutes)| Deed {
            at: s.minutes(minutes),
            who: who.to_owned(),
            what: w.t1("deed-sent", "kind", w.word("kind", kind)),
            url: format!("#message--{id}"),
        })
        .to_vec(),
        others: vec![],
        closes: None,
        norms: vec![("13 (h)".to_owned(), "Assistance on request".to_owned())],
        acts: acts(s, &party.name),
        asks: ["RFI", "RFM", "PING"]
            .map(|kind| Link {
                text: w.word("kind", kind),
                url: "compose.html".to_owned(),
            })
            .to_vec(),
        no_acts: String::new(),
        evidence_url: "#".to_owned(),
    }
}

fn acts(s: &Sample, party: &str) -> Vec<Act> {
    let w = s.w;
    let answer = form(
        "#",
        w.t("form-preview"),
        vec![
            Field::new("items", w.t("field-items"), Control::Area(4))
                .required()
                .longest(20_000),
            Field::new("files", w.t("field-files"), Control::Files).hint(w.t1(
                "hint-files",
                "max",
                "50 MB",
            )),
        ],
    );
    let act = |key: &str, about: &str, form| Act {
        text: w.t1(key, "party", party),
        about: about.to_owned(),
        url: "compose.html".to_owned(),
        fixed: "",
        form,
    };
    vec![
        act(
            "act-send-clarify-answer",
            "Request to mitigate",
            Some(answer),
        ),
        act("act-send-update", "", None),
        act("act-send-withdraw", "", None),
        act("act-send-close", "", None),
    ]
}
