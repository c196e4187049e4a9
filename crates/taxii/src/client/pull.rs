//! From there to here, page by page.

use std::{io::Cursor, time::Duration};

use axum::http::header;
use intel::{
    intake::{Batch, Reader},
    remotes::{Ended, Trouble, Visit},
};
use kernel::Timestamp;
use outward::Address;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use super::{
    body::{Envelope, Next},
    find::find,
    series::{Said, Series, Then, digest},
    talk::{Good, Talk, escaped},
};

/// How many objects are asked for.
const PAGE_OBJECTS: &str = "1000";
/// Objects of an answer that are read at once; a server may give more than it was asked for.
const READ_AT_ONCE: usize = 100_000;

/// What is saved with each page.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct State {
    series: Series,
}

/// A page as it came.
struct Page {
    said: Said,
    batch: Batch,
}

/// Takes what was added there since the last run.
pub(super) async fn pull(mut visit: Visit) -> Result<Ended, Trouble> {
    let mut talk = Talk::begin(&visit).await?;
    let target = find(&visit, &mut talk).await?;
    if !target.collection.can_read {
        let detail = "the collection cannot be read with these credentials";
        return Err(Trouble::lasting("taxii.not_readable", detail));
    }
    let objects = target.objects()?;
    let mut state: State = visit.state();
    state.series.resume();
    let mut told = Vec::new();
    loop {
        let good = match talk.get(question(&objects, &state.series)?).await {
            Ok(good) => good,
            // Nothing but the cursor changes from page to page.
            Err(trouble)
                if state.series.next.is_some()
                    && matches!(trouble.code, "taxii.refused" | "taxii.not_found") =>
            {
                let detail = "a cursor is not known any more";
                talk.defect("taxii.cursor_lost", detail);
                match state.series.leap(detail) {
                    Then::On => continue,
                    Then::Done | Then::Stuck(_) => {
                        let notes = talk.told(&mut told);
                        visit.take(Batch::default(), &state, notes).await?;
                        return Err(Trouble::cut("taxii.cursor_lost", trouble.detail));
                    }
                }
            }
            Err(trouble) => return Err(trouble),
        };
        let Page { said, batch } = read(good).await?;
        let (then, defects) = state.series.turn(said);
        for (code, detail) in defects {
            talk.defect(code, detail);
        }
        let notes = talk.told(&mut told);
        visit.take(batch, &state, notes).await?;
        match then {
            Then::Done => return Ok(Ended::Complete),
            Then::Stuck(why) => return Err(Trouble::cut("taxii.stuck", why)),
            Then::On if visit.is_late() => {
                return Ok(Ended::More {
                    after: Duration::ZERO,
                    code: "intel.run_time",
                    detail: "the time of the run was over; the next one goes on".to_owned(),
                });
            }
            Then::On => {}
        }
    }
}

/// The address of the next page. All versions are asked for: what is not the newest there may be what
/// is missing here.
fn question(objects: &Address, series: &Series) -> Result<Address, Trouble> {
    let mut query = format!("?limit={PAGE_OBJECTS}&match%5Bversion%5D=all");
    for (name, value) in [("added_after", &series.after), ("next", &series.next)] {
        if let Some(value) = value {
            query = format!("{query}&{name}={}", escaped(value));
        }
    }
    objects.join(&query).map_err(|_too_long| {
        let detail = "the cursor of the server cannot stand in an address";
        Trouble::lasting("taxii.cursor", detail)
    })
}

/// Reads a page, away from the tasks that serve others: it may be long.
async fn read(good: Good) -> Result<Page, Trouble> {
    let read = spawn_blocking(move || read_page(&good)).await;
    read.map_err(|error| Trouble::passing("taxii.unreadable", error.to_string()))?
}

fn read_page(good: &Good) -> Result<Page, Trouble> {
    let unreadable = |detail: String| Trouble::lasting("taxii.unreadable", detail);
    let bytes: &[u8] = if good.bytes.is_empty() {
        b"{}"
    } else {
        &good.bytes
    };
    let envelope: Envelope<'_> = serde_json::from_slice(bytes)
        .map_err(|error| unreadable(format!("a page is no envelope: {error}")))?;
    let objects = envelope.objects.unwrap_or_default();
    let texts = || objects.iter().map(|object| object.get());
    let field = |name: &str| {
        let value = good.headers.get(name)?.to_str().ok()?;
        (!value.is_empty()).then(|| value.to_owned())
    };
    let said = Said {
        more: envelope.more,
        next: envelope.next.and_then(Next::text),
        first: field("x-taxii-date-added-first"),
        last: field("x-taxii-date-added-last"),
        at: field(header::DATE.as_str()).and_then(|date| moment_of_http(&date)),
        objects: objects.len(),
        digest: digest(texts()),
    };
    let list = format!("[{}]", texts().collect::<Vec<_>>().join(","));
    let mut reader = Reader::new(Cursor::new(list));
    let mut batch = Batch::default();
    while let Some(more) = reader
        .next(READ_AT_ONCE)
        .map_err(|error| unreadable(error.to_string()))?
    {
        batch.objects.extend(more.objects);
        batch.refusals.extend(more.refusals);
    }
    Ok(Page { said, batch })
}

fn moment_of_http(date: &str) -> Option<Timestamp> {
    const DATES: jiff::fmt::rfc2822::DateTimeParser =
        jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let at = DATES.parse_timestamp(date).ok()?;
    Some(Timestamp::from_micros(at.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_and_moments_are_escaped() {
        let objects: Address = "https://a.example/r/collections/c/objects/"
            .parse()
            .unwrap();
        let series: Series =
            serde_json::from_str(r#"{"after": "2026-11-21T00:00:00+00:00", "next": "a&b=c/ü"}"#)
                .unwrap();
        assert_eq!(
            question(&objects, &series).unwrap().path(),
            "/r/collections/c/objects/?limit=1000&match%5Bversion%5D=all\
             &added_after=2026-11-21T00%3A00%3A00%2B00%3A00&next=a%26b%3Dc%2F%C3%BC"
        );
    }
}
