//! The files of the project, as git knows them, new ones included.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{shell, workspace::Member};

/// What the rules look at.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) members: Vec<Member>,
    /// Files that are text.
    pub(crate) sources: Vec<Source>,
    /// Every file, text or not; also such as git ignores where a rule asks for them.
    pub(crate) paths: Vec<String>,
}

/// A file of text.
#[derive(Debug)]
pub(crate) struct Source {
    /// Relative to the root, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Tree {
    pub(crate) fn read(members: Vec<Member>) -> Result<Self> {
        let root = shell::root();
        let listed = shell::output(std::process::Command::new("git").current_dir(&root).args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ]))?;
        let mut tree = Self {
            members,
            ..Self::default()
        };
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            let file = root.join(path);
            // Deleted, but not yet so in the index.
            if !file.is_file() {
                continue;
            }
            tree.paths.push(path.to_owned());
            let bytes = fs::read(&file).with_context(|| format!("cannot read {path}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                tree.sources.push(Source {
                    path: path.to_owned(),
                    text,
                });
            }
        }
        Ok(tree)
    }

    pub(crate) fn rust(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.is_rust())
    }

    pub(crate) fn find(&self, path: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.path == path)
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let sources: Vec<_> = files
            .iter()
            .map(|(path, text)| Source {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        Self {
            members: Vec::new(),
            paths: sources.iter().map(|source| source.path.clone()).collect(),
            sources,
        }
    }
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        self.ends_in("rs")
    }

    /// Whether the file's name ends with a dot and `extension`.
    pub(crate) fn ends_in(&self, extension: &str) -> bool {
        let found = Path::new(&self.path).extension();
        found.is_some_and(|found| found == extension)
    }

    /// The name of the folder under `crates/`, if it is there.
    pub(crate) fn house_crate(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether the whole file is test code.
    pub(crate) fn is_test_file(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.starts_with("e2e/")
    }

    /// Lines, counted from one.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }

    /// Lines that are neither comments nor tests. Tests stand at the end of a file.
    pub(crate) fn production(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = if self.is_test_file() {
            0
        } else {
            self.tests_begin()
        };
        self.numbered()
            .take_while(move |(line, _)| *line < end)
            .filter(not_a_comment)
    }

    /// Lines of tests that are not comments.
    pub(crate) fn tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let begin = if self.is_test_file() {
            0
        } else {
            self.tests_begin()
        };
        self.numbered()
            .filter(move |(line, _)| *line >= begin)
            .filter(not_a_comment)
    }

    /// The line of `#[cfg(test)]` before `mod tests`, or one past the end.
    fn tests_begin(&self) -> usize {
        let mut gate = None;
        for (line, text) in self.numbered() {
            match text.trim() {
                "#[cfg(test)]" => gate = Some(line),
                text if text.starts_with("mod tests") => {
                    if let Some(gate) = gate {
                        return gate;
                    }
                }
                text if text.starts_with("#[") || text.starts_with("#![") || text.is_empty() => {}
                _ => gate = None,
            }
        }
        usize::MAX
    }
}

fn not_a_comment((_, text): &(usize, &str)) -> bool {
    !text.trim_start().starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_told_from_production() {
        let text = "fn a() {}\n// b\n#[cfg(test)]\nfn c() {}\n#[cfg(test)]\n#[expect(x)]\nmod tests {\nd\n}\n";
        let source = Source {
            path: "crates/db/src/lib.rs".into(),
            text: text.into(),
        };
        let production: Vec<_> = source.production().map(|(line, _)| line).collect();
        assert_eq!(production, [1, 3, 4]);
        let tests: Vec<_> = source.tests().map(|(line, _)| line).collect();
        assert_eq!(tests, [5, 6, 7, 8, 9]);
        assert_eq!(source.house_crate(), Some("db"));
    }
}
