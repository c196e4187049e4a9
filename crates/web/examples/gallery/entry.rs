//! The desk, sign-in, errors, search, settings.

use askama::Template;
use kernel::Tlp;
use web::views::{
    clocks::ReportDue,
    desk::{Call, Desk, LevelShare, News, Phones, Share, StateFigures, Trouble, Waiting},
    entry::{ErrorPage, Found, Hit, Reset, Search, SignIn},
    form::{Choice, Control, Field, Form},
    frame::{Link, Section},
    work::WorkLine,
};

use crate::{Drawn, Sample};

pub(crate) fn draw(s: &Sample) -> askama::Result<Vec<Drawn>> {
    let mut pages = vec![
        ("desk", desk(s, true).render()?),
        ("desk-empty", desk(s, false).render()?),
        ("sign-in", sign_in(s).render()?),
        ("reset", reset(s).render()?),
        ("error", error(s).render()?),
        ("search", search(s).render()?),
    ];
    for (name, page) in crate::settings::settings(s) {
        pages.push((name, page.render()?));
    }
    Ok(pages)
}

fn waiting(
    s: &Sample,
    minutes: i64,
    verb: &'static str,
    kind: &str,
    title: &str,
    code: &str,
) -> Waiting {
    Waiting {
        verb,
        due: Some(s.minutes(minutes)),
        stands: false,
        kind: kind.to_owned(),
        title: title.to_owned(),
        url: "thread.html".to_owned(),
        party: s.party(code),
        incident: Some(Link {
            text: "Ransomware at Aldoria's northern hospitals".to_owned(),
            url: "incident.html".to_owned(),
        }),
        tlp: Tlp::AmberStrict,
        urgency: "routine".to_owned(),
        call: Call::None,
    }
}

fn desk(s: &Sample, full: bool) -> Desk {
    let call = Call::Ask {
        url: "#".to_owned(),
        message: "message--x".to_owned(),
    };
    let for_us = vec![
        Waiting {
            call,
            incident: None,
            tlp: Tlp::Green,
            ..waiting(
                s,
                -20,
                "answer",
                "PING",
                "Ping of 20 November, technical contact",
                "XC",
            )
        },
        Waiting {
            urgency: "flash".to_owned(),
            ..waiting(
                s,
                41,
                "acknowledge",
                "CLARIFY",
                "Hospital ransomware: Brevonia asks for clarification",
                "XB",
            )
        },
        Waiting {
            tlp: Tlp::Amber,
            ..waiting(
                s,
                192,
                "answer",
                "RFM",
                "Command-and-control server on your territory",
                "XC",
            )
        },
        Waiting {
            stands: true,
            due: None,
            ..waiting(
                s,
                5_000,
                "clarify",
                "RFI",
                "Logs of the mail gateway, 3 to 9 November",
                "XB",
            )
        },
    ];
    let for_others = vec![
        Waiting {
            call: Call::Seen(Phones {
                desk: "National Cyber Desk".to_owned(),
                numbers: vec!["+990 2 555 0199".to_owned()],
            }),
            urgency: "urgent".to_owned(),
            tlp: Tlp::Red,
            ..waiting(
                s,
                -135,
                "acknowledge",
                "RFM",
                "Please take three servers out of service that encrypt hospital systems, and keep their disks for investigation",
                "XB",
            )
        },
        waiting(
            s,
            4_300,
            "answer",
            "NOTIFY-ORIG",
            "Activity emanating from your territory",
            "XB",
        ),
    ];
    let share = |text: &str, count| Share {
        text: text.to_owned(),
        count,
        url: "incidents.html".to_owned(),
    };
    let news = |text: String, bad| News {
        text,
        url: "threads.html".to_owned(),
        bad,
    };
    let w = s.w;
    Desk {
        w,
        shell: s.shell(Section::Desk, "/desk"),
        for_us: Some(if full { for_us } else { Vec::new() }),
        within: if full { (3, 4) } else { (0, 0) },
        for_others: if full { for_others } else { Vec::new() },
        reports: [(-20, "early-warning"), (2_300, "notification")]
            .map(|(minutes, stage)| ReportDue {
                due: s.minutes(minutes),
                what: format!(
                    "{} · Directive (EU) 2022/2555 (NIS2), article 23",
                    w.word("clock-stage", stage)
                ),
                title: "Ransomware at the northern hospitals".to_owned(),
                url: "incident-clocks.html".to_owned(),
            })
            .into_iter()
            .filter(|_| full)
            .collect(),
        work: [
            ("mention", None, "omar.haddad"),
            ("task", Some(95), "Keep evidence before anything is rebuilt"),
        ]
        .map(|(kind, due, what)| WorkLine {
            due: due.map(|minutes| s.minutes(minutes)),
            kind,
            what: what.to_owned(),
            title: "Ransomware at the northern hospitals".to_owned(),
            url: "incident-tasks.html".to_owned(),
        })
        .into_iter()
        .filter(|_| full)
        .collect(),
        state: if full {
            StateFigures {
                open: Some(12),
                levels: [(4, 1), (3, 2), (2, 5), (1, 4)]
                    .map(|(level, count)| LevelShare {
                        level,
                        count,
                        url: "incidents.html".to_owned(),
                    })
                    .to_vec(),
                shares: vec![
                    share(&w.word("investigation", "open"), 5),
                    share(&w.word("investigation", "investigating"), 4),
                    share(&w.word("investigation", "contained"), 3),
                ],
                weeks: (0..)
                    .zip([2, 3, 3, 5, 8, 6, 0, 4])
                    .map(|(week, count)| (s.minutes((week - 8) * 10_080), count))
                    .collect(),
                threads: Some(7),
            }
        } else {
            StateFigures::default()
        },
        looked: full.then(|| s.minutes(-248)),
        news: if full {
            vec![
                news(w.t1("news-messages", "n", 4_u64), false),
                news(w.t1("news-incidents", "n", 3_u64), false),
                news(w.t1("news-receipts-missing", "n", 1_u64), true),
            ]
        } else {
            Vec::new()
        },
        troubles: if full {
            vec![Trouble {
                text: w.t1("alarm-split-view", "party", w.state("XC")),
                url: "evidence.html".to_owned(),
                at: Some(s.minutes(-300)),
                alarm: "act--x".to_owned(),
            }]
        } else {
            Vec::new()
        },
    }
}

pub(crate) fn form(action: &str, submit: String, fields: Vec<Field>) -> Form {
    Form {
        action: action.to_owned(),
        csrf: "sample".to_owned(),
        fields,
        submit,
        cancel: String::new(),
    }
}

pub(crate) fn choices(s: &Sample, family: &str, codes: &[&str]) -> Vec<Choice> {
    codes
        .iter()
        .map(|code| Choice {
            value: (*code).to_owned(),
            text: s.w.word(family, code),
            chosen: false,
        })
        .collect()
}

fn sign_in(s: &Sample) -> SignIn {
    let w = s.w;
    let fields = vec![
        Field::new("name", w.t("field-name"), Control::Text).required(),
        Field::new("password", w.t("field-password"), Control::Password).required(),
    ];
    SignIn {
        w,
        shell: s.outside(),
        form: form("/sign-in", w.t("sign-in-button"), fields),
        refused: w.t("error-access-bad-credentials"),
    }
}

fn reset(s: &Sample) -> Reset {
    let w = s.w;
    let fields = vec![
        Field::new("name", w.t("field-name"), Control::Text).required(),
        Field::new("code", w.t("field-code"), Control::Text).required(),
        Field::new(
            "new_password",
            w.t("field-new-password"),
            Control::NewPassword,
        )
        .hint(w.t("hint-new-password"))
        .required(),
    ];
    Reset {
        w,
        shell: s.outside(),
        form: form("/reset", w.t("reset-button"), fields),
        refused: String::new(),
    }
}

fn error(s: &Sample) -> ErrorPage {
    let w = s.w;
    ErrorPage {
        w,
        shell: s.shell(Section::Nowhere, "/threads/x"),
        status: 503,
        what: w.t("error-db-full"),
        advice: w.t("problem-503-advice"),
        code: "db.full".to_owned(),
        id: "7f3a-90c2-11de".to_owned(),
        ways: vec![
            Link {
                text: w.t("way-desk"),
                url: "desk.html".to_owned(),
            },
            Link {
                text: w.t("way-desk"),
                url: "thread.html".to_owned(),
            },
        ],
    }
}

fn search(s: &Sample) -> Search {
    let hit = |title: &str, about: &str| Hit {
        title: title.to_owned(),
        about: about.to_owned(),
        url: "incident.html".to_owned(),
    };
    Search {
        w: s.w,
        shell: s.shell(Section::Nowhere, "/search?q=hospital"),
        query: "hospital".to_owned(),
        groups: vec![
            Found {
                heading: "search-incidents",
                hits: vec![hit(
                    "Ransomware at the northern hospitals",
                    "Aldoria · 19 Nov 2026",
                )],
                all: "incidents.html".to_owned(),
            },
            Found {
                heading: "search-threads",
                hits: vec![hit(
                    "Hospital ransomware: request to mitigate",
                    "Brevonia · open",
                )],
                all: "threads.html".to_owned(),
            },
        ],
    }
}
