//! Who reads a page, in which language and colours, and what was said to him once.

use std::convert::Infallible;

use access::{
    http::{Door, Refusal, Seated},
    model::Session,
    policy::{Act, check_house},
};
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use federation::store::PeerRow;
use kernel::{Language, Mode, Timestamp, Viewer, boxed};

use super::{House, cookie, names};
use crate::{
    views::frame::{Badge, Counts, Flash, Section, Shell, Theme},
    words::{Words, key},
};

/// How long a browser keeps language and colours: a year.
const KEPT_SECONDS: u32 = 31_536_000;
/// How long what is said once may wait for its page.
const SAID_SECONDS: u32 = 60;

/// Whoever asks for a page, signed in or not.
#[derive(Clone, Debug)]
pub(crate) struct Guest {
    /// The words of his language.
    pub(crate) w: Words,
    /// Path and query of the page.
    pub(crate) path: String,
    /// How this node's cookies are named.
    pub(crate) door: Door,
    theme: Theme,
    said: Option<String>,
    looked: Option<String>,
}

/// Whoever is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    /// As the rooms know him.
    pub(crate) viewer: Viewer,
    /// His session.
    pub(crate) session: Session,
    /// The words of his language.
    pub(crate) w: Words,
    guest: Guest,
}

/// Nobody is signed in: to the sign-in page, from where the way leads back. Or another refusal.
#[derive(Debug)]
pub(crate) enum Turned {
    /// To the sign-in page.
    Away(Redirect),
    /// As the door said.
    Refused(Refusal),
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        match self {
            Self::Away(redirect) => redirect.into_response(),
            Self::Refused(refusal) => refusal.into_response(),
        }
    }
}

impl FromRequestParts<House> for Guest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Infallible> {
        let door = parts
            .extensions
            .get::<Door>()
            .cloned()
            .unwrap_or_else(|| Door {
                cookie: "comity".into(),
                secure: true,
            });
        let kept = |what| read_cookie(&parts.headers, &named(&door, what));
        let language = kept("language")
            .and_then(Language::from_tag)
            .unwrap_or_else(|| accepted(&parts.headers));
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            w: Words::new(language, house.ground.now()),
            path: path.to_owned(),
            theme: kept("theme").map_or(Theme::Auto, Theme::from_word),
            said: kept("said").map(str::to_owned),
            looked: kept("looked").map(str::to_owned),
            door,
        })
    }
}

impl FromRequestParts<House> for Reader {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Turned> {
        let Ok(guest) = Guest::from_request_parts(parts, house).await;
        let seated = Seated::from_request_parts(parts, house).await;
        let Seated { viewer, session } = seated.map_err(|refusal| {
            let asks = parts.method == Method::GET && refusal.0.status() == 401;
            if asks && guest.path != "/desk" {
                Turned::Away(Redirect::to(&format!(
                    "/sign-in?next={}",
                    escaped(&guest.path)
                )))
            } else if asks {
                Turned::Away(Redirect::to("/sign-in"))
            } else {
                Turned::Refused(refusal)
            }
        })?;
        let mut mark = [0; 6];
        house.ground.rng.fill(&mut mark);
        Ok(Self {
            w: Words::new(session.language, house.ground.now()),
            viewer,
            session: session.drawn(&kernel::hex(&mark)),
            guest,
        })
    }
}

impl Guest {
    /// The frame of a page for whoever is not signed in.
    pub(crate) async fn shell(&self, house: &House) -> Shell {
        let party = house.post.keys().party().clone();
        Shell {
            section: Section::Nowhere,
            path: self.path.clone(),
            party: names::own(house, self.w, &party).await,
            desk: String::new(),
            user: None,
            counts: Counts::default(),
            mode: Mode::Real,
            both_modes: false,
            offline_since: None,
            theme: self.theme,
            csrf: String::new(),
            flash: self
                .said
                .as_deref()
                .and_then(|said| Self::flash(said, self.w)),
        }
    }

    fn flash(said: &str, w: Words) -> Option<Flash> {
        let text = w.find(&key("flash", said), &[])?;
        Some(Flash {
            good: !said.starts_with("not-"),
            text,
        })
    }

    /// The reader's colours.
    pub(crate) const fn theme(&self) -> Theme {
        self.theme
    }

    /// When the desk was looked at last, as it was kept.
    pub(crate) fn looked(&self) -> Option<&str> {
        self.looked.as_deref()
    }

    /// Keeps a choice in the reader's browser.
    pub(crate) fn keep(&self, what: &str, value: &str) -> (HeaderName, HeaderValue) {
        cookie(
            &named(&self.door, what),
            value,
            KEPT_SECONDS,
            self.door.secure,
        )
    }

    /// Says it once, on the next page.
    pub(crate) fn say(&self, said: &str) -> (HeaderName, HeaderValue) {
        cookie(
            &named(&self.door, "said"),
            said,
            SAID_SECONDS,
            self.door.secure,
        )
    }
}

impl Reader {
    /// The frame of a page.
    #[boxed]
    pub(crate) async fn shell(&self, house: &House, section: Section) -> Result<Shell, Refusal> {
        let mut tx = house.ground.db.begin_read().await?;
        let own = directory::ops::find_in(&mut tx, &self.viewer.party, self.viewer.mode).await?;
        let peers = federation::store::peers(&mut tx, self.viewer.mode).await?;
        drop(tx);
        let party = own.as_ref().map_or_else(
            || self.w.state(self.viewer.party.as_str()),
            |own| own.name(self.w.language()).to_owned(),
        );
        let desk = own
            .filter(|own| own.title.as_str() != own.name(Language::En))
            .map(|own| own.title.as_str().to_owned())
            .filter(|title| *title != party);
        let user = &self.session.user;
        Ok(Shell {
            section,
            path: self.guest.path.clone(),
            desk: desk.unwrap_or_default(),
            user: Some(Badge {
                name: user.display.as_str().to_owned(),
                initials: initials(user.display.as_str()),
                roles: user
                    .roles
                    .iter()
                    .map(|role| role.as_str().to_owned())
                    .collect(),
            }),
            counts: self.counts(house).await,
            mode: self.viewer.mode,
            both_modes: true,
            offline_since: offline_since(&peers),
            theme: self.guest.theme,
            csrf: self.session.csrf.clone(),
            flash: self
                .guest
                .said
                .as_deref()
                .and_then(|said| Guest::flash(said, self.w)),
            party,
        })
    }

    /// What waits for him. A page is drawn without it where it cannot be counted now.
    pub(crate) async fn counts(&self, house: &House) -> Counts {
        // Whoever decides on no reports is refused the number, and shown none.
        let waiting = incidents::intake::ops::officer::waiting(&house.ground, &self.viewer);
        let reports = waiting.await.unwrap_or_default();
        let counts = if self.may(Act::ExchangeRead) {
            let counts = exchange::ops::counts(&house.exchange, &self.viewer);
            counts.await.unwrap_or_default()
        } else {
            exchange::model::Counts::default()
        };
        Counts {
            desk: u64::from(counts.waiting_for_us),
            threads: u64::from(counts.unread),
            reports: u64::from(reports),
        }
    }

    /// The reader as whoever comes in by the door.
    pub(crate) const fn guest(&self) -> &Guest {
        &self.guest
    }

    /// Says it once, on the next page.
    pub(crate) fn say(&self, said: &str) -> (HeaderName, HeaderValue) {
        self.guest.say(said)
    }

    /// Whether his roles let him do it at all.
    pub(crate) fn may(&self, act: Act) -> bool {
        check_house(&self.viewer, act).is_ok()
    }
}

/// What was said once is forgotten as soon as a page has been drawn.
pub(crate) async fn say_once(request: Request, next: Next) -> Response {
    let door = request.extensions().get::<Door>().cloned();
    let said = door.filter(|door| read_cookie(request.headers(), &named(door, "said")).is_some());
    let mut response = next.run(request).await;
    let drawn = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/html"));
    if let Some(door) = said.filter(|_| drawn) {
        let (name, value) = cookie(&named(&door, "said"), "", 0, door.secure);
        response.headers_mut().append(name, value);
    }
    response
}

/// The first language of the request that the pages are written in.
pub(crate) fn accepted(headers: &HeaderMap) -> Language {
    let header = headers.get(header::ACCEPT_LANGUAGE);
    Words::accepted(header.and_then(|value| value.to_str().ok()))
}

/// The name of a cookie of this node.
pub(super) fn named(door: &Door, what: &str) -> String {
    format!("{}-{what}", door.cookie)
}

/// What a cookie holds.
pub(super) fn read_cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// When a peer was heard last, if none of them can be reached now.
fn offline_since(peers: &[PeerRow]) -> Option<Timestamp> {
    let failed = |peer: &PeerRow| {
        let (at, _why) = peer.failed.as_ref()?;
        peer.heard_at.is_none_or(|heard| heard < *at).then_some(*at)
    };
    let failures: Vec<Timestamp> = peers.iter().map(failed).collect::<Option<_>>()?;
    let heard = peers.iter().filter_map(|peer| peer.heard_at).max();
    heard.or(failures.iter().min().copied())
}

fn initials(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A text as the value of a query.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(hex(byte >> 4));
            out.push(hex(byte & 15));
        }
    }
    out
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16)
        .unwrap_or('0')
        .to_ascii_uppercase()
}

/// The way back within this node; anything else leads to the desk.
pub(crate) fn within(path: Option<&str>) -> &str {
    let inside = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && path.bytes().all(|b| b.is_ascii_graphic())
    };
    path.filter(inside).unwrap_or("/desk")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leads_out_of_the_house() {
        for path in [
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "desk",
            "/a\r\nb",
        ] {
            assert_eq!(within(Some(path)), "/desk", "{path}");
        }
        assert_eq!(within(Some("/threads?state=open")), "/threads?state=open");
        assert_eq!(within(None), "/desk");
    }

    #[test]
    fn initials_are_two_letters_at_most() {
        assert_eq!(initials("Rosa María Dimas"), "RM");
        assert_eq!(initials("李文"), "李");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn a_query_value_is_escaped() {
        assert_eq!(escaped("/search?q=ä&b"), "/search%3Fq%3D%C3%A4%26b");
    }
}
