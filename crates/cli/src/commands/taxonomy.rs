//! `comity taxonomy`: the taxonomies from which incidents are given classes, and the cross-walks between
//! them.

use std::{fs::File, io::Read as _, path::Path, path::PathBuf};

use anyhow::Context as _;
use audit::Ground;
use incidents::taxonomy::{
    FILE_BYTES_MAX, Name, Taxonomy, Version, Walk,
    ops::{self, Asked, PAGE_MAX, Part, Report, State},
    read::Given,
    wire::{
        EntryBody, ReportBody, TaxonomiesBody, TaxonomyBody, TaxonomyPageBody, WalkBody,
        WalkRowBody, WalksBody, WholeWalkBody,
    },
};
use indicators::terminal::harmless;
use kernel::{Mode, Viewer};

use super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};
use crosswalk::CrosswalkCommand;

mod crosswalk;

pub(crate) const AFTER: &str = "\
Examples:
  comity taxonomy list
  comity taxonomy import enterprise-attack-18.1.json
  comity taxonomy import machinetag.json --preview
  comity taxonomy import verisc-enum.json --taxonomy-version 1.4.1
  comity taxonomy import ours.csv --name ours --taxonomy-version 2026-1
  comity taxonomy show enterprise-attack --search phishing
  comity taxonomy remove ours 2026-1
  comity taxonomy crosswalk import walk.csv --name ours-to-rsit --crosswalk-version 1 --preview
  comity taxonomy crosswalk export ours-to-rsit walk.csv

A file is a taxonomy of MISP (machinetag.json, as RSIT publishes itself too), a STIX bundle of ATT&CK,
the enumerations of VERIS, or a taxonomy or cross-walk in our JSON or CSV; what it is, is seen from what
is in it. A version stands beside the older ones, and incidents keep the classes that they have.

Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable file, 3 done, and something of the file was
left out; it is listed.";

/// The exit code where something was left out.
const IN_PART: u8 = 3;
/// The exit code of what cannot be read.
const UNREADABLE: u8 = 2;
/// How many entries of a report are shown; the rest are counted.
const SHOWN_MAX: usize = 20;

/// Import and show the taxonomies of classes for incidents.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum TaxonomyCommand {
    /// Import a taxonomy or a cross-walk.
    #[command(after_help = AFTER)]
    Import {
        /// The file.
        file: PathBuf,
        /// What the taxonomy is called, where the file does not say it.
        #[arg(long, value_name = "NAME")]
        name: Option<Name>,
        /// Its version, where the file does not say it.
        #[arg(long, value_name = "VERSION")]
        taxonomy_version: Option<Version>,
        /// Say what is new, changed and gone, and import nothing.
        #[arg(long, visible_alias = "dry-run")]
        preview: bool,
    },
    /// List the taxonomies and the cross-walks.
    #[command(after_help = AFTER)]
    List,
    /// Show a taxonomy and its entries, or a cross-walk.
    #[command(after_help = AFTER)]
    Show {
        /// The taxonomy or the cross-walk.
        name: Name,
        /// The version; without it, the last that came.
        #[arg(long, value_name = "VERSION")]
        taxonomy_version: Option<Version>,
        /// Only entries whose code or name has this text.
        #[arg(long, value_name = "TEXT", default_value = "")]
        search: String,
    },
    /// Import and export cross-walks from the classes of one taxonomy to those of another.
    #[command(subcommand, after_help = crosswalk::AFTER)]
    Crosswalk(CrosswalkCommand),
    /// Take out an imported version that no incident has a class of, or a cross-walk.
    #[command(after_help = AFTER)]
    Remove {
        /// The taxonomy or the cross-walk.
        name: Name,
        /// Its version.
        of_version: Version,
    },
}

impl TaxonomyCommand {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let bytes = match &self {
            Self::Import { file, .. } | Self::Crosswalk(CrosswalkCommand::Import { file, .. }) => {
                read(file)?
            }
            _ => Vec::new(),
        };
        let config = config(args)?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = Viewer::node("import", party, Mode::Real);
        let at = (&ground, &viewer);
        let done = match self {
            Self::Import {
                name,
                taxonomy_version,
                preview,
                ..
            } => {
                let version = taxonomy_version;
                let given = Given { name, version };
                import(at, (&bytes, &given), preview, args.json).await
            }
            Self::Crosswalk(command) => command.run(at, &bytes, args.json).await,
            Self::List => list(at, args.json).await,
            Self::Show {
                name,
                taxonomy_version,
                search,
            } => show(at, (&name, taxonomy_version.as_ref()), search, args.json).await,
            Self::Remove { name, of_version } => remove(at, (&name, &of_version)).await,
        };
        ground.db.close().await;
        done
    }
}

/// The bytes of a file; one that is too long is not read to its end.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        let limit = most.saturating_add(1);
        file.take(limit).read_to_end(&mut bytes)
    });
    match read.with_context(|| format!("{} cannot be read", path.display())) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure {
            exit: UNREADABLE,
            ..error.into()
        }),
    }
}

async fn import(
    (ground, viewer): (&Ground, &Viewer),
    (bytes, given): (&[u8], &Given),
    preview: bool,
    json: bool,
) -> Result<u8, Failure> {
    let done = if preview {
        ops::preview(ground, viewer, bytes, given).await
    } else {
        ops::import(ground, viewer, bytes, given).await
    };
    let report = match done {
        Ok(report) => report,
        Err(error) if error.code() == "taxonomy.unreadable" => {
            let told = anyhow::anyhow!("{}", harmless(&error.to_string()));
            return Err(Failure {
                exit: UNREADABLE,
                hint: Some(
                    "--name and --taxonomy-version (--crosswalk-version of a cross-walk) say what \
                     a file does not say; \
                     docs/users/taxonomies.md describes the formats"
                        .to_owned(),
                ),
                ..told.into()
            });
        }
        Err(error) => {
            return Err(error).hint("--preview shows what is other than here");
        }
    };
    if json {
        output::json(&ReportBody::of(&report, preview))?;
    } else {
        tell(&report, preview);
    }
    Ok(if report.left_out.count > 0 {
        IN_PART
    } else {
        0
    })
}

fn tell(report: &Report, preview: bool) {
    let what = if report.is_walk { "rows" } else { "entries" };
    let against = report.against.as_ref().map(Version::as_str);
    let state = match (report.state, against) {
        (State::New, _) => "new".to_owned(),
        (State::Beside, Some(against)) => format!("beside version {against}"),
        (State::Beside, None) => "beside another version".to_owned(),
        (State::Same, _) => "here as it is".to_owned(),
        (State::Differs, _) => "here with other contents; it would be refused".to_owned(),
    };
    let (name, version) = (&report.name, &report.version);
    let count = report.entries;
    output::line(format_args!("{name} {version}: {count} {what}, {state}"));
    let parts = [
        ("new", &report.added),
        ("changed", &report.changed),
        ("gone", &report.gone),
    ];
    for (word, part) in parts {
        tell_part(word, part);
    }
    if report.left_out.count > 0 {
        output::line(format_args!("left out: {}", report.left_out.count));
        for (at, why) in report.left_out.named.iter().take(SHOWN_MAX) {
            output::line(format_args!("  {}: {why}", harmless(at)));
        }
    }
    if preview {
        output::note("nothing was imported");
    }
}

fn tell_part(word: &str, part: &Part) {
    if part.count == 0 {
        return;
    }
    output::line(format_args!("{word}: {}", part.count));
    for (code, name) in part.named.iter().take(SHOWN_MAX) {
        let (code, name) = (harmless(code), harmless(name));
        output::line(format_args!("  {code}  {name}"));
    }
}

async fn list((ground, viewer): (&Ground, &Viewer), json: bool) -> Result<u8, Failure> {
    let all = ops::taxonomies(ground, viewer).await?;
    let walks = ops::walks(ground, viewer).await?;
    if json {
        let taxonomies = TaxonomiesBody {
            items: all.iter().map(TaxonomyBody::from).collect(),
        };
        let crosswalks = WalksBody {
            items: walks.iter().map(WalkBody::from).collect(),
        };
        output::json(&serde_json::json!({
            "taxonomies": taxonomies.items,
            "crosswalks": crosswalks.items,
        }))?;
        return Ok(0);
    }
    for one in &all {
        tell_head(one);
    }
    for walk in &walks {
        tell_walk(walk);
    }
    Ok(0)
}

fn from_where(imported: bool) -> &'static str {
    if imported { "imported" } else { "ships" }
}

fn tell_head(one: &Taxonomy) {
    let (name, version, entries) = (&one.name, &one.version, one.entries);
    let title = harmless(&one.title);
    let whence = from_where(one.imported.is_some());
    output::line(format_args!(
        "{name} {version}: {entries} entries, {whence}; {title}"
    ));
}

fn tell_walk(walk: &Walk) {
    let end = |(name, version): &(Name, Option<Version>)| {
        let version = version.as_ref().map(|version| format!(" {version}"));
        format!("{name}{}", version.unwrap_or_default())
    };
    let (name, version, rows) = (&walk.name, &walk.version, walk.rows);
    let whence = from_where(walk.imported.is_some());
    let (from, to) = (end(&walk.from), end(&walk.to));
    output::line(format_args!(
        "{name} {version}: {rows} rows from {from} to {to}, {whence}"
    ));
}

async fn show(
    (ground, viewer): (&Ground, &Viewer),
    (name, version): (&Name, Option<&Version>),
    text: String,
    json: bool,
) -> Result<u8, Failure> {
    let walks = ops::walks(ground, viewer).await?;
    let is_it =
        |walk: &&Walk| walk.name == *name && version.is_none_or(|version| walk.version == *version);
    if let Some(found) = walks.iter().find(is_it) {
        let at = (&found.name, &found.version);
        let (walk, rows) = ops::walk(ground, viewer, at).await?;
        if json {
            output::json(&WholeWalkBody {
                crosswalk: WalkBody::from(&walk),
                rows: rows.iter().map(WalkRowBody::from).collect(),
            })?;
            return Ok(0);
        }
        tell_walk(&walk);
        for row in &rows {
            let (from, to) = (harmless(row.from.as_str()), harmless(row.to.as_str()));
            output::line(format_args!("  {from} → {to} ({})", row.relation));
        }
        return Ok(0);
    }
    let mut asked = Asked {
        text,
        after: 0,
        limit: Some(PAGE_MAX),
    };
    let mut all = Vec::new();
    let taxonomy = loop {
        let page = ops::entries(ground, viewer, (name, version), &asked).await;
        let (taxonomy, entries, next) = page.hint("comity taxonomy list names what there is")?;
        all.extend(entries);
        match next {
            Some(next) => asked.after = next,
            None => break taxonomy,
        }
    };
    if json {
        output::json(&TaxonomyPageBody {
            taxonomy: TaxonomyBody::from(&taxonomy),
            entries: all.iter().map(EntryBody::from).collect(),
            next: None,
        })?;
        return Ok(0);
    }
    tell_head(&taxonomy);
    for entry in &all {
        let (code, name) = (harmless(entry.code.as_str()), harmless(entry.name.as_str()));
        output::line(format_args!("  {code}  {name}"));
    }
    Ok(0)
}

async fn remove(
    (ground, viewer): (&Ground, &Viewer),
    at: (&Name, &Version),
) -> Result<u8, Failure> {
    let walks = ops::walks(ground, viewer).await?;
    let is_it = |walk: &Walk| walk.name == *at.0 && walk.version == *at.1;
    if walks.iter().any(is_it) {
        ops::remove_walk(ground, viewer, at).await?;
    } else {
        let done = ops::remove(ground, viewer, at).await;
        done.hint("comity taxonomy list names what there is")?;
    }
    output::line(format_args!("{} {} is taken out", at.0, at.1));
    Ok(0)
}
