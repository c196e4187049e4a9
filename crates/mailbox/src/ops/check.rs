use std::time::Duration;

use access::policy::{self, Act};
use kernel::{Viewer, boxed};
use mail::{Imap, Reached, Server, Smtp};
use outward::Client;
use tokio::time::timeout;

use super::fetch::tls;
use crate::{Error, Mailbox, Settings};

/// The longest test of one server.
const TEST_TIME_MAX: Duration = Duration::from_secs(45);

/// A step of the test.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The certificates that the operator named can be used.
    Certificates,
    /// The name is found.
    Name,
    /// Somebody answers there.
    Host,
    /// The connection is encrypted, by a certificate that is believed.
    Tls,
    /// It is a server of this protocol.
    Answer,
    /// It takes the name and the password.
    SignIn,
    /// It has the folder.
    Folder,
    /// It takes mails from our address.
    Sender,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Certificates,
        Self::Name,
        Self::Host,
        Self::Tls,
        Self::Answer,
        Self::SignIn,
        Self::Folder,
        Self::Sender,
    ];

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certificates => "certificates",
            Self::Name => "name",
            Self::Host => "host",
            Self::Tls => "tls",
            Self::Answer => "answer",
            Self::SignIn => "sign-in",
            Self::Folder => "folder",
            Self::Sender => "sender",
        }
    }
}

impl From<Reached> for Step {
    fn from(reached: Reached) -> Self {
        match reached {
            Reached::Name => Self::Name,
            Reached::Host => Self::Host,
            Reached::Tls => Self::Tls,
            Reached::Answer => Self::Answer,
        }
    }
}

/// What a step came to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Came {
    /// It works.
    Yes,
    /// It does not.
    No,
    /// It was not tried, since one before does not work.
    NotTried,
}

impl Came {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::NotTried];

    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotTried => "not-tried",
        }
    }
}

/// A step as it was tried.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tried {
    /// At which server.
    pub server: String,
    /// Which.
    pub step: Step,
    /// What it came to.
    pub came: Came,
    /// What was seen, or what is wrong. Never a password.
    pub detail: String,
    /// What is wrong, as a stable code.
    pub code: Option<&'static str>,
}

/// Tries what the configuration says, step by step, both servers at once. Nothing is read or sent.
#[boxed]
pub async fn test(mailbox: &Mailbox, viewer: &Viewer) -> Result<Vec<Tried>, Error> {
    policy::check_house(viewer, Act::MailManage)?;
    Ok(check(&mailbox.client, mailbox.settings()?).await)
}

/// The same, for whoever runs the node.
#[boxed]
pub async fn check(client: &Client, settings: &Settings) -> Vec<Tried> {
    let incoming = async {
        match &settings.imap {
            Some(server) => try_server(client, settings, server).await,
            None => Vec::new(),
        }
    };
    let outgoing = async {
        match &settings.smtp {
            Some(server) => try_server(client, settings, server).await,
            None => Vec::new(),
        }
    };
    let (mut all, outgoing) = tokio::join!(incoming, outgoing);
    all.extend(outgoing);
    all
}

async fn try_server(client: &Client, settings: &Settings, server: &Server) -> Vec<Tried> {
    let mut course = Course::of(settings, server);
    let tried = timeout(TEST_TIME_MAX, async {
        if server.is_imap() {
            try_imap(client, settings, server, &mut course).await
        } else {
            try_smtp(client, settings, server, &mut course).await
        }
    });
    let late = mail::Error::Late {
        after: TEST_TIME_MAX,
    };
    if let Err(error) = tried.await.unwrap_or(Err(late)) {
        course.fail(&error);
    }
    course.0
}

async fn try_imap(
    client: &Client,
    settings: &Settings,
    server: &Server,
    course: &mut Course,
) -> Result<(), mail::Error> {
    let tls = tls(client, settings).await?;
    course.reach(Step::Certificates, "");
    let mut told = |reached: Reached, detail: &str| course.reach(reached.into(), detail);
    let mut imap = Imap::connect_telling(server, &tls, &mut told).await?;
    if let Some(login) = &settings.login {
        imap.login(login).await?;
        course.reach(Step::SignIn, &login.user);
    }
    let selected = imap.select(&settings.folder).await?;
    let detail = format!("{} ({})", settings.folder, selected.mails);
    course.reach(Step::Folder, &detail);
    imap.logout().await;
    Ok(())
}

async fn try_smtp(
    client: &Client,
    settings: &Settings,
    server: &Server,
    course: &mut Course,
) -> Result<(), mail::Error> {
    let tls = tls(client, settings).await?;
    course.reach(Step::Certificates, "");
    let mut told = |reached: Reached, detail: &str| course.reach(reached.into(), detail);
    let host = settings.address.domain();
    let mut smtp = Smtp::connect_telling(server, &tls, host, &mut told).await?;
    if let Some(login) = &settings.login {
        smtp.login(login).await?;
        course.reach(Step::SignIn, &login.user);
    }
    smtp.try_sender(&settings.address).await?;
    course.reach(Step::Sender, settings.address.as_str());
    smtp.quit().await;
    Ok(())
}

/// The steps of one server in their order, and how far they were taken.
struct Course(Vec<Tried>);

impl Course {
    fn of(settings: &Settings, server: &Server) -> Self {
        use mail::Security;
        let mut steps = Vec::new();
        if settings.authority.is_some() {
            steps.push(Step::Certificates);
        }
        steps.extend([Step::Name, Step::Host]);
        match server.security {
            Security::Tls => steps.extend([Step::Tls, Step::Answer]),
            Security::StartTls => steps.extend([Step::Answer, Step::Tls]),
            Security::Plain => steps.push(Step::Answer),
        }
        if settings.login.is_some() {
            steps.push(Step::SignIn);
        }
        steps.push(if server.is_imap() {
            Step::Folder
        } else {
            Step::Sender
        });
        let blank = |step| Tried {
            server: server.to_string(),
            step,
            came: Came::NotTried,
            detail: String::new(),
            code: None,
        };
        Self(steps.into_iter().map(blank).collect())
    }

    fn reach(&mut self, step: Step, detail: &str) {
        if let Some(one) = self.0.iter_mut().find(|one| one.step == step) {
            one.came = Came::Yes;
            detail.clone_into(&mut one.detail);
        }
    }

    /// The first step that was not taken is the one that does not work.
    fn fail(&mut self, error: &mail::Error) {
        let open = self.0.iter_mut().find(|one| one.came == Came::NotTried);
        if let Some(one) = open {
            one.came = Came::No;
            one.detail = kernel::chain(error);
            one.code = Some(error.code());
        }
    }
}
