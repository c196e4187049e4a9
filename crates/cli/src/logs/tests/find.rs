//! Names on the command line.

use std::{ffi::OsString, fs, os::unix::fs::symlink, path::Path};

use super::*;

/// Reads what these names mean in a folder; names are shown without it.
fn read_in(folder: &Path, names: &[&str]) -> Told {
    let names: Vec<OsString> = names.iter().map(|name| folder.join(name).into()).collect();
    let mut told = read(find(&names), &Options::default());
    let prefix = format!("{}/", folder.display());
    let sources = told.sources.iter_mut().map(|source| &mut source.0);
    for name in sources.chain(told.failed.iter_mut().map(|failed| &mut failed.0)) {
        *name = name.replace(&prefix, "");
    }
    told
}

fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{file}\n")).unwrap();
    }
    folder
}

fn names(told: &Told) -> Vec<&str> {
    told.sources.iter().map(|(name, _)| &**name).collect()
}

#[test]
fn folders_are_walked_in_the_order_of_names() {
    let folder = folder(&["b/z.log", "b/a/x.log", "b/B.log", "a.log", "b/.hidden", "c"]);
    let told = read_in(folder.path(), &["c", "b", "a.log"]);
    assert_eq!(told.failed, []);
    assert_eq!(
        names(&told),
        ["c", "b/.hidden", "b/B.log", "b/a/x.log", "b/z.log", "a.log"]
    );
}

#[test]
fn a_broken_link_fails_alone() {
    let folder = folder(&["a.log", "c.log"]);
    symlink("nowhere", folder.path().join("b.log")).unwrap();
    let told = read_in(folder.path(), &["."]);
    assert_eq!(names(&told), ["./a.log", "./c.log"]);
    assert_eq!(told.failed[0].0, "./b.log");
    assert!(told.failure().starts_with("cannot be opened: "));
}

#[test]
fn links_are_followed_and_lead_in_no_circle() {
    let folder = folder(&["a/x.log", "b/y.log", "other/z.log"]);
    let link = |to: &str, from: &str| symlink(to, folder.path().join(from)).unwrap();
    link("..", "a/up");
    link("../b", "a/b");
    link("../a", "b/a");
    link("self", "b/self");
    link("../other/z.log", "b/z.log");
    let told = read_in(folder.path(), &["a"]);
    // `self` leads nowhere but to itself.
    assert_eq!(told.failed[0].0, "a/b/self");
    let mut files: Vec<_> = told.sources.iter().map(|source| &*source.1).collect();
    files.sort_unstable();
    assert_eq!(
        files,
        [
            &b"a/x.log\n"[..],
            b"b/y.log\n",
            b"other/z.log\n",
            b"other/z.log\n"
        ]
    );
}

#[test]
fn patterns_are_for_names_that_no_file_has() {
    let folder = folder(&["b.log", "a.log", "x/c.log", "x/d.txt", "[1].log", "1.log"]);
    let told = read_in(folder.path(), &["*.log", "x/[cd]*", "[1].log", "**/c.?og"]);
    assert_eq!(told.failed, []);
    assert_eq!(
        names(&told),
        [
            "1.log", "[1].log", "a.log", "b.log", "x/c.log", "x/d.txt", "[1].log", "x/c.log"
        ]
    );
    let told = read_in(folder.path(), &["*.gz", "missing", "[", "a.log"]);
    let failed: Vec<_> = told.failed.iter().map(|(_, error)| &**error).collect();
    assert_eq!(
        failed[0],
        "no file has this name, and none matches it as a pattern"
    );
    assert!(failed[1].starts_with("cannot be opened: No such file"));
    assert!(failed[2].starts_with("no file has this name, and it is no pattern of names: "));
    assert_eq!(names(&told), ["a.log"]);
}

#[test]
fn a_pipe_in_a_folder_is_left_out() {
    let folder = folder(&["a.log"]);
    let pipe = folder.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    assert_eq!(names(&read_in(folder.path(), &["."])), ["./a.log"]);
}

#[test]
fn the_size_of_what_is_read_is_known_before() {
    let folder = folder(&["a.log", "b.log"]);
    fs::write(folder.path().join("c.gz"), gzip(b"c\n")).unwrap();
    let inputs = find(&[folder.path().into()]);
    let progress = Arc::new(Progress::default());
    let options = Options::default();
    let outcome: Result<(), io::Error> = run(
        inputs,
        &options,
        &progress,
        || (),
        |(), _| (),
        |_| Ok(ControlFlow::Continue(())),
    );
    outcome.unwrap();
    let all = 12 + gzip(b"c\n").len() as u64;
    assert_eq!((progress.consumed(), progress.total()), (all, Some(all)));
    assert_eq!((progress.lines(), progress.bytes()), (3, 14));
    let last = progress.current().unwrap();
    assert!(last.name.ends_with("c.gz"));
}
