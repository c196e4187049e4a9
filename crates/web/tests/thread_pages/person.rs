//! Somebody before the pages of a node, and what a browser would do for him.

use std::{fmt::Write as _, sync::Arc};

use access::{
    http::Door,
    model::Password,
    ops::{NewUser, SignIn, create_user, sign_in},
};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use futures_util::future::BoxFuture;
use kernel::{Language, MessageId, Mode, Problem, ProblemKind, Role, Roles, Viewer};
use testkit::Fleet;
use tower::ServiceExt;

const PASSWORD: &str = "four words in a row";

/// What asking for a card comes to.
type Fetched = BoxFuture<'static, Result<directory::Card, Problem>>;

/// Somebody before the pages of a node.
pub(crate) struct Person {
    pub(crate) router: Router,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    /// The cookies that a browser would keep now, as it sends them.
    pub(crate) kept: String,
    pub(crate) text: String,
}

impl Person {
    pub(crate) async fn at(fleet: &Fleet, party: &str) -> Self {
        let roles = [Role::DutyOfficer, Role::Diplomat];
        Self::with(fleet, party, ("rosa", &roles), nowhere()).await
    }

    /// Somebody with these roles; cards come from where it is said.
    pub(crate) async fn with(
        fleet: &Fleet,
        party: &str,
        person: (&str, &[Role]),
        introduce: web::Introduce,
    ) -> Self {
        let mailbox = fleet.node(party).mailbox().clone();
        Self::seated(fleet, party, person, (Mode::Exercise, introduce, mailbox)).await
    }

    /// Somebody who looks at data of this mode, at a node with this mailbox.
    pub(crate) async fn seated(
        fleet: &Fleet,
        party: &str,
        (name, roles): (&str, &[Role]),
        (mode, introduce, mailbox): (Mode, web::Introduce, mailbox::Mailbox),
    ) -> Self {
        let exchange = fleet.exchange(party);
        let ground = exchange.ground.clone();
        let node = Viewer::node("test", party.parse().unwrap(), Mode::Exercise);
        let roles: Roles = roles.iter().copied().collect();
        let new = NewUser {
            name: name.parse().unwrap(),
            display: name.parse().unwrap(),
            roles,
            language: Language::En,
            password: Some(Password::new(PASSWORD.to_owned()).unwrap()),
        };
        create_user(&ground, &node, new).await.unwrap();
        let attempt = SignIn {
            name: name.to_owned(),
            password: Password::typed(PASSWORD.to_owned()),
            address: None,
            mode: Some(mode),
            language: Some(Language::En),
        };
        let (token, session) = sign_in(&ground, attempt).await.unwrap();
        let door = Door {
            cookie: format!("comity-{party}").into(),
            secure: false,
        };
        let house = web::House {
            ground,
            post: exchange.post.clone(),
            exchange,
            introduce,
            remotes: fleet.node(party).remotes().clone(),
            mailbox,
            web_url: "https://console.example".into(),
        };
        Self {
            cookie: format!("{}={}", door.cookie, token.to_text()),
            router: web::router(house).layer(Extension(door)),
            csrf: session.csrf,
        }
    }

    /// The same, with the cookies that came with a page.
    pub(crate) fn keeping(&self, page: &Page) -> Self {
        Self {
            router: self.router.clone(),
            cookie: format!("{}; {}", self.cookie, page.kept),
            csrf: self.csrf.clone(),
        }
    }

    async fn ask(&self, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let location = response.headers().get(header::LOCATION);
        let location = location.map_or("", |value| value.to_str().unwrap());
        let (status, location) = (response.status(), location.to_owned());
        let kept = response.headers().get_all(header::SET_COOKIE).into_iter();
        let kept = kept.filter_map(|one| one.to_str().ok()?.split(';').next());
        let kept = kept.collect::<Vec<_>>().join("; ");
        let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Page {
            status,
            location,
            kept,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        let request = Request::builder()
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .body(Body::empty())
            .unwrap();
        self.ask(request).await
    }

    async fn send(&self, path: &str, media_type: &str, body: String) -> Page {
        let nothing = ("accept", "*/*");
        self.send_with(path, (media_type, nothing), body).await
    }

    async fn send_with(
        &self,
        path: &str,
        (media_type, (name, value)): (&str, (&str, &str)),
        body: String,
    ) -> Page {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, media_type)
            .header(name, value)
            .body(Body::from(body))
            .unwrap();
        self.ask(request).await
    }

    pub(crate) async fn post(&self, path: &str, form: &Form) -> Page {
        self.post_from(path, form, ("accept", "*/*")).await
    }

    /// With one more thing that the browser says.
    pub(crate) async fn post_from(&self, path: &str, form: &Form, said: (&str, &str)) -> Page {
        let all = form.with("csrf", &self.csrf);
        let body: Vec<String> = all
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let media_type = "application/x-www-form-urlencoded";
        let body = body.join("&");
        self.send_with(path, (media_type, said), body).await
    }

    /// With a file, as a browser sends it.
    pub(crate) async fn post_file(
        &self,
        path: &str,
        form: &Form,
        (name, content): (&str, &str),
    ) -> Page {
        let mut body = String::new();
        for (field, value) in &Form(vec![]).with("csrf", &self.csrf).and(form).0 {
            let part = "Content-Disposition: form-data";
            write!(body, "--cut\r\n{part}; name=\"{field}\"\r\n\r\n{value}\r\n").unwrap();
        }
        let part = "Content-Disposition: form-data; name=\"files\"";
        let kind = "Content-Type: text/csv";
        write!(
            body,
            "--cut\r\n{part}; filename=\"{name}\"\r\n{kind}\r\n\r\n{content}\r\n--cut--\r\n"
        )
        .unwrap();
        self.send(path, "multipart/form-data; boundary=cut", body)
            .await
    }
}

/// What a browser would send of a form.
#[derive(Clone, Debug)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    /// The fields of the form of a page that goes to this address, as they stand.
    pub(crate) fn of(page: &str, action: &str) -> Self {
        let start = format!("method=\"post\" action=\"{action}\"");
        assert!(page.contains(&start), "no form to {action} in {page}");
        let form = after(page, &start).split("</form>").next().unwrap();
        let mut fields = Vec::new();
        for input in form.split("<input ").skip(1) {
            let tag = input.split('>').next().unwrap();
            let unticked = tag.contains("type=\"checkbox\"") && !tag.contains(" checked");
            if tag.contains("type=\"file\"") || unticked {
                continue;
            }
            fields.push((attribute(tag, "name"), attribute(tag, "value")));
        }
        for area in form.split("<textarea ").skip(1) {
            let (tag, rest) = area.split_once('>').unwrap();
            let text = rest.split("</textarea>").next().unwrap();
            fields.push((attribute(tag, "name"), unescaped(text.trim_start())));
        }
        for select in form.split("<select ").skip(1) {
            let (tag, rest) = select.split_once('>').unwrap();
            let options = rest.split("</select>").next().unwrap();
            let chosen = options
                .split("<option ")
                .find(|option| option.split('>').next().unwrap().contains(" selected"));
            let value = chosen.map(|option| attribute(option, "value"));
            fields.push((attribute(tag, "name"), value.unwrap_or_default()));
        }
        fields.retain(|(name, _)| name != "csrf");
        Self(fields)
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut fields = self.0.clone();
        fields.retain(|(known, _)| known != name);
        fields.push((name.to_owned(), value.to_owned()));
        Self(fields)
    }

    fn and(mut self, other: &Self) -> Self {
        self.0.extend(other.0.iter().cloned());
        self
    }
}

fn attribute(tag: &str, name: &str) -> String {
    tag.split(&format!("{name}=\""))
        .nth(1)
        .map(|rest| unescaped(rest.split('"').next().unwrap()))
        .unwrap_or_default()
}

pub(crate) fn unescaped(text: &str) -> String {
    [
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "%{byte:02X}").unwrap();
        all
    })
}

/// What stands behind the first occurrence.
pub(crate) fn after<'p>(page: &'p str, start: &str) -> &'p str {
    page.split_once(start).unwrap().1
}

pub(crate) fn addressee(page: &str) -> String {
    let start = "XB/contact--";
    let id = after(page, start).split('"').next().unwrap();
    format!("{start}{id}")
}

pub(crate) fn message_in(location: &str) -> MessageId {
    location.split('#').nth(1).unwrap().parse().unwrap()
}

/// No party is added here: nobody answers anywhere.
pub(crate) fn nowhere() -> web::Introduce {
    Arc::new(|_, _| -> Fetched { Box::pin(async { Err(nobody()) }) })
}

fn nobody() -> Problem {
    Problem::new(ProblemKind::AtOdds, "peer.no_answer", "nobody answers")
}
