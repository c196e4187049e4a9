//! `comity incident export`.

use std::{fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::PathBuf};

use incidents::{
    formats::{losses, model::Written, ops::export_as},
    model::Filter,
};
use kernel::{Limit, Mode, PageRequest, Viewer};
use serde_json::json;

use super::super::{config, ground};
use crate::{
    args::NodeArgs,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity incident export --as csv incidents.csv
  comity incident export --as veris incidents.json
  comity incident export --as iodef-xml incidents.xml

The formats are veris, misp, csv, stix, iodef-xml and iodef-json. Where there are more than 200
incidents, each file of these formats but CSV holds 200, and the further files are numbered: FILE,
FILE.2, FILE.3. Entries marked TLP:RED are for their named readers and in no export. What a format has
no place for is listed; comity export writes a file that loses nothing.

Exit codes: 0 done, 1 failed, 2 wrong usage.";

const OWNER_FILE: u32 = 0o600;

/// Write incidents as files of another format.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct ExportIncidents {
    /// The file; one that is there is not written over.
    file: PathBuf,
    /// The format.
    #[arg(long = "as", value_name = "FORMAT")]
    format: Written,
    /// Incidents of exercises in place of real ones.
    #[arg(long)]
    exercise: bool,
}

impl ExportIncidents {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let ground = ground(&config).await?;
        let party = access::ops::node_party(&ground)
            .await
            .hint("comity init makes a node")?;
        let viewer = Viewer::node("export", party, Mode::from_exercise(self.exercise));
        let mut request = PageRequest {
            after: None,
            limit: Limit::MAX,
        };
        let (mut files, mut entries) = (0_usize, 0);
        let mut table: Option<std::fs::File> = None;
        loop {
            let asked = (&Filter::default(), request);
            let page = export_as(&ground, &viewer, asked, self.format).await?;
            entries += page.entries;
            if let Some(file) = &mut table {
                // A table goes on without another head.
                let rows = page.text.split_once('\n').map_or("", |(_, rows)| rows);
                file.write_all(rows.as_bytes())?;
            } else {
                files += 1;
                let file = self.write(files, &page.text)?;
                table = Some(file).filter(|_| self.format == Written::Csv);
            }
            match page.next {
                Some(next) => request.after = Some(next),
                None => break,
            }
        }
        ground.db.close().await;
        let lost: Vec<&str> = losses(self.format).iter().map(|one| one.as_str()).collect();
        if args.json {
            output::json(&json!({ "incidents": entries, "files": files, "without": lost }))?;
        } else {
            output::line(format_args!("{entries} incidents in {files} files."));
            output::line(format_args!(
                "{} has no place for: {}",
                self.format,
                lost.join(", ")
            ));
        }
        Ok(0)
    }

    fn write(&self, number: usize, text: &str) -> Result<std::fs::File, Failure> {
        let mut path = self.file.as_os_str().to_owned();
        if number > 1 {
            path.push(format!(".{number}"));
        }
        let path = PathBuf::from(path);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(OWNER_FILE)
            .open(&path)
            .map_err(|error| anyhow::Error::new(error).context(path.display().to_string()))?;
        file.write_all(text.as_bytes())?;
        Ok(file)
    }
}
