//! The desk: what waits, how the State stands, what is new.

pub(super) mod figures;
pub(super) mod news;
pub(super) mod reports;
pub(super) mod waiting;

use access::{
    http::CsrfForm,
    policy::{Act, check_house},
};
use axum::{
    extract::State,
    response::{AppendHeaders, IntoResponse},
};
use kernel::{MessageId, Timestamp};

use self::{figures::figures, waiting::waiting};
use super::{
    Answer, House, Reader, constituency, draw, forms::Answers, incident, mails, names,
    thread::telephone,
};
use crate::views::{
    desk::{Desk, Phones},
    frame::Section,
};

/// A look within so long of the last one is the same look.
const SAME_LOOK: std::time::Duration = std::time::Duration::from_mins(10);

pub(super) async fn show(State(house): State<House>, reader: Reader) -> Answer {
    page(&house, &reader, None).await
}

/// `POST /desk/call`: the desk, with the telephone of whoever is late. The look is recorded before
/// anything is shown.
pub(super) async fn call(
    State(house): State<House>,
    reader: Reader,
    CsrfForm(answers): CsrfForm<Answers>,
) -> Answer {
    let seen = telephone(&house, &reader, &answers).await?;
    page(&house, &reader, Some(seen)).await
}

async fn page(house: &House, reader: &Reader, seen: Option<(MessageId, Phones)>) -> Answer {
    check_house(&reader.viewer, Act::DeskRead)?;
    let w = reader.w;
    let look = Look::of(reader, w.now());
    let names = names::all(house, reader).await;
    let (troubles, mut news) = if reader.may(Act::ExchangeRead) || reader.may(Act::NodeManage) {
        news::machinery(house, reader, &names).await?
    } else {
        (Vec::new(), Vec::new())
    };
    if let Some(since) = look.since {
        news.extend(reports::reminded(house, reader, since).await?);
        news.extend(news::register(house, reader, since).await?);
        news.extend(news::messages(house, reader, since).await?);
    }
    news.extend(mails::on_desk(house, reader).await?);
    let (mut work, watched) = incident::work::on_desk(house, reader, look.since).await?;
    work.extend(constituency::calendar::on_desk(house, reader).await?);
    news.extend(watched);
    let waits = waiting(house, reader, &names, seen).await?;
    let shell = reader.shell(house, Section::Desk).await?;
    // More may wait than the page lists.
    let all = waits.all.max(shell.counts.desk);
    let page = Desk {
        w,
        shell,
        for_us: waits.for_us,
        within: (all.saturating_sub(waits.late), all),
        for_others: waits.for_others,
        state: figures(house, reader).await?,
        reports: reports::on_desk(house, reader).await?,
        work,
        looked: look.since,
        news,
        troubles,
    };
    let drawn = draw(&page)?;
    Ok((
        AppendHeaders([reader.guest().keep("looked", &look.to_text())]),
        drawn,
    )
        .into_response())
}

/// When the reader looked last, and since when news are told: until he has been away for a while,
/// news stay news.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Look {
    since: Option<Timestamp>,
    last: Timestamp,
}

impl Look {
    fn of(reader: &Reader, now: Timestamp) -> Self {
        Self::after(reader.guest().looked(), now)
    }

    fn after(kept: Option<&str>, now: Timestamp) -> Self {
        let mut moments = kept
            .unwrap_or_default()
            .split('.')
            .map(|text| text.parse().ok().map(Timestamp::from_micros));
        let (since, last) = (moments.next().flatten(), moments.next().flatten());
        let since = match last {
            Some(last) if now.since(last) < SAME_LOOK => since,
            last => last,
        };
        Self {
            since: since.filter(|since| *since <= now),
            last: now,
        }
    }

    fn to_text(self) -> String {
        let since = self.since.unwrap_or(self.last);
        format!("{}.{}", since.as_micros(), self.last.as_micros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_micros(minutes * 60_000_000)
    }

    #[test]
    fn news_stay_news_until_the_reader_was_away() {
        let first = Look::after(None, at(100));
        assert_eq!(first.since, None);
        let soon = Look::after(Some(&first.to_text()), at(105));
        assert_eq!(soon.since, Some(at(100)));
        let again = Look::after(Some(&soon.to_text()), at(109));
        assert_eq!(again.since, Some(at(100)));
        let later = Look::after(Some(&again.to_text()), at(300));
        assert_eq!(later.since, Some(at(109)));
    }

    #[test]
    fn a_cookie_that_cannot_be_read_is_no_look() {
        assert_eq!(Look::after(Some("x.y"), at(100)).since, None);
    }
}
