//! The mails that came to the node's mailbox, and those that went out.

use access::policy::Act;
use axum::extract::{Query, State};
use mailbox::{model::Item, ops};

use super::{
    Answer, House, Reader,
    constituency::{pager, request},
    draw,
    forms::Answers,
    remotes::count,
    retention::blank,
    settings::mail::moment,
};
use crate::{
    views::{
        desk::News,
        frame::{Link, Section, Tab},
        tables::{Cell, Table},
    },
    words::Words,
};

/// The list.
pub(super) const PAGE: &str = "/mails";

/// The page of a mail.
pub(super) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{PAGE}/{id}")
}

/// `GET /mails`: those that wait, all that came in, all that went out, or those of one matter.
pub(super) async fn list(
    State(house): State<House>,
    reader: Reader,
    Query(query): Query<Answers>,
) -> Answer {
    let (w, mailbox, viewer) = (reader.w, &house.mailbox, &reader.viewer);
    let asked = request(&query);
    let (here, items, next) = if let Some(reference) = query.given("reference") {
        ("", ops::matter(mailbox, viewer, &reference).await?, None)
    } else {
        let (here, found) = match query.of("show") {
            "in" => ("in", ops::list(mailbox, viewer, true, asked).await?),
            "out" => ("out", ops::list(mailbox, viewer, false, asked).await?),
            _ => ("waiting", ops::waiting(mailbox, viewer, asked).await?),
        };
        (here, found.items, found.next)
    };
    let waiting = count(ops::count_new(mailbox, viewer).await?);
    let mut page = blank(&house, &reader, w.t("mails"), Section::Incidents).await?;
    page.intro = w.t("mails-intro");
    page.crumbs = crumbs(w);
    page.crumbs.truncate(1);
    page.tabs = ["waiting", "in", "out"]
        .map(|show| tab(w, show, here, waiting))
        .to_vec();
    if reader.may(Act::MailManage) {
        page.acts.push(Link {
            text: w.t("mailbox"),
            url: "/settings/mail".to_owned(),
        });
    }
    page.tables = vec![Table {
        title: query.given("reference").unwrap_or_default(),
        ..table(w, &items, w.word("mails-none", here))
    }];
    page.pager = pager(PAGE, &query, &["show"], next);
    draw(&page)
}

fn tab(w: Words, show: &str, here: &str, waiting: u64) -> Tab {
    Tab {
        text: w.word("mails-tab", show),
        url: format!("{PAGE}?show={show}"),
        count: (show == "waiting").then_some(waiting),
        here: show == here,
    }
}

/// The pages above one mail.
pub(super) fn crumbs(w: Words) -> Vec<Link> {
    let link = |text: &str, url: &str| Link {
        text: w.t(text),
        url: url.to_owned(),
    };
    vec![link("nav-incidents", "/incidents"), link("mails", PAGE)]
}

/// A table of mails.
pub(super) fn table(w: Words, items: &[Item], empty: String) -> Table {
    let heads = ["subject", "other", "state", "protection", "at", "reference"];
    Table {
        title: String::new(),
        head: heads.map(|name| w.word("mails-head", name)).to_vec(),
        rows: items.iter().map(|item| row(w, item)).collect(),
        empty,
    }
}

fn row(w: Words, item: &Item) -> Vec<Cell> {
    let head = &item.head;
    let subject = if head.subject.is_empty() {
        w.t("mail-no-subject")
    } else {
        head.subject.clone()
    };
    let direction = if item.is_incoming { "in" } else { "out" };
    vec![
        Cell::link(subject, page_of(item.id)).below(w.word("mail-direction", direction)),
        Cell::text(&head.name).below(&head.address),
        state(w, item),
        Cell::text(w.word("mail-protection", &head.protection)),
        Cell::text(moment(w, item.at)),
        reference(item),
    ]
}

/// Where a mail stands, and why it waits.
pub(super) fn state(w: Words, item: &Item) -> Cell {
    let style = match item.state.as_str() {
        "new" | "waiting" => "chip warn",
        "failed" => "chip bad",
        _ => "chip",
    };
    let cell = Cell::styled(w.word("mail-state", item.state.as_str()), style);
    match (&item.head.reason, item.head.why) {
        (Some(reason), _) => cell.below(reason),
        (None, Some(why)) => cell.below(w.word("mail-why", why.as_str())),
        (None, None) => cell,
    }
}

/// The number of the matter, which leads to its report where the mail is in one.
pub(super) fn reference(item: &Item) -> Cell {
    let number = item.reference.as_str();
    if item.is_in_report() {
        Cell::link(number, format!("/reports/{number}"))
    } else {
        Cell::styled(number, "mono")
    }
}

/// How many mails of a report there are. Whoever reads no mails is shown none.
pub(super) async fn of_report(house: &House, reader: &Reader, number: &impl ToString) -> usize {
    let number = number.to_string();
    let mails = ops::matter(&house.mailbox, &reader.viewer, &number).await;
    mails.map_or(0, |mails| mails.len())
}

/// That mails wait, for the desk of whoever reads them.
pub(super) async fn on_desk(
    house: &House,
    reader: &Reader,
) -> Result<Option<News>, mailbox::Error> {
    let waiting = count(ops::count_new(&house.mailbox, &reader.viewer).await?);
    Ok((waiting > 0).then(|| News {
        text: reader.w.t1("mailbox-waiting-n", "n", waiting),
        url: PAGE.to_owned(),
        bad: false,
    }))
}
