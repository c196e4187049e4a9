//! Which runs of the program on a data folder are alive.
//!
//! Each run that takes jobs has a file by the name under which it holds them, locked for as long as
//! its process lives, whatever way it ends. So the next run knows which of its forerunners are dead,
//! and goes on at once with what they were at, while a run beside it keeps what it is at.

use std::{
    fs::{self, DirEntry, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use audit::Ground;
use db::DbError;
use queue::Holder;
use tracing::{info, warn};

use crate::{
    folder::{Folder, FolderError, make_private},
    node::NodeError,
};

const OWNER_FILE: u32 = 0o600;
/// So many files of runs are looked at.
const RUNS_MAX: usize = 4_096;

/// A run that lives for as long as this does.
#[derive(Debug)]
pub(crate) struct Run {
    path: PathBuf,
    /// Locked.
    _file: File,
}

/// Begins a run, and makes the jobs due that runs of this folder were at which have died.
pub(crate) async fn begin(
    folder: &Folder,
    ground: &Ground,
    holder: Holder,
) -> Result<Run, NodeError> {
    let run = Run::begin(folder, holder)?;
    go_on(folder, ground).await?;
    Ok(run)
}

impl Run {
    /// From now on others see that it lives.
    fn begin(folder: &Folder, holder: Holder) -> Result<Self, FolderError> {
        let runs = folder.runs();
        make_private(&runs)?;
        let path = runs.join(holder.to_string());
        // Locked before it has its name, so that nobody takes it for dead.
        let beside = path.with_extension("new");
        let failed = |what: &'static str| {
            let path = path.clone();
            move |source| FolderError::Io { path, what, source }
        };
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(OWNER_FILE)
            .open(&beside)
            .map_err(failed("written"))?;
        file.lock().map_err(failed("locked"))?;
        fs::rename(&beside, &path).map_err(failed("written"))?;
        Ok(Self { path, _file: file })
    }

    /// Ends in order: nothing is held any more.
    pub(crate) fn end(self) {
        forget(&self.path);
    }
}

async fn go_on(folder: &Folder, ground: &Ground) -> Result<(), DbError> {
    let dead = match dead(folder) {
        Ok(dead) => dead,
        Err(error) => {
            warn!(error = %error, "earlier runs cannot be looked for; what they were at waits for its lease");
            return Ok(());
        }
    };
    if dead.is_empty() {
        return Ok(());
    }
    let mut released = 0;
    let mut tx = ground.db.begin().await?;
    for one in &dead {
        released += queue::release(&mut tx, one.holder, ground.now()).await?;
    }
    tx.commit().await?;
    for one in dead {
        forget(&one.path);
    }
    if released > 0 {
        info!(
            jobs = released,
            "an earlier run did not end in order; its jobs go on"
        );
    }
    Ok(())
}

/// A run that died.
struct Dead {
    holder: Holder,
    path: PathBuf,
    /// Locked, so that one at a time goes on for it.
    _file: File,
}

fn dead(folder: &Folder) -> io::Result<Vec<Dead>> {
    let mut dead = Vec::new();
    for entry in fs::read_dir(folder.runs())?.take(RUNS_MAX) {
        dead.extend(died(&entry?));
    }
    Ok(dead)
}

fn died(entry: &DirEntry) -> Option<Dead> {
    let holder = Holder::from_text(entry.file_name().to_str()?)?;
    let path = entry.path();
    // One that is gone by now has been seen to.
    let file = File::open(&path).ok()?;
    file.try_lock().ok()?;
    Some(Dead {
        holder,
        path,
        _file: file,
    })
}

fn forget(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        warn!(error = %error, "{} cannot be removed", path.display());
    }
}

#[cfg(test)]
mod tests {
    use kernel::OsRng;

    use super::*;

    #[test]
    fn only_those_that_did_not_end_in_order_and_live_no_more_are_dead() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = Folder::at(scratch.path().join("node"));
        folder.make().unwrap();
        let [alive, ended, killed] = [0; 3].map(|_| Holder::random(&OsRng));
        let begin = |holder| Run::begin(&folder, holder).unwrap();
        let _living = begin(alive);
        begin(ended).end();
        drop(begin(killed));
        let found = || dead(&folder).unwrap();
        let names: Vec<_> = found().iter().map(|one| one.holder).collect();
        assert_eq!(names, [killed]);
        // Whoever looks meanwhile does not find it too.
        let seen_to = found();
        assert!(found().is_empty());
        drop(seen_to);
        assert_eq!(found().len(), 1);
    }
}
