//! `comity infrastructure`: who reads the register of critical infrastructure, and its files.

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
    sync::Arc,
};

use anyhow::Context as _;
use infrastructure::{
    Register,
    model::Rights,
    ops::{self, Step},
    table::{Column, Columns},
};
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
  comity infrastructure grant rosa --edit --reason \"keeps the register\"
  comity infrastructure revoke rosa --reason \"left the team\"
  comity infrastructure export > register.json
  comity infrastructure import register.json
  comity infrastructure export --csv > register.csv
  comity infrastructure import services.csv --column key=ID --dry-run

The register is read by those alone whom it names. Each of these stands in the ledger. The files are
not sealed: keep them as the register is kept. Stop the node before: both read its database.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing taken in, since lines of a table are wrong.";

/// The exit code where lines are wrong.
const IN_PART: u8 = 3;

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
        /// Why; it is kept and stands in the ledger.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Name somebody no more.
    #[command(after_help = AFTER)]
    Revoke {
        /// The name to sign in with.
        user: String,
        /// Why; it is kept and stands in the ledger.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Write all of it to standard output, in JSON or as a table; each can be taken in again.
    #[command(after_help = AFTER)]
    Export {
        /// As a table (CSV).
        #[arg(long)]
        csv: bool,
    },
    /// Take a file of the register in, all of it or nothing: JSON that export wrote, or a table (CSV).
    #[command(after_help = AFTER)]
    Import {
        /// The file.
        file: PathBuf,
        /// Which column of a table holds what, such as key=ID; can be given more than once. Without
        /// any, the names are guessed.
        #[arg(long, value_name = "COLUMN=NAME", value_parser = column)]
        column: Vec<(Column, String)>,
        /// Tell what would become of a table, and do nothing.
        #[arg(long)]
        dry_run: bool,
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
        done
    }
}

async fn run(register: &Register, viewer: &Viewer, what: What) -> Result<u8, Failure> {
    match what {
        What::People => {
            for one in ops::grants(register, viewer).await? {
                let (edit, export) = (one.rights.may_edit, one.rights.may_export);
                let edit = if edit { " edit" } else { "" };
                let export = if export { " export" } else { "" };
                output::line(format_args!("{}: read{edit}{export}", one.user));
            }
        }
        What::Grant {
            user,
            edit,
            export,
            reason,
        } => {
            let user = user_of(register, viewer, &user).await?;
            let rights = Rights {
                is_named: true,
                may_edit: edit,
                may_export: export,
            };
            ops::grant(register, viewer, user, (rights, &reason)).await?;
        }
        What::Revoke { user, reason } => {
            let user = user_of(register, viewer, &user).await?;
            ops::revoke(register, viewer, user, &reason).await?;
        }
        What::Export { csv } => {
            let text = if csv {
                ops::export_csv(register, viewer).await?
            } else {
                ops::export_json(register, viewer).await?
            };
            io::stdout().write_all(text.as_bytes())?;
        }
        What::Import {
            file,
            column,
            dry_run,
        } => {
            let text =
                fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            if !text.trim_ascii_start().starts_with(b"[") {
                let columns = column.into_iter().collect();
                return import_table(register, viewer, (&text, &columns), dry_run).await;
            }
            let done = ops::import_json(register, viewer, &text)
                .await
                .hint("take a file that comity infrastructure export wrote")?;
            output::line(format_args!(
                "{} new, {} changed, {} as before",
                done.created, done.changed, done.unchanged
            ));
        }
    }
    Ok(0)
}

/// Takes a table in, or tells what would become of it.
async fn import_table(
    register: &Register,
    viewer: &Viewer,
    (text, columns): (&[u8], &Columns),
    dry_run: bool,
) -> Result<u8, Failure> {
    let text = std::str::from_utf8(text).hint("save the table as CSV in UTF-8")?;
    let step = if dry_run { Step::Look } else { Step::Take };
    let done = ops::import_csv(register, viewer, (text, columns), step)
        .await
        .hint("--column says which column of the file holds what")?;
    let counts = done.done;
    output::line(format_args!(
        "{}: {} new, {} changed, {} as before",
        if done.is_taken {
            "taken in"
        } else {
            "not taken in"
        },
        counts.created,
        counts.changed,
        counts.unchanged
    ));
    for one in &done.wrong {
        let column = one.column.map_or("", Column::as_str);
        output::line(format_args!(
            "line {}: {} {column}",
            one.line,
            one.fault.as_str()
        ));
    }
    if done.wrong_more > 0 {
        output::line(format_args!("and {} more", done.wrong_more));
    }
    Ok(if done.wrong.is_empty() { 0 } else { IN_PART })
}

fn column(text: &str) -> Result<(Column, String), String> {
    let (word, name) = text.split_once('=').ok_or("write COLUMN=NAME")?;
    let words: Vec<&str> = Column::ALL.iter().map(|one| one.as_str()).collect();
    let column =
        Column::from_word(word).ok_or_else(|| format!("the columns are {}", words.join(", ")))?;
    Ok((column, name.to_owned()))
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
