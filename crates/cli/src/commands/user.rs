//! `comity user`: who may sign in.

use access::{
    model::{Label, UserName},
    ops::{self, NewUser},
};
use kernel::{Language, Mode, Role, Viewer};
use serde_json::json;

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

pub(crate) const AFTER: &str = "\
Examples:
  comity user add amina --role duty_officer --role analyst --display 'Amina B.'

Roles: admin, duty_officer, analyst, diplomat, policy_officer, reporter, auditor.
The one-time code that is printed sets the user's password; it is shown once.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Who may sign in.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum User {
    Add(Add),
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
