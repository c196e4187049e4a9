//! `comity export --collection`: what a collection has, as a file of another format.

use std::{
    fs::{self, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use intel::{
    export::Target,
    model::Filter,
    ops::{Export, Exporting},
    wire::ExportReportBody,
};
use kernel::Tlp;

use super::{called, known, take_in::tell_losses, viewer};
use crate::{
    args::NodeArgs,
    commands::{config, ground},
    output::{self, Failure},
};

const OWNER_FILE: u32 = 0o600;

/// A format of files.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum As {
    /// A bundle of STIX 2.1.
    #[default]
    Stix,
    /// Objects of STIX 2.1, one a line.
    StixLines,
    /// Events of MISP.
    Misp,
    /// A table.
    Csv,
    /// The values that indicators look for, one a line.
    Values,
    /// Rules of Suricata.
    Suricata,
}

impl From<As> for Target {
    fn from(format: As) -> Self {
        match format {
            As::Stix => Self::Stix,
            As::StixLines => Self::StixLines,
            As::Misp => Self::Misp,
            As::Csv => Self::Csv,
            As::Suricata => Self::Suricata,
            As::Values => Self::Values,
        }
    }
}

/// Which collection, and as what.
#[derive(Debug)]
pub(crate) struct WriteOut<'a> {
    pub(crate) collection: &'a str,
    pub(crate) file: &'a Path,
    pub(crate) format: As,
    pub(crate) types: &'a [String],
    pub(crate) max_marking: Option<Tlp>,
    pub(crate) exercise: bool,
}

impl WriteOut<'_> {
    pub(crate) async fn run(&self, args: &NodeArgs) -> Result<u8, Failure> {
        if self.file.exists() {
            let there = anyhow::anyhow!("{} is there already", self.file.display());
            return Err(Failure {
                hint: Some("choose another name; an export is never written over".to_owned()),
                ..there.into()
            });
        }
        let config = config(args)?;
        let ground = ground(&config).await?;
        let viewer = viewer(&ground, "export", self.exercise).await?;
        let collection = known(&ground, &viewer, self.collection).await?;
        let exporting = Exporting {
            target: self.format.into(),
            filter: Filter {
                types: self.types.to_vec(),
                ..Filter::default()
            },
            after: 0,
            max_marking: self.max_marking.unwrap_or(Tlp::Red),
        };
        let public = collection.public.uuid().to_string();
        let place = (collection.root.as_str(), public.as_str());
        let mut export = Export::begin(&ground, &viewer, place, exporting).await?;
        let mut beside = self.file.as_os_str().to_owned();
        beside.push(".part");
        let beside = PathBuf::from(beside);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(OWNER_FILE)
            .open(&beside)?;
        let mut file = BufWriter::new(file);
        while let Some(page) = export.next().await? {
            file.write_all(&page)?;
        }
        let file = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        // It stands under its name only when it is whole.
        fs::rename(&beside, self.file)?;
        let report = export.report();
        ground.db.close().await;
        if args.json {
            output::json(&ExportReportBody::from(report))?;
        } else {
            let (path, name) = (self.file.display(), called(&collection));
            output::line(format_args!("{path}: {} objects of {name}", report.objects));
            for (tlp, count) in &report.left_out {
                output::line(format_args!("  left out: {count} of TLP:{tlp}"));
            }
            if report.unmarked > 0 {
                output::line(format_args!(
                    "  {} carry no label of their own; here they are TLP:{}",
                    report.unmarked, collection.settings.unmarked
                ));
            }
            tell_losses(&report.losses);
        }
        Ok(0)
    }
}
