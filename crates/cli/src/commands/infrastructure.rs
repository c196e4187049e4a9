//! `comity infrastructure`: who reads the register of critical infrastructure, and its files.

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
    sync::Arc,
};

use anyhow::Context as _;
use infrastructure::{Register, model::Rights, ops};
use kernel::{Mode, OsRng, SystemClock, Viewer};
use server::{node::Node, rooms::Book};

use super::{config, lock};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity infrastructure people
  comity infrastructure grant rosa --edit
  comity infrastructure revoke rosa
  comity infrastructure export > register.json
  comity infrastructure import register.json

The register is read by those alone whom it names. Each of these stands in the ledger. The files are
not sealed: keep them as the register is kept. Stop the node before: both read its database.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Say who reads the register of critical infrastructure, and write it to a file or take one in.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Infrastructure {
    #[command(subcommand)]
    what: What,
    /// The register of the exercise.
    #[arg(long, global = true)]
    exercise: bool,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// List whom the register names.
    #[command(after_help = AFTER)]
    People,
    /// Name somebody. The roles of a duty officer, analyst or policy officer are needed besides.
    #[command(after_help = AFTER)]
    Grant {
        /// The name to sign in with.
        user: String,
        /// May change it.
        #[arg(long)]
        edit: bool,
        /// May write it to a file, and take one in.
        #[arg(long)]
        export: bool,
    },
    /// Name somebody no more.
    #[command(after_help = AFTER)]
    Revoke {
        /// The name to sign in with.
        user: String,
    },
    /// Write all of it to standard output.
    #[command(after_help = AFTER)]
    Export,
    /// Take a file of the register in, all of it or nothing.
    #[command(after_help = AFTER)]
    Import {
        /// The file.
        file: PathBuf,
    },
}

impl Infrastructure {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let lock = lock(&config)?;
        let node = Node::open(
            config,
            &lock,
            (Arc::new(SystemClock), Arc::new(OsRng)),
            Book::of,
        );
        let node = node
            .await
            .hint("comity doctor says what is wrong; comity init makes a node")?;
        let register = Register {
            ground: node.ground().clone(),
            data_key: node.mailbox().data_key.clone(),
        };
        let party = access::ops::node_party(node.ground())
            .await
            .hint("comity init makes a node")?;
        let mode = Mode::from_exercise(self.exercise);
        let viewer = Viewer::node("infrastructure", party, mode);
        let done = run(&register, &viewer, self.what).await;
        node.ground().db.close().await;
        done.map(|()| 0)
    }
}

async fn run(register: &Register, viewer: &Viewer, what: What) -> Result<(), Failure> {
    match what {
        What::People => {
            for one in ops::grants(register, viewer).await? {
                let (edit, export) = (one.rights.may_edit, one.rights.may_export);
                let edit = if edit { " edit" } else { "" };
                let export = if export { " export" } else { "" };
                output::line(format_args!("{}: read{edit}{export}", one.user));
            }
        }
        What::Grant { user, edit, export } => {
            let user = user_of(register, viewer, &user).await?;
            let rights = Rights {
                is_named: true,
                may_edit: edit,
                may_export: export,
            };
            ops::grant(register, viewer, user, rights).await?;
        }
        What::Revoke { user } => {
            let user = user_of(register, viewer, &user).await?;
            ops::revoke(register, viewer, user).await?;
        }
        What::Export => {
            let text = ops::export_json(register, viewer).await?;
            io::stdout().write_all(text.as_bytes())?;
        }
        What::Import { file } => {
            let text =
                fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let done = ops::import_json(register, viewer, &text)
                .await
                .hint("take a file that comity infrastructure export wrote")?;
            output::line(format_args!(
                "{} new, {} changed, {} as before",
                done.created, done.changed, done.unchanged
            ));
        }
    }
    Ok(())
}

async fn user_of(
    register: &Register,
    viewer: &Viewer,
    name: &str,
) -> Result<kernel::UserId, Failure> {
    let name = name.parse().hint("a name to sign in with")?;
    let user = access::ops::user_named(&register.ground, viewer, &name).await;
    Ok(user.hint("comity user list shows who there is")?.id)
}
