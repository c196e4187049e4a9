//! `comity user`: who may sign in.

use access::{
    model::{Label, UserName},
    ops::{self, NewKey, NewUser},
};
use kernel::{Language, Mode, Role, Scope, Viewer};
use serde_json::json;

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

pub(crate) const AFTER: &str = "\
Examples:
  comity user add amina --role duty_officer --role analyst --display 'Amina B.'
  comity user add peer-xb --role reporter --display 'MISP of Brevonia'
  comity user key peer-xb --label misp --scope intel_read --days 90

Roles: admin, duty_officer, analyst, diplomat, policy_officer, reporter, auditor.
The one-time code that is printed sets the user's password; it is shown once. A reporter is a guest,
who makes no API keys: one for his programs is made here, and shown once.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Who may sign in.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum User {
    Add(Add),
    Key(Key),
}

/// Add a user and print a one-time code for the password.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Add {
    /// The name to sign in with.
    name: UserName,
    /// What the user does here; can be given more than once.
    #[arg(long = "role", value_name = "ROLE", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// The name for people.
    #[arg(long)]
    display: Option<Label>,
}

/// Make an API key for a guest, such as the programs of another party, and print it.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Key {
    /// The guest.
    name: UserName,
    /// What the key is for.
    #[arg(long)]
    label: Label,
    /// `intel_read` or `intel_write`; can be given more than once.
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope)]
    scopes: Vec<Scope>,
    /// For how many days it is valid: 1 to 366.
    #[arg(long, value_name = "N", default_value = "90")]
    days: u16,
    /// For exercise data, not real data.
    #[arg(long)]
    exercise: bool,
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::from_word(text).ok_or_else(|| "scopes are intel_read and intel_write".to_owned())
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_word(text).ok_or_else(|| {
        let words = Role::ALL.map(Role::as_str).join(", ");
        format!("roles are {words}")
    })
}

impl User {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        match self {
            Self::Add(add) => add.run(args).await,
            Self::Key(key) => key.run(args).await,
        }
    }
}

impl Add {
    async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let ground = ground(&config(args)?).await?;
        let party = ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = Viewer::node("user add", party, Mode::Real);
        let display = match self.display {
            Some(display) => display,
            None => self.name.as_str().parse()?,
        };
        let new = NewUser {
            name: self.name,
            display,
            roles: self.roles.into_iter().collect(),
            language: Language::En,
            password: None,
        };
        let (user, code) = ops::create_user(&ground, &viewer, new).await?;
        ground.db.close().await;
        let code = code.map(|code| code.to_text()).unwrap_or_default();
        if args.json {
            let roles: Vec<_> = user.roles.iter().map(Role::as_str).collect();
            output::json(&json!({
                "id": user.id.to_string(),
                "name": user.name.as_str(),
                "roles": roles,
                "one_time_code": code,
            }))?;
        } else {
            output::line(format_args!("User {} is added: {}", user.name, user.id));
            output::line(format_args!("One-time code {code}"));
        }
        Ok(0)
    }
}

impl Key {
    async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let ground = ground(&config(args)?).await?;
        let party = ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = Viewer::node("user key", party, Mode::Real);
        let guest = ops::user_named(&ground, &viewer, &self.name)
            .await
            .hint("comity user add NAME --role reporter adds a guest")?;
        let new = NewKey {
            label: self.label,
            scopes: self.scopes.into_iter().collect(),
            mode: Mode::from_exercise(self.exercise),
            days: self.days,
        };
        let (key, secret) = ops::create_key_for(&ground, &viewer, guest.id, new).await?;
        ground.db.close().await;
        if args.json {
            output::json(&json!({
                "id": key.id.to_string(),
                "user": guest.name.as_str(),
                "expires_at": key.expires_at,
                "key": secret.to_text(),
            }))?;
        } else {
            let (id, until) = (key.id, key.expires_at);
            output::line(format_args!("Key {id} of {} until {until}", guest.name));
            output::line(secret.to_text());
        }
        Ok(0)
    }
}
