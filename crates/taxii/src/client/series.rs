//! How far a pull has come, and what the next question is.
//!
//! A **series** is all pages from a moment on. Where a server gives a cursor, the next page is asked
//! by it; where it gives none, by the moment of the last object, and from a little before, so that
//! what was added at the same moment is not passed over. The end of a series is where the next one
//! begins.

use std::time::Duration;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::moment::Moment;

/// Pages without objects, one after the other, that promise more.
const EMPTY_MAX: u32 = 3;
/// By how much the clock that a server answers with may be ahead of the one it marks objects with.
const CLOCKS_DIFFER_MAX: Duration = Duration::from_mins(1);

/// What is saved with each page.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub(super) struct Series {
    /// After which moment the series was asked for; nothing for the beginning.
    pub(super) after: Option<String>,
    /// The cursor of the next page, where the server gave one.
    pub(super) next: Option<String>,
    /// The latest moment of a page of the series, as the server wrote it.
    last: Option<String>,
    /// When the series began, by the clock of the server: where no page says a moment, what was added
    /// until then has come.
    began: Option<i64>,
    /// Whether a page had an earlier moment than one before it.
    is_out_of_order: bool,
    /// Pages without objects, one after the other.
    empty: u32,
    /// A page that is remembered, to be known again; and of how many pages one is remembered next.
    mark: Option<String>,
    pages: u32,
    power: u32,
}

/// What a page says besides its objects.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Said {
    pub(super) more: Option<bool>,
    pub(super) next: Option<String>,
    /// `X-TAXII-Date-Added-First` and `-Last`.
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
    /// By the clock of the server.
    pub(super) at: Option<Timestamp>,
    pub(super) objects: usize,
    /// Of the objects.
    pub(super) digest: String,
}

/// What comes after a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Then {
    /// Another page.
    On,
    /// Nothing for now.
    Done,
    /// Nothing can be had that was not had already, though the server says that there is more.
    Stuck(&'static str),
}

/// Something against the specification: a stable code, and what was seen.
pub(super) type Defect = (&'static str, &'static str);

impl Series {
    /// Takes what a page says. Gives what comes then, and what is wrong with the page.
    pub(super) fn turn(&mut self, said: Said) -> (Then, Vec<Defect>) {
        let mut defects = Vec::new();
        if self.began.is_none() {
            self.began = said.at.map(Timestamp::as_micros);
        }
        self.look_at_moments(&said, &mut defects);
        let repeated = said.objects > 0 && self.is_known(&said.digest);
        self.empty = if said.objects == 0 { self.empty + 1 } else { 0 };
        let cursor_alone = said.more != Some(true) && said.next.is_some() && said.objects > 0;
        if cursor_alone {
            defects.push((
                "taxii.next_without_more",
                "pages have a cursor and do not say that there is more; the cursor is followed",
            ));
        }
        // The cursor of the last page may lead to it again.
        if !cursor_alone && said.more != Some(true) || cursor_alone && repeated {
            self.end();
            return (Then::Done, defects);
        }
        if said.objects == 0 {
            defects.push(("taxii.empty_page", "a page without objects promises more"));
        }
        if self.empty >= EMPTY_MAX {
            let why = "pages without objects promise more for ever";
            return (self.leap(why), defects);
        }
        if said.next.is_none() {
            self.next = None;
            return (self.go_on_by_moment(repeated, &mut defects), defects);
        }
        // A cursor that stays the same may lead on: some servers keep the place themselves.
        if repeated {
            defects.push(("taxii.repeated_page", "a page came a second time"));
            let why = "the server gives the same page again and again";
            return (self.leap(why), defects);
        }
        self.next = said.next;
        (Then::On, defects)
    }

    /// Goes on in another run. The cursor is left: where a server keeps the place itself, the page after
    /// it may have been sent to a run that was killed before it saved it.
    pub(super) fn resume(&mut self) {
        if self.next.is_some() {
            self.leap("");
        }
    }

    /// Leaves a cursor that leads nowhere, and begins a series behind what came, if that is further on.
    pub(super) fn leap(&mut self, why: &'static str) -> Then {
        let latest = self.last.as_deref().filter(|_| !self.is_out_of_order);
        let latest = latest.and_then(Moment::parse);
        let after = latest.map(|moment| moment.before().to_string());
        let is_further = match (&after, &self.after) {
            (Some(after), Some(before)) => is_earlier(before, after),
            (Some(_), None) => true,
            (None, _) => false,
        };
        *self = Self {
            after: if is_further { after } else { self.after.take() },
            ..Self::default()
        };
        if is_further {
            Then::On
        } else {
            Then::Stuck(why)
        }
    }

    /// Without a cursor the next page begins at the latest moment.
    fn go_on_by_moment(&mut self, repeated: bool, defects: &mut Vec<Defect>) -> Then {
        let last = self.last.clone();
        let moment = last.as_deref().and_then(Moment::parse);
        let Some((last, moment)) = last.zip(moment) else {
            let why = "a page promises more and says neither cursor nor moment";
            return self.leap(why);
        };
        let before = moment.before().to_string();
        if self.after.as_ref() != Some(&before) {
            if repeated {
                defects.push(("taxii.repeated_page", "a page came a second time"));
                return Then::Stuck("the server gives the same page again and again");
            }
            self.after = Some(before);
            return Then::On;
        }
        // A whole page of one moment: what it has more of that moment cannot be had this way.
        defects.push((
            "taxii.same_moment",
            "more objects have one moment than a page has, and there is no cursor: some of that \
             moment may be missing",
        ));
        self.after = Some(last);
        Then::On
    }

    /// The series is over; the next one begins after what came.
    fn end(&mut self) {
        let moment = self.last.as_deref().and_then(Moment::parse);
        let after = match moment {
            _ if self.pages == 0 => None,
            Some(moment) if moment.has_fraction => self.last.take(),
            Some(moment) => Some(moment.before().to_string()),
            None => self.began.map(|began| {
                let began = Timestamp::from_micros(began).minus(CLOCKS_DIFFER_MAX);
                began.to_string()
            }),
        };
        // Never back.
        let keeps = match (&self.after, &after) {
            (Some(before), Some(after)) => is_earlier(after, before),
            (_, None) => true,
            (None, Some(_)) => false,
        };
        *self = Self {
            after: if keeps { self.after.take() } else { after },
            ..Self::default()
        };
    }

    fn look_at_moments(&mut self, said: &Said, defects: &mut Vec<Defect>) {
        if said.objects == 0 {
            return;
        }
        if said.first.is_some() && said.first == self.after && self.next.is_none() {
            defects.push((
                "taxii.added_after_inclusive",
                "added_after gives what was added at that moment too",
            ));
        }
        let Some((text, moment)) = said
            .last
            .as_ref()
            .and_then(|text| Some((text, Moment::parse(text)?)))
        else {
            defects.push((
                "taxii.no_date_added",
                "pages do not say when their objects were added; the time of the server is taken",
            ));
            return;
        };
        if !moment.has_fraction {
            defects.push((
                "taxii.no_fraction",
                "moments have no fraction of a second; the last second is asked for again",
            ));
        }
        let latest = self.last.as_deref().and_then(Moment::parse);
        if latest.is_some_and(|latest| moment.at < latest.at) {
            defects.push((
                "taxii.order",
                "pages are not in the order in which their objects were added",
            ));
            self.is_out_of_order = true;
        } else {
            self.last = Some(text.clone());
        }
    }

    /// Whether this page was there before. One of the pages is remembered, and a later one each time
    /// twice as many have come: so a circle of any length is found (R. P. Brent, 1980).
    fn is_known(&mut self, digest: &str) -> bool {
        if self.mark.as_deref() == Some(digest) {
            return true;
        }
        self.pages = self.pages.saturating_add(1);
        if self.pages >= self.power {
            self.mark = Some(digest.to_owned());
            self.power = self.power.max(1).saturating_mul(2);
            self.pages = 1;
        }
        false
    }
}

/// The digest of the objects of a page.
pub(super) fn digest<'o>(objects: impl Iterator<Item = &'o str>) -> String {
    let mut hash = Sha256::new();
    for object in objects {
        hash.update(object.len().to_le_bytes());
        hash.update(object);
    }
    kernel::hex(&hash.finalize())
}

fn is_earlier(one: &str, other: &str) -> bool {
    match (Moment::parse(one), Moment::parse(other)) {
        (Some(one), Some(other)) => one.at < other.at,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
