//! How the mailbox does: its servers, what the operator configured, a test, and what goes out.

use access::{http::CsrfForm, policy::Act};
use axum::extract::{Path, State};
use kernel::{JobId, Timestamp};
use mailbox::{
    model::{Health, Overview, Posted},
    ops::{self, Came, Tried},
    wire::MailSettingsBody,
};

use super::tabs;
use crate::{
    pages::{
        Answer, House, Reader, draw, forms::Answers, go, mails, nothing, remotes::count,
        retention::blank,
    },
    views::{
        frame::Section,
        tables::{Cell, Table},
    },
    words::{Fidelity, Words, key},
};

const PAGE: &str = "/settings/mail";

/// `GET /settings/mail`.
pub(crate) async fn show(State(house): State<House>, reader: Reader) -> Answer {
    page(&house, &reader, &[]).await
}

/// `POST /settings/mail/{act}`: tries the servers.
pub(crate) async fn test(
    State(house): State<House>,
    reader: Reader,
    Path(act): Path<String>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    if act != "test" {
        return Err(nothing());
    }
    let steps = ops::test(&house.mailbox, &reader.viewer).await?;
    page(&house, &reader, &steps).await
}

/// `POST /settings/mail/{job}/{act}`: what becomes of a mail that was given up.
pub(crate) async fn change(
    State(house): State<House>,
    reader: Reader,
    Path((job, act)): Path<(String, String)>,
    CsrfForm(_): CsrfForm<Answers>,
) -> Answer {
    let job: JobId = job.parse().map_err(|_no_id| nothing())?;
    let (mailbox, viewer) = (&house.mailbox, &reader.viewer);
    let said = match act.as_str() {
        "retry" => {
            ops::retry(mailbox, viewer, job).await?;
            "mail-retried"
        }
        "discard" => {
            ops::discard(mailbox, viewer, job).await?;
            "mail-discarded"
        }
        _ => return Err(nothing()),
    };
    Ok(go(&reader, PAGE, said))
}

async fn page(house: &House, reader: &Reader, steps: &[Tried]) -> Answer {
    let overview = ops::overview(&house.mailbox, &reader.viewer).await?;
    let w = reader.w;
    let mut page = blank(house, reader, w.t("mailbox"), Section::Settings).await?;
    page.intro = w.t("mailbox-intro");
    page.tabs = tabs(reader, "mail");
    let Some(all) = overview else {
        page.facts = vec![(
            w.t("mailbox-state"),
            Cell::styled(w.t("mailbox-none"), "chip").below(w.t("mailbox-none-why")),
        )];
        return draw(&page);
    };
    let reads = reader.may(Act::MailRead) && !reader.viewer.mode.is_exercise();
    page.facts = facts(w, &all, reads);
    if !steps.is_empty() {
        page.tables.push(Table {
            title: w.t("mailbox-tested"),
            head: heads(w, &["step", "came", "seen"]),
            rows: steps.iter().map(|step| step_row(w, step)).collect(),
            empty: String::new(),
        });
    }
    page.tables.push(Table {
        title: w.t("mailbox-outgoing"),
        head: heads(
            w,
            &["reference", "stands", "tries", "said", "retry", "discard"],
        ),
        rows: all
            .outgoing
            .iter()
            .map(|one| posted_row(w, one, reads))
            .collect(),
        empty: w.t("mailbox-outgoing-none"),
    });
    if all.has_more {
        page.facts.push((
            w.t("mailbox-outgoing"),
            Cell::text(w.t("mailbox-outgoing-more")),
        ));
    }
    page.tables.push(Table {
        title: w.t("mailbox-settings"),
        head: heads(w, &["setting", "value"]),
        rows: settings_rows(w, &MailSettingsBody::from(&*all.settings)),
        empty: String::new(),
    });
    draw(&page)
}

fn heads(w: Words, names: &[&str]) -> Vec<String> {
    let head = |name: &&str| w.word("mailbox-head", name);
    names.iter().map(head).collect()
}

fn facts(w: Words, all: &Overview, reads: bool) -> Vec<(String, Cell)> {
    let mut facts = Vec::new();
    health(w, "mailbox-in", all.imap.as_ref(), &mut facts);
    health(w, "mailbox-out", all.smtp.as_ref(), &mut facts);
    let last = all.last_at;
    let last = last.map_or_else(|| w.t("never"), |at| moment(w, at));
    let waiting = w.t1("mailbox-waiting-n", "n", count(all.waiting));
    let today = all.today;
    facts.extend([
        (w.t("mailbox-last"), Cell::text(last)),
        (
            w.t("mailbox-today"),
            Cell::text(w.t2(
                "mailbox-today-in",
                &("came", count(today.came)),
                &("waiting", count(today.waiting)),
            ))
            .below(w.t3(
                "mailbox-today-out",
                &("sent", count(today.sent)),
                &("waiting", count(today.to_send)),
                &("failed", count(today.failed)),
            )),
        ),
        (
            w.t("mailbox-waiting"),
            if reads {
                Cell::link(waiting, mails::PAGE)
            } else {
                Cell::text(waiting)
            },
        ),
    ]);
    if let Some(fingerprint) = &all.fingerprint {
        let key = Cell::styled(fingerprint, "mono").below(w.t("mailbox-key-why"));
        facts.push((w.t("mailbox-key"), key));
    }
    if all.imap.is_some() || all.smtp.is_some() {
        let press = Cell::press(format!("{PAGE}/test"), w.t("mailbox-test-now"));
        facts.push((w.t("mailbox-test"), press.below(w.t("mailbox-test-why"))));
    }
    facts
}

/// How a server does, in plain words.
fn health(w: Words, name: &str, health: Option<&Health>, facts: &mut Vec<(String, Cell)>) {
    let Some(one) = health else {
        let none = Cell::styled(w.t("mailbox-not-set"), "chip").below(w.t("mailbox-not-set-why"));
        facts.push((w.t(name), none));
        return;
    };
    let (Some(since), Some(tried)) = (one.since, one.tried_at) else {
        let untried = Cell::styled(w.t("mailbox-untried"), "chip").below(&one.server);
        facts.push((w.t(name), untried));
        return;
    };
    let tried = w.t1("mailbox-tried", "at", moment(w, tried));
    let below = format!("{} · {tried}", one.server);
    let since = moment(w, since);
    let Some((code, said)) = &one.failure else {
        let works = w.t1("mailbox-works", "since", since);
        facts.push((w.t(name), Cell::styled(works, "chip good").below(below)));
        return;
    };
    let fails = w.t1("mailbox-fails", "since", since);
    facts.push((w.t(name), Cell::styled(fails, "chip bad").below(below)));
    let (what, advice) = plain(w, code);
    facts.push((w.t("mailbox-wrong"), Cell::text(what).below(advice)));
    facts.push((w.t("mailbox-said"), Cell::styled(said, "mono")));
    if let Some(worked) = one.worked_at {
        facts.push((w.t("mailbox-worked"), Cell::text(moment(w, worked))));
    }
}

/// What is wrong, and what to do about it.
fn plain(w: Words, code: &str) -> (String, String) {
    let what = w.find(&key("error", code), &[]);
    let own = code.strip_prefix("mail.").unwrap_or(code);
    let advice = w.find(&key("mail-advice", own), &[]);
    (
        what.unwrap_or_else(|| code.to_owned()),
        advice.unwrap_or_default(),
    )
}

fn step_row(w: Words, step: &Tried) -> Vec<Cell> {
    let style = match step.came {
        Came::Yes => "chip good",
        Came::No => "chip bad",
        Came::NotTried => "chip",
    };
    let seen = match step.code {
        None => Cell::styled(&step.detail, "mono"),
        Some(code) => {
            let (what, advice) = plain(w, code);
            let said = format!("{advice} {}", step.detail);
            Cell::text(what).below(said.trim())
        }
    };
    vec![
        Cell::text(w.word("mail-step", step.step.as_str())).below(&step.server),
        Cell::styled(w.word("remote-came", step.came.as_str()), style),
        seen,
    ]
}

fn posted_row(w: Words, one: &Posted, reads: bool) -> Vec<Cell> {
    use mailbox::wire::PostedBody;
    let body = PostedBody::from(one);
    let errand = || w.word("mailbox-errand", &body.errand);
    let name = body.reference.clone().unwrap_or_else(errand);
    let what = match &body.mail {
        Some(mail) if reads => Cell::link(name, mails::page_of(mail)),
        _ => Cell::text(name),
    };
    let style = if body.state == "dead" {
        "chip bad"
    } else {
        "chip"
    };
    let stands = Cell::styled(w.word("mailbox-stands", &body.state), style);
    let stands = match body.next {
        Some(next) if w.is_late(&next) => stands.below(w.t("mailbox-next-now")),
        Some(next) => stands.below(w.t1("mailbox-next", "at", moment(w, next))),
        None => stands,
    };
    let mut row = vec![
        what.below(moment(w, one.created_at)),
        stands,
        Cell::text(w.number(&u64::from(one.attempts))),
        Cell::styled(&one.said, "mono"),
    ];
    for act in ["retry", "discard"] {
        row.push(if body.state == "dead" {
            let url = format!("{PAGE}/{}/{act}", body.id);
            Cell::press(url, w.word("mailbox-head", act))
        } else {
            Cell::default()
        });
    }
    row
}

/// The settings by the names that they have in the file. Of secrets it is said whether they are there.
fn settings_rows(w: Words, settings: &MailSettingsBody) -> Vec<Vec<Cell>> {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| w.t("mailbox-unset"));
    let set = |is_set: bool| {
        w.t(if is_set {
            "mailbox-set"
        } else {
            "mailbox-unset"
        })
    };
    let rows = [
        ("address", settings.address.clone()),
        ("name", settings.name.clone()),
        ("imap", or_none(&settings.imap)),
        ("smtp", or_none(&settings.smtp)),
        ("folder", settings.folder.clone()),
        ("user", or_none(&settings.user)),
        ("password, password_file", set(settings.password_set)),
        ("authority_file", set(settings.authority_set)),
        ("every_seconds", settings.every_seconds.to_string()),
        ("acknowledge", settings.acknowledge.to_string()),
    ];
    let row = |(name, value): (&str, String)| vec![Cell::styled(name, "mono"), Cell::text(value)];
    rows.into_iter().map(row).collect()
}

/// A moment to the minute.
pub(crate) fn moment(w: Words, at: Timestamp) -> String {
    w.dated_to(&at, &Fidelity::Minute)
}
