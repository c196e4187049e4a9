//! Bodies about servers of other makers.

use std::{fmt, time::Duration};

use kernel::{Cursor, Page, Timestamp, Tlp};
use outward::{Address, Credentials, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::label;
use crate::{
    Error,
    model::{Invalid, Note, Remote, RemoteSettings, Run, TestStep},
    ops::{NewRemote, RemoteChange},
};

/// Who this node is at a server. It is never given back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialsBody {
    /// `none`, `basic` (a name and a password), `bearer` (a token) or `key` (MISP's).
    pub scheme: String,
    /// The name, for `basic`.
    #[serde(default)]
    pub user: String,
    /// The password, token or key.
    #[serde(default)]
    pub secret: String,
}

/// What people decide about a remote.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RemoteSettingsBody {
    /// What people call it: one line of 1 to 200 characters.
    pub name: String,
    /// Where it is: `https://HOST/PATH`. Of TAXII, the discovery or an API root.
    pub address: String,
    /// The root that our collection stands under.
    pub root: String,
    /// The UUID or alias of our collection.
    pub collection: String,
    /// Which of its things are meant, in the terms of its kind. Of TAXII: `collection` (an id, alias or
    /// title, which may be left out where there is only one), and `root` where it has several.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub selection: Map<String, Value>,
    /// For `pull`, the label of what comes unmarked, never CLEAR; for `push`, the strictest label that
    /// goes out.
    #[serde(default = "amber_strict")]
    pub label: String,
    /// Every how many seconds it is asked.
    #[serde(default = "hour")]
    pub every_s: u64,
    /// Whether it is asked by itself.
    #[serde(default)]
    pub enabled: bool,
    /// Certificates in PEM that are believed besides those of the system's authorities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
}

/// A remote to be added.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRemoteBody {
    /// `taxii`, `misp` or `misp-feed`, as far as this node speaks it.
    pub kind: String,
    /// `pull` or `push`.
    pub direction: String,
    /// What people decide.
    #[serde(flatten)]
    pub settings: RemoteSettingsBody,
    /// Who we are there.
    #[serde(default)]
    pub credentials: Option<CredentialsBody>,
}

/// A changed remote.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EditRemoteBody {
    /// The version that the caller has seen.
    pub version: i64,
    /// What people decide.
    #[serde(flatten)]
    pub settings: RemoteSettingsBody,
    /// Who we are there; left out, it stays as it is, as long as the server is the same.
    #[serde(default)]
    pub credentials: Option<CredentialsBody>,
}

/// A remote.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RemoteBody {
    /// Its id.
    pub id: String,
    /// What it speaks.
    pub kind: String,
    /// Which way objects go.
    pub direction: String,
    /// What people decide.
    #[serde(flatten)]
    pub settings: RemoteSettingsBody,
    /// How it is told who we are: `none`, `basic`, `bearer` or `key`.
    pub scheme: String,
    /// Runs that failed, one after the other, until now.
    pub failures: i64,
    /// When it is asked next.
    pub due_at: String,
    /// Counts changes by people.
    pub version: i64,
    /// Its newest run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run: Option<RunBody>,
}

/// Remotes.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RemotesBody {
    /// The kinds that this node speaks.
    pub kinds: Vec<String>,
    /// By name.
    pub items: Vec<RemoteBody>,
}

/// One exchange with a remote.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RunBody {
    /// Its id.
    pub id: String,
    /// When it began.
    pub started_at: String,
    /// When it ended; nothing while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// `running`; `complete`: it came to the end of what there was; `cut`: it ended before, and a later
    /// one goes on; `failed`.
    pub outcome: String,
    /// Why it did not come to its end: a stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Objects that came.
    pub received: i64,
    /// Of these, how many were new.
    pub added: i64,
    /// Of these, how many were here already.
    pub known: i64,
    /// Objects that went and were taken.
    pub sent: i64,
    /// Objects that were refused, here or there.
    pub refused: i64,
    /// Objects that were taken back.
    pub withdrawn: i64,
    /// How many notes there are.
    pub noted: i64,
}

/// A page of runs.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RunsBody {
    /// Newest first.
    pub items: Vec<RunBody>,
    /// Where the next page begins; nothing if this is the last.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor>,
}

/// Something that a run tells.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NoteBody {
    /// `refused`, `defect`, `withheld` or `withdrawn`.
    pub what: String,
    /// Which object or thing.
    pub subject: String,
    /// A stable code.
    pub code: String,
    /// What there is to say.
    pub detail: String,
}

/// A run with what it tells.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RunNotesBody {
    /// The run.
    #[serde(flatten)]
    pub run: RunBody,
    /// The first 1,000 notes.
    pub notes: Vec<NoteBody>,
    /// How many more there are.
    pub more_notes: i64,
}

/// A step of a connection test.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TestStepBody {
    /// Which.
    pub step: String,
    /// Whether it worked; nothing if it was not come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worked: Option<bool>,
    /// What was seen.
    pub detail: String,
}

/// A connection test.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TestBody {
    /// In their order.
    pub steps: Vec<TestStepBody>,
}

fn amber_strict() -> String {
    Tlp::AmberStrict.as_str().to_owned()
}

const fn hour() -> u64 {
    3_600
}

impl fmt::Debug for CredentialsBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsBody")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

impl TryFrom<CredentialsBody> for Credentials {
    type Error = Error;

    fn try_from(body: CredentialsBody) -> Result<Self, Error> {
        let secret = Secret::from(body.secret);
        let invalid = |rule| {
            let field = "credentials";
            Err(Error::Invalid(Invalid { field, rule }))
        };
        if body.scheme != "none" && secret.expose().is_empty() {
            return invalid("a secret, for every scheme but none");
        }
        match body.scheme.as_str() {
            "none" => Ok(Self::None),
            "basic" => Ok(Self::Basic {
                user: body.user,
                password: secret,
            }),
            "bearer" => Ok(Self::Bearer(secret)),
            "key" => Ok(Self::Key(secret)),
            _ => invalid("none, basic, bearer or key"),
        }
    }
}

impl TryFrom<&RemoteSettingsBody> for RemoteSettings {
    type Error = Error;

    fn try_from(body: &RemoteSettingsBody) -> Result<Self, Error> {
        let address: Result<Address, _> = body.address.parse();
        Ok(Self {
            name: body.name.parse()?,
            address: address.map_err(|_no_address| Invalid {
                field: "address",
                rule: "https://HOST/PATH or http://HOST/PATH, without a user or a fragment",
            })?,
            selection: body.selection.clone(),
            label: label("label", &body.label)?,
            every: Duration::from_secs(body.every_s),
            enabled: body.enabled,
            authority: body
                .authority
                .clone()
                .filter(|text| !text.trim().is_empty()),
        })
    }
}

impl RemoteSettingsBody {
    fn here(&self) -> (String, String) {
        (self.root.clone(), self.collection.clone())
    }
}

impl TryFrom<NewRemoteBody> for NewRemote {
    type Error = Error;

    fn try_from(body: NewRemoteBody) -> Result<Self, Error> {
        let credentials = body.credentials.map(Credentials::try_from).transpose()?;
        Ok(Self {
            kind: body.kind.parse()?,
            direction: body.direction.parse()?,
            here: body.settings.here(),
            settings: RemoteSettings::try_from(&body.settings)?,
            credentials: credentials.unwrap_or_default(),
        })
    }
}

impl TryFrom<EditRemoteBody> for RemoteChange {
    type Error = Error;

    fn try_from(body: EditRemoteBody) -> Result<Self, Error> {
        Ok(Self {
            version: body.version,
            here: body.settings.here(),
            settings: RemoteSettings::try_from(&body.settings)?,
            credentials: body.credentials.map(Credentials::try_from).transpose()?,
        })
    }
}

impl RemoteBody {
    /// A remote, and its newest run where it is known.
    pub fn of(remote: &Remote, last_run: Option<&Run>) -> Self {
        let settings = &remote.settings;
        Self {
            id: remote.id.to_string(),
            kind: remote.kind.to_string(),
            direction: remote.direction.to_string(),
            settings: RemoteSettingsBody {
                name: settings.name.to_string(),
                address: settings.address.to_string(),
                root: remote.here.root.to_string(),
                collection: remote.here.collection.uuid().to_string(),
                selection: settings.selection.clone(),
                label: settings.label.as_str().to_owned(),
                every_s: settings.every.as_secs(),
                enabled: settings.enabled,
                authority: settings.authority.clone(),
            },
            scheme: remote.scheme.clone(),
            failures: remote.failures,
            due_at: remote.due_at.to_string(),
            version: remote.version,
            last_run: last_run.map(RunBody::from),
        }
    }
}

impl From<&Run> for RunBody {
    fn from(run: &Run) -> Self {
        Self {
            id: run.id.to_string(),
            started_at: run.started_at.to_string(),
            ended_at: run.ended_at.as_ref().map(Timestamp::to_string),
            outcome: run.outcome.to_string(),
            code: run.code.clone(),
            detail: run.detail.clone(),
            received: run.tally.received,
            added: run.tally.added,
            known: run.tally.known,
            sent: run.tally.sent,
            refused: run.tally.refused,
            withdrawn: run.tally.withdrawn,
            noted: run.noted,
        }
    }
}

impl From<Page<Run>> for RunsBody {
    fn from(page: Page<Run>) -> Self {
        Self {
            items: page.items.iter().map(RunBody::from).collect(),
            next: page.next,
        }
    }
}

impl From<(Run, Vec<Note>)> for RunNotesBody {
    fn from((run, notes): (Run, Vec<Note>)) -> Self {
        let kept = i64::try_from(notes.len()).unwrap_or(i64::MAX);
        let note = |note: Note| NoteBody {
            what: note.what.to_string(),
            subject: note.subject,
            code: note.code,
            detail: note.detail,
        };
        Self {
            run: RunBody::from(&run),
            more_notes: run.noted.saturating_sub(kept),
            notes: notes.into_iter().map(note).collect(),
        }
    }
}

impl From<Vec<TestStep>> for TestBody {
    fn from(steps: Vec<TestStep>) -> Self {
        let step = |step: TestStep| TestStepBody {
            step: step.step.to_owned(),
            worked: step.worked,
            detail: step.detail,
        };
        Self {
            steps: steps.into_iter().map(step).collect(),
        }
    }
}
