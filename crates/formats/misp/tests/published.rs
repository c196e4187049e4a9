//! Events and warninglists as their makers published them.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    fs::{self, File},
    io::BufReader,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use formats_misp::{Limits, ListKind, Part, Seen, read_events, read_warninglist};

/// The data that tests share, beside the workspace unless the environment says otherwise.
fn data() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    given.map_or_else(|_| root.join("../shared/data"), PathBuf::from)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
}

/// What was read, and how many attributes are to be looked for.
fn event(path: &Path) -> (Seen, u64) {
    let mut wanted = 0;
    let source = BufReader::new(File::open(path).unwrap());
    let seen = read_events(source, &Limits::default(), |part, _| {
        if let Part::Attribute(attribute) = part {
            assert!(!attribute.kind.is_empty());
            wanted += u64::from(attribute.to_ids);
        }
        ControlFlow::Continue(())
    });
    (seen.unwrap(), wanted)
}

#[test]
fn published_events_are_read_whole() {
    let mut paths = Vec::new();
    files(&data().join("misp-events"), &mut paths);
    let (mut attributes, mut events) = (0, 0);
    for path in &paths {
        // One file beside the events is another thing.
        if path.ends_with("rqz-dnsduvel_blocklist.json") {
            continue;
        }
        let (seen, _) = event(path);
        attributes += seen.attributes;
        events += seen.events;
    }
    // Counted by another program.
    assert_eq!((events, attributes), (27, 2_088));
    let (seen, wanted) = event(&data().join("misp-events/eset/windigo/ebury.misp.json"));
    assert_eq!((seen.attributes, wanted), (420, 198));
}

#[test]
fn published_warninglists_are_read_whole() {
    let mut paths = Vec::new();
    files(&data().join("misp-warninglists"), &mut paths);
    let mut kinds = [0; 5];
    for path in &paths {
        let source = BufReader::new(File::open(path).unwrap());
        let list = read_warninglist(source, &Limits::default()).unwrap();
        assert!(!list.name.is_empty() && !list.list.is_empty(), "{path:?}");
        assert!(list.version.is_some());
        let kind = match list.kind {
            ListKind::String => 0,
            ListKind::Substring => 1,
            ListKind::Hostname => 2,
            ListKind::Cidr => 3,
            ListKind::Regex => 4,
        };
        kinds[kind] += 1;
    }
    assert_eq!(kinds, [25, 3, 17, 77, 2]);
}
