//! The pages of threads between two real nodes: what is written on the pages of one stands on those
//! of the other.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

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
use db::Engine;
use federation::state::Grade;
use kernel::{Language, MessageId, Mode, Role, Roles, Viewer};
use testkit::Fleet;
use tower::ServiceExt;

const PASSWORD: &str = "four words in a row";

/// Somebody before the pages of a node.
struct Person {
    router: Router,
    cookie: String,
    csrf: String,
}

/// What came back.
struct Page {
    status: StatusCode,
    location: String,
    text: String,
}

impl Person {
    async fn at(fleet: &Fleet, party: &str) -> Self {
        let exchange = fleet.exchange(party);
        let ground = exchange.ground.clone();
        let node = Viewer::node("test", party.parse().unwrap(), Mode::Exercise);
        let roles: Roles = [Role::DutyOfficer, Role::Diplomat].into_iter().collect();
        let new = NewUser {
            name: "rosa".parse().unwrap(),
            display: "Rosa".parse().unwrap(),
            roles,
            language: Language::En,
            password: Some(Password::new(PASSWORD.to_owned()).unwrap()),
        };
        create_user(&ground, &node, new).await.unwrap();
        let attempt = SignIn {
            name: "rosa".to_owned(),
            password: Password::typed(PASSWORD.to_owned()),
            address: None,
            mode: Some(Mode::Exercise),
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
        };
        Self {
            cookie: format!("{}={}", door.cookie, token.to_text()),
            router: web::router(house).layer(Extension(door)),
            csrf: session.csrf,
        }
    }

    async fn ask(&self, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let location = response.headers().get(header::LOCATION);
        let location = location.map_or("", |value| value.to_str().unwrap());
        let (status, location) = (response.status(), location.to_owned());
        let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Page {
            status,
            location,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Page {
        let request = Request::builder()
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .body(Body::empty())
            .unwrap();
        self.ask(request).await
    }

    async fn send(&self, path: &str, media_type: &str, body: String) -> Page {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, media_type)
            .body(Body::from(body))
            .unwrap();
        self.ask(request).await
    }

    async fn post(&self, path: &str, form: &Form) -> Page {
        let all = form.with("csrf", &self.csrf);
        let body: Vec<String> = all
            .0
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let media_type = "application/x-www-form-urlencoded";
        self.send(path, media_type, body.join("&")).await
    }

    /// With a file, as a browser sends it.
    async fn post_file(&self, path: &str, form: &Form, (name, content): (&str, &str)) -> Page {
        let mut body = String::new();
        for (field, value) in &Form(vec![]).with("csrf", &self.csrf).and(form).0 {
            body.push_str(&format!(
                "--cut\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!(
            "--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: text/csv\r\n\r\n{content}\r\n--cut--\r\n"
        ));
        self.send(path, "multipart/form-data; boundary=cut", body)
            .await
    }
}

/// What a browser would send of a form.
#[derive(Clone, Debug)]
struct Form(Vec<(String, String)>);

impl Form {
    /// The fields of the form of a page that goes to this address, as they stand.
    fn of(page: &str, action: &str) -> Self {
        let start = page
            .find(&format!("method=\"post\" action=\"{action}\""))
            .unwrap_or_else(|| panic!("no form to {action} in {page}"));
        let form = page[start..].split("</form>").next().unwrap();
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

    fn value(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    fn with(&self, name: &str, value: &str) -> Self {
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

fn unescaped(text: &str) -> String {
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
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn addressee(page: &str) -> String {
    let at = page.find("XB/contact--").unwrap();
    page[at..].split('"').next().unwrap().to_owned()
}

fn message_in(location: &str) -> MessageId {
    location.split('#').nth(1).unwrap().parse().unwrap()
}

/// Writes one message through the pages, from the form to the confirmation.
async fn write(person: &Person, form: &Form, to: &str) -> String {
    let preview = person.post("/compose/preview", form).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
    let confirm = Form::of(&preview.text, "/compose/send").with("confirm", to);
    let sent = person.post("/compose/send", &confirm).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    sent.location
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_on_one_page_is_acknowledged_on_another() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let (here, there) = (
        Person::at(&fleet, "XA").await,
        Person::at(&fleet, "XB").await,
    );
    let start = here.get("/compose?party=XB").await;
    let to = addressee(&start.text);
    let blank = here.get(&format!("/compose/write?kind=RFI&to={to}")).await;
    let form = Form::of(&blank.text, "/compose/preview")
        .with("title", "Logs of <the> gateway")
        .with("questions", "Which hosts?\nSince when?")
        .with("permitted_use", "Defence of hospitals");

    // A missing answer is told at its field, and nothing that was typed is lost.
    let refused = here.post("/compose/preview", &form).await;
    assert!(refused.text.contains("id=\"w-why\""), "{}", refused.text);
    let again = Form::of(&refused.text, "/compose/preview");
    assert_eq!(again.value("title"), "Logs of <the> gateway");
    assert_eq!(again.value("id"), form.value("id"));

    let form = again.with("why", "To find the way in");
    let preview = here.post("/compose/preview", &form).await;
    assert!(
        preview.text.contains("Send to Brevonia"),
        "{}",
        preview.text
    );
    assert!(preview.text.contains("&#60;the&#62;"), "{}", preview.text);
    let confirm = Form::of(&preview.text, "/compose/send");
    let unconfirmed = here
        .post("/compose/send", &confirm.with("confirm", "Cardova"))
        .await;
    assert!(unconfirmed.text.contains("id=\"w-confirm\""));
    assert!(!here.get("/threads").await.text.contains("gateway"));

    // The same form twice is one message.
    let confirm = confirm.with("confirm", "brevonia");
    let sent = here.post("/compose/send", &confirm).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(
        here.post("/compose/send", &confirm).await.location,
        sent.location
    );
    let id = message_in(&sent.location);
    assert_eq!(id.to_string(), form.value("id"));
    fleet.receipted("XA", id, Grade::Own).await;

    let list = there.get("/threads?state=waiting_for_us").await;
    assert!(
        list.text.contains("Logs of &#60;the&#62; gateway"),
        "{}",
        list.text
    );
    let path = sent.location.replace("with=XB", "with=XA");
    let thread = there.get(path.split('#').next().unwrap()).await;
    assert!(thread.text.len() < 24_000, "{} bytes", thread.text.len());
    let ack = Form::of(&thread.text, "/compose/preview");
    assert_eq!(
        (ack.value("kind"), ack.value("parent")),
        ("ACK", form.value("id"))
    );
    let acked = message_in(&write(&there, &ack, "XA").await);
    fleet.receipted("XB", acked, Grade::Own).await;

    let thread = here.get(sent.location.split('#').next().unwrap()).await;
    assert!(
        thread.text.contains("Acknowledging is not agreeing"),
        "{}",
        thread.text
    );
    for page in ["proof", "print"] {
        let page = here.get(&format!("/messages/{id}/{page}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(
            page.text.contains("’s ledger shows this message"),
            "{}",
            page.text
        );
    }
    assert!(
        here.get("/search?q=gateway")
            .await
            .text
            .contains("/threads/thread--")
    );
    assert!(
        here.get("/desk")
            .await
            .text
            .contains("Logs of &#60;the&#62; gateway")
    );
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_put_once_and_stays_with_the_form() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let here = Person::at(&fleet, "XA").await;
    let to = addressee(&here.get("/compose").await.text);
    let blank = here.get(&format!("/compose/write?kind=RFM&to={to}")).await;
    let form = Form::of(&blank.text, "/compose/preview")
        .with("title", "Three servers")
        .with("text", "Please look.")
        .with("assets", "198.51.100.23");
    let content = "first,last\n1,2\n";
    let file = ("log, part 1.csv", content);

    // The measures are missing; the file is here already and need not be chosen again.
    let refused = here.post_file("/compose/preview", &form, file).await;
    assert!(refused.text.contains("log, part 1.csv"), "{}", refused.text);
    let form = Form::of(&refused.text, "/compose/preview").with("measures", "filter");
    let id = message_in(&write(&here, &form, "XB").await);
    fleet.receipted("XA", id, Grade::Own).await;
    assert_eq!(fleet.read_file("XB", id, 1).await, content.as_bytes());

    // The page cannot be sent anew after it was sent.
    let back = here.post("/compose/preview", &form).await;
    assert_eq!(message_in(&back.location), id);
    fleet.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_the_pages_token_changes_nothing() {
    let fleet = Fleet::start(Engine::Sqlite, &["XA", "XB"], false).await;
    let here = Person::at(&fleet, "XA").await;
    let stranger = Person {
        csrf: "guessed".to_owned(),
        router: here.router.clone(),
        cookie: here.cookie.clone(),
    };
    let to = addressee(&here.get("/compose").await.text);
    let blank = here.get(&format!("/compose/write?kind=PING&to={to}")).await;
    let form = Form::of(&blank.text, "/compose/preview");
    for path in ["/compose/preview", "/compose/write", "/compose/send"] {
        let page = stranger.post(path, &form.with("confirm", "XB")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    let page = stranger
        .post_file("/compose/preview", &form, ("a.csv", "1"))
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let nowhere = here
        .get("/threads/thread--9f1c0a52-6c52-4f0e-8a0e-0b7f5f1f8c11")
        .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    fleet.end().await;
}
