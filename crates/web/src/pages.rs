//! The handlers: each asks the rooms' ops, fills a view and lets it be drawn.

mod circle;
mod circles;
mod clock_words;
mod collection;
mod collections;
mod compose;
mod constituency;
mod contact;
mod cross_border;
mod desk;
mod directory;
mod draft;
mod error;
mod event;
mod events;
mod form_of;
mod forms;
mod incident;
mod incidents;
mod infrastructure;
mod ledger;
mod live;
mod mail;
mod mails;
mod messages;
mod names;
mod object;
mod party;
mod preferences;
mod preview;
mod reader;
mod remote;
mod remotes;
mod report;
mod reports;
mod reset;
mod retention;
mod saying;
mod search;
mod settings;
mod sharing;
mod sign_in;
mod tally;
mod taxonomies;
mod telling;
mod thread;
mod threads;
mod values;
mod warninglists;
mod writing;

use std::sync::Arc;

use access::http::Refusal;
use askama::Template;
use audit::Ground;
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use exchange::Exchange;
use federation::post::Post;
use futures_util::future::BoxFuture;
use intel::remotes::Remotes;
use kernel::{Problem, ProblemKind};
use mailbox::Mailbox;

use crate::assets;

pub use error::error_page;
pub(crate) use reader::{Reader, escaped};
pub use settings::reminders::reminder_mail;

/// A form with its files: the largest of them, and some room for words.
const FORM_BYTES_MAX: usize = 52_000_000;

/// A form of an incident: a pasted report of 1 MB as browsers write it into a form.
const INCIDENT_BYTES_MAX: usize = 4_000_000;

/// What the pages stand on.
#[derive(Clone)]
pub struct House {
    /// The database, the time, chance.
    pub ground: Ground,
    /// The post office, with the node's own keys.
    pub post: Post,
    /// What the exchange works with.
    pub exchange: Exchange,
    /// Fetches the card of a party that is not known yet.
    pub introduce: Introduce,
    /// Servers of other makers.
    pub remotes: Remotes,
    /// The node's mailbox.
    pub mailbox: Mailbox,
    /// The address of the pages as people type it, without a slash at its end: for links that leave the house.
    pub web_url: Arc<str>,
}

/// Fetches the card at an address, where its root key is the one that people compared.
pub type Introduce = Arc<
    dyn Fn(
            ::directory::model::Address,
            seal::keys::Fingerprint,
        ) -> BoxFuture<'static, Result<::directory::Card, Problem>>
        + Send
        + Sync,
>;

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House")
            .field("ground", &self.ground)
            .finish_non_exhaustive()
    }
}

impl FromRef<House> for Ground {
    fn from_ref(house: &House) -> Self {
        house.ground.clone()
    }
}

/// Every page, and what pages load.
pub fn router(house: House) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/desk") }))
        .route("/desk", get(desk::show))
        .route("/desk/call", post(desk::call))
        .route("/desk/seen", post(desk::news::note))
        .route("/live", get(live::stream))
        .route("/static/{file}", get(assets::serve))
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/reset", get(reset::show).post(reset::redeem))
        .route("/preferences", post(preferences::keep))
        .route("/mode", post(preferences::switch))
        .merge(incident::routes::pages())
        .merge(report_pages())
        .merge(constituency::routes::pages())
        .merge(taxonomies::pages())
        .merge(exchange_pages())
        .route("/circles", get(circles::list).post(circles::make))
        .route("/circles/ask", post(circles::ask))
        .route("/circles/{id}", get(circle::show))
        .route("/circles/{id}/{act}", post(circle::change))
        .merge(collection::routes::collection_pages())
        .merge(collection::routes::remote_pages())
        .route("/sharing", get(sharing::list))
        .route("/sharing/{party}", get(sharing::show))
        .route("/sharing/{party}/{act}", post(sharing::change))
        .route("/directory", get(directory::list))
        .route("/directory/new", get(party::blank).post(party::add))
        .route("/directory/{party}", get(party::show))
        .route("/directory/{party}/contacts", post(party::add_desk))
        .route("/directory/{party}/contacts/{id}/look", post(party::look))
        .route("/ledger", get(ledger::show))
        .route("/ledger/evidence/{party}", get(ledger::evidence))
        .route("/search", get(search::show))
        .merge(settings_pages())
        .layer(middleware::from_fn(reader::say_once))
        .with_state(house)
}

/// The pages of settings: one's own, and the node's.
fn settings_pages() -> Router<House> {
    Router::new()
        .route("/settings", get(settings::own))
        .route("/settings/password", post(settings::password))
        .route(
            "/settings/keys",
            get(settings::keys).post(settings::make_key),
        )
        .route("/settings/keys/{id}/revoke", post(settings::revoke_key))
        .route(
            "/settings/users",
            get(settings::users::users).post(settings::users::add_user),
        )
        .route(
            "/settings/users/{id}/{act}",
            post(settings::users::change_user),
        )
        .route("/settings/node", get(settings::node))
        .route("/settings/reminders", post(settings::reminders::save))
        .route("/settings/mail", get(settings::mail::show))
        .route("/settings/mail/{act}", post(settings::mail::test))
        .route("/settings/mail/{job}/{act}", post(settings::mail::change))
        .route(
            "/settings/retention",
            get(retention::show).post(retention::set),
        )
        .route("/settings/retention/{act}", post(retention::change))
        .route(
            "/settings/reporting",
            get(settings::reporting::show).post(settings::reporting::save),
        )
        .merge(settings::calendars::pages())
}

/// The pages of reports: the reporter's, and the officers'.
fn report_pages() -> Router<House> {
    Router::new()
        .route("/report", get(report::show).post(report::write))
        .route("/report/add", post(report::add))
        .route("/report/open", get(report::ask).post(report::open))
        .route("/report/leave", post(report::leave))
        .route("/reports", get(reports::list))
        .route("/reports/link", post(reports::invite))
        .route("/reports/form", post(reports::public))
        .route("/reports/{reference}", get(report::handle::show))
        .route(
            "/reports/{reference}/accept",
            get(report::handle::accepting).post(report::handle::accepted),
        )
        .route("/reports/{reference}/{act}", post(report::handle::change))
        .route("/mails", get(mails::list))
        .route("/mails/{id}", get(mail::show))
        .route("/mails/{id}/{act}", post(mail::change))
}

/// The pages of threads and messages.
fn exchange_pages() -> Router<House> {
    Router::new()
        .route("/threads", get(threads::list))
        .route("/threads/{id}", get(thread::show))
        .route("/threads/{id}/call", post(thread::call))
        .route("/compose", get(compose::start))
        .route("/compose/write", get(compose::write).post(compose::rewrite))
        .route(
            "/compose/preview",
            post(compose::look).layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
        )
        .route("/compose/send", post(compose::send))
        .route("/messages/{id}", get(messages::show))
        .route("/messages/{id}/proof", get(messages::proof))
        .route("/messages/{id}/keys/{name}", get(messages::keys))
        .route("/messages/{id}/print", get(messages::print))
        .route("/messages/{id}/retry", post(messages::retry))
}

/// What a handler comes to.
pub(crate) type Answer = Result<Response, Refusal>;

/// The page, drawn.
pub(crate) fn draw(page: &impl Template) -> Answer {
    let markup = page
        .render()
        .map_err(|error| Problem::internal("web.template", error))?;
    Ok(Html(markup).into_response())
}

/// On to another page, after something was done; the key names what is said there once.
pub(crate) fn go(reader: &Reader, to: &str, said: &str) -> Response {
    (AppendHeaders([reader.say(said)]), Redirect::to(to)).into_response()
}

/// A header field that sets a cookie of this node.
pub(crate) fn cookie(
    name: &str,
    value: &str,
    seconds: u32,
    secure: bool,
) -> (HeaderName, HeaderValue) {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    // Name and value are made of words of this program: both fit a header.
    let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    (header::SET_COOKIE, value)
}

/// There is nothing under this address.
pub(crate) fn nothing() -> Refusal {
    Problem::new(
        ProblemKind::NotFound,
        "request.not_found",
        "there is nothing here",
    )
    .into()
}
