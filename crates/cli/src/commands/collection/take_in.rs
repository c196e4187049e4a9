//! `comity import --collection`: files into a collection.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read},
    time::Duration,
};

use audit::Ground;
use cli::logs::{self, Input};
use indicators::terminal::harmless;
use intel::{
    model::{Collection, Fate, Import, Loss, Preview, Refusal, Refusals},
    ops,
    wire::{ImportBody, PreviewBody},
};
use kernel::Viewer;
use serde_json::json;

use super::{called, find, known, make, viewer};
use crate::{
    args::NodeArgs,
    commands::{config, ground},
    output::{self, Failure},
};

/// Files are handed in in pieces of this size.
const PIECE_BYTES: usize = 4 << 20;
/// Refusals and losses that are printed; all are counted.
const TOLD_MAX: usize = 20;
/// How often it is looked how far an import has come.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// The exit code where something was refused or lost.
const IN_PART: u8 = 3;
/// The exit code for a file that cannot be read.
const UNREADABLE: u8 = 2;

/// Which collection, and how.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct TakeIn<'a> {
    pub(crate) collection: &'a str,
    pub(crate) files: &'a [OsString],
    pub(crate) create: bool,
    pub(crate) preview: bool,
    pub(crate) resume: bool,
    pub(crate) exercise: bool,
}

struct Work<'a> {
    ground: &'a Ground,
    viewer: &'a Viewer,
    collection: &'a Collection,
    json: bool,
}

impl TakeIn<'_> {
    pub(crate) async fn run(&self, args: &NodeArgs) -> Result<u8, Failure> {
        let config = config(args)?;
        let ground = ground(&config).await?;
        let viewer = viewer(&ground, "import", self.exercise).await?;
        let collection = match find(&ground, &viewer, self.collection).await? {
            Some(found) => found,
            None if self.create => make(&ground, &viewer, self.collection).await?,
            None => known(&ground, &viewer, self.collection).await?,
        };
        let work = Work {
            ground: &ground,
            viewer: &viewer,
            collection: &collection,
            json: args.json,
        };
        let code = if self.resume {
            work.resume().await?
        } else {
            self.files(&work).await?
        };
        ground.db.close().await;
        Ok(code)
    }

    async fn files(&self, work: &Work<'_>) -> Result<u8, Failure> {
        let mut code = 0;
        for input in logs::find(self.files) {
            let name = harmless(input.name());
            let one = match work.hand_in(&input).await {
                Ok(import) if self.preview => work.preview(&name, import).await?,
                Ok(import) => work.take(&name, import).await?,
                Err(failure) => {
                    // One bad file among many does not stop the others.
                    output::failure(&Failure {
                        error: failure.error.context(name),
                        hint: failure.hint,
                        exit: UNREADABLE,
                    });
                    UNREADABLE
                }
            };
            code = if code == UNREADABLE {
                code
            } else {
                one.max(code)
            };
            if one == UNREADABLE {
                code = UNREADABLE;
            }
        }
        Ok(code)
    }
}

impl Work<'_> {
    fn root(&self) -> &str {
        self.collection.root.as_str()
    }

    async fn hand_in(&self, input: &Input) -> Result<Import, Failure> {
        let mut source: Box<dyn Read> = match input.file() {
            Some(path) => Box::new(File::open(path)?),
            None if input.name() == "-" || input.name().is_empty() => Box::new(io::stdin()),
            None => return Err(anyhow::anyhow!("there is no such file").into()),
        };
        let public = self.collection.public.uuid().to_string();
        let name = input.file().and_then(|path| path.file_name());
        let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let place = (self.root(), public.as_str());
        let import = ops::open_upload(self.ground, self.viewer, place, &name).await?;
        let handed = self.pieces(&mut source, &import).await;
        if handed.is_err() {
            // Nobody comes back for it.
            let _forgotten = ops::discard(self.ground, self.viewer, self.root(), import.id).await;
        }
        handed?;
        let sealed = ops::seal(self.ground, self.viewer, self.root(), import.id).await;
        sealed.map_err(|error| {
            let hint = match error.code() {
                "intel.file_warninglist" => {
                    "a warninglist says what is mostly no threat: give it to comity match --indicators"
                }
                "intel.file_manifest" => "it names the events of a feed: give the files of these events",
                "intel.file_openioc" => "convert it to STIX or to a list",
                "intel.file_empty" => "there is nothing in it",
                _ => "STIX, MISP, CSV, JSON and plain lists are taken, unpacked",
            };
            let code = error.code();
            Failure {
                hint: Some(hint.to_owned()),
                ..anyhow::Error::new(error).context(code).into()
            }
        })
    }

    async fn pieces(&self, source: &mut dyn Read, import: &Import) -> Result<(), Failure> {
        for number in 0.. {
            let mut piece = Vec::new();
            let most = u64::try_from(PIECE_BYTES).unwrap_or(u64::MAX);
            source.take(most).read_to_end(&mut piece)?;
            if piece.is_empty() && number > 0 {
                break;
            }
            let kept = (number, piece.as_slice());
            ops::put_part(self.ground, self.viewer, self.root(), import.id, kept).await?;
        }
        Ok(())
    }

    async fn preview(&self, name: &str, import: Import) -> Result<u8, Failure> {
        let looked = ops::preview(self.ground, self.viewer, self.root(), import.id).await;
        ops::discard(self.ground, self.viewer, self.root(), import.id).await?;
        let preview = looked?;
        let in_part = preview.broken.is_some()
            || !preview.losses.is_empty()
            || preview.tally.of(Fate::Refused) + preview.tally.of(Fate::Conflict) > 0;
        if self.json {
            output::json(&PreviewBody::from(preview))?;
        } else {
            tell_preview(name, &called(self.collection), &preview);
        }
        Ok(if in_part { IN_PART } else { 0 })
    }

    async fn take(&self, name: &str, import: Import) -> Result<u8, Failure> {
        ops::begin(self.ground, self.viewer, self.root(), import.id).await?;
        self.finish(name, import).await
    }

    /// Works until the end, and shows how far it is.
    async fn finish(&self, name: &str, import: Import) -> Result<u8, Failure> {
        let bar = output::progress("objects", 0);
        let work = ops::finish(self.ground, self.viewer, self.root(), import.id);
        tokio::pin!(work);
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut done = loop {
            tokio::select! {
                done = &mut work => break done?,
                _ = look.tick() => {
                    let id = import.id;
                    let seen = ops::status(self.ground, self.viewer, self.root(), id).await?;
                    let one = &seen.import;
                    let read = one.added + one.known + one.refused;
                    bar.set_position(u64::try_from(read).unwrap_or_default());
                }
            }
        };
        // Where the node itself has taken the work, it is waited for.
        while done.import.ended_at.is_none() {
            look.tick().await;
            done = ops::status(self.ground, self.viewer, self.root(), import.id).await?;
        }
        bar.finish_and_clear();
        if self.json {
            output::json(&ImportBody::from(&done))?;
        } else {
            tell_done(name, &called(self.collection), &done);
        }
        let one = &done.import;
        let in_part = one.failure.is_some() || one.refused > 0 || !one.losses.is_empty();
        Ok(if in_part { IN_PART } else { 0 })
    }

    /// Goes on with what an earlier run left.
    async fn resume(&self) -> Result<u8, Failure> {
        let public = self.collection.public.uuid().to_string();
        let all = ops::imports(self.ground, self.viewer, self.root(), &public).await?;
        let open = all.into_iter().filter(|import| {
            import.ended_at.is_none() && import.stage == intel::model::Stage::Begun
        });
        let (mut code, mut count) = (0, 0);
        for import in open {
            count += 1;
            let name = import.source.clone();
            code = self.finish(&harmless(&name), import).await?.max(code);
        }
        if count == 0 && !self.json {
            output::line("nothing was left to do");
        }
        if count == 0 && self.json {
            output::json(&json!([]))?;
        }
        Ok(code)
    }
}

fn tell_preview(name: &str, collection: &str, preview: &Preview) {
    let import = &preview.import;
    output::line(format_args!(
        "{name}: {}, {} bytes",
        import.form, import.bytes
    ));
    for ((kind, fate), count) in &preview.tally.kinds {
        let kind = if kind.is_empty() { "(no object)" } else { kind };
        output::line(format_args!(
            "  {count} {} {}",
            harmless(kind),
            fate.as_str()
        ));
    }
    for ((tlp, is_marked), count) in &preview.tally.labels {
        let whose = if *is_marked {
            "their own"
        } else {
            "of the collection"
        };
        output::line(format_args!("  {count} would be TLP:{tlp}, {whose}"));
    }
    tell_refusals(&preview.refusals, preview.refusals.len());
    tell_losses(&preview.losses);
    if let Some(why) = &preview.broken {
        output::line(format_args!("  cut: {}", harmless(why)));
    }
    if !preview.is_whole {
        output::line("  more objects follow; these were the first");
    }
    output::line(format_args!("nothing was taken into {collection}"));
}

fn tell_done(name: &str, collection: &str, done: &Refusals) {
    let import = &done.import;
    let end = match &import.failure {
        Some(why) => format!("NOT COMPLETE: {}", harmless(why)),
        None => "complete".to_owned(),
    };
    output::line(format_args!(
        "{name}: {} added to {collection}, {} there already, {} refused; {end}",
        import.added, import.known, import.refused
    ));
    let refused = usize::try_from(import.refused).unwrap_or(usize::MAX);
    tell_refusals(&done.refusals, refused);
    tell_losses(&import.losses);
}

fn tell_refusals(refusals: &[Refusal], count: usize) {
    for refusal in refusals.iter().take(TOLD_MAX) {
        output::line(format_args!(
            "  refused: object {} {}: {} ({})",
            refusal.place,
            harmless(&refusal.stix_id),
            harmless(&refusal.detail),
            refusal.code
        ));
    }
    if count > TOLD_MAX {
        output::line(format_args!("  and {} more refused", count - TOLD_MAX));
    }
}

pub(super) fn tell_losses(losses: &[Loss]) {
    for loss in losses.iter().take(TOLD_MAX) {
        let (place, name) = (harmless(&loss.place), harmless(&loss.name));
        output::line(format_args!("  lost: {place} {name} ({})", loss.count));
    }
    if losses.len() > TOLD_MAX {
        output::line(format_args!("  and {} more kinds", losses.len() - TOLD_MAX));
    }
}
