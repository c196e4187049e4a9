//! Finds the inputs that names on the command line mean.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use super::{error::LogError, input::Input};

/// Files that one run keeps in mind.
pub const FILES_MAX: usize = 1_000_000;

/// The inputs that names mean, in the order of the names.
///
/// `-` is standard input. A folder is all files in it and below, hidden ones too, by the order of
/// the bytes of their names; pipes, sockets and devices in a folder are left out. Symbolic links are
/// followed, and each folder is entered once a name, so that links cannot lead in a circle. A name
/// that no file has is a pattern (`*`, `?`, `[…]`, `**`), for shells that hand them on. What cannot
/// be found is an input that fails in its turn.
pub fn find(names: &[OsString]) -> Vec<Input> {
    let mut found = Found { inputs: Vec::new() };
    for name in names {
        if name == "-" {
            found.add(Input::stdin);
            continue;
        }
        let path = Path::new(name);
        match path.symlink_metadata() {
            Ok(_) => found.enter(path),
            Err(error) => found.expand(path, error),
        }
    }
    found.inputs
}

struct Found {
    inputs: Vec<Input>,
}

impl Found {
    fn add(&mut self, input: impl FnOnce() -> Input) {
        if self.inputs.len() < FILES_MAX {
            self.inputs.push(input());
        } else if self.inputs.len() == FILES_MAX {
            let mut input = input();
            let max = FILES_MAX;
            input = Input::failed(&input.name, LogError::TooManyFiles { max });
            self.inputs.push(input);
        }
    }

    fn fail(&mut self, path: &Path, error: LogError) {
        self.add(|| Input::failed(&path.to_string_lossy(), error));
    }

    /// Adds what matches a pattern.
    fn expand(&mut self, path: &Path, error: io::Error) {
        let pattern = path.to_str();
        let Some(pattern) = pattern.filter(|name| name.contains(['*', '?', '['])) else {
            return self.fail(path, LogError::Open(error));
        };
        let paths = match glob::glob(pattern) {
            Ok(paths) => paths,
            Err(error) => return self.fail(path, LogError::Pattern(error)),
        };
        let before = self.inputs.len();
        let mut is_matched = false;
        for entry in paths {
            is_matched = true;
            match entry {
                Ok(path) => self.enter(&path),
                Err(error) => {
                    let path = error.path().to_owned();
                    self.fail(&path, LogError::Folder(error.into()));
                }
            }
        }
        if !is_matched && self.inputs.len() == before {
            self.fail(path, LogError::NoMatch);
        }
    }

    /// Adds a file that was named, or all files of a folder.
    fn enter(&mut self, path: &Path) {
        if !path.is_dir() {
            return self.add(|| Input::path(path));
        }
        let mut entered = HashSet::new();
        // The next one is the last.
        let mut waiting = vec![path.to_owned()];
        while let Some(path) = waiting.pop() {
            match path.metadata() {
                Ok(metadata) if metadata.is_dir() => match list(&path, &mut entered) {
                    Ok(names) => waiting.extend(names.into_iter().rev()),
                    Err(error) => self.fail(&path, LogError::Folder(error)),
                },
                Ok(metadata) if metadata.is_file() => self.add(|| Input::path(&path)),
                Ok(_) => {}
                Err(error) => self.fail(&path, LogError::Open(error)),
            }
            if self.inputs.len() > FILES_MAX {
                return;
            }
        }
    }
}

/// What a folder has, in order; nothing if it was entered before.
fn list(folder: &Path, entered: &mut HashSet<PathBuf>) -> io::Result<Vec<PathBuf>> {
    if !entered.insert(folder.canonicalize()?) {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}
