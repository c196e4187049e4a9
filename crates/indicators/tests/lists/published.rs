//! Lists as their makers published them. Figures were counted by other programs (`grep`, `sort`,
//! a script) where the comment says so.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use indicators::{Exclusions, Options, read};

use crate::gather::{Gathered, options};

/// The data that tests share, beside the workspace unless the environment says otherwise.
fn data() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    given.map_or_else(|_| root.join("../shared/data"), PathBuf::from)
}

fn gather(path: &Path, options: &Options<'_>) -> Gathered {
    let mut gathered = Gathered::default();
    let source = BufReader::new(File::open(path).unwrap());
    let report = read("list", source, options, &mut gathered).unwrap();
    assert_eq!(report.read, report.taken + report.left.total());
    gathered.report = Some(report);
    gathered
}

fn gather_file(name: &str) -> Gathered {
    gather(&data().join(name), &options())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
    found.sort();
}

fn kinds(gathered: &Gathered) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for item in &gathered.items {
        let kind = item.split(' ').next().unwrap();
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

#[test]
fn lists_of_addresses_and_urls_are_taken_whole() {
    // grep -vc '^#'
    let ipsum = gather_file("indicators/ipsum-2026-08-22.txt");
    assert_eq!(kinds(&ipsum), [("ipv4", 120_430)].into());
    assert_eq!(
        (ipsum.items[0].as_str(), ipsum.problems.len()),
        ("ipv4 77.90.185.20", 0)
    );
    // grep -c .
    let threatfox = gather_file("indicators/threatfox-ips-2026-08-22.txt");
    assert_eq!(threatfox.told().0, "plain");
    assert_eq!(kinds(&threatfox), [("ipv4", 19_863)].into());
    // grep -cE '^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.'
    assert_eq!(threatfox.warnings.len(), 7);
    let openphish = gather_file("indicators/openphish-feed-2026-08-22.txt");
    assert_eq!(kinds(&openphish), [("url", 300)].into());
}

#[test]
fn tables_are_taken_whole() {
    let blackbook = gather_file("indicators/blackbook.csv");
    // tail -n +2 | wc -l
    assert_eq!(
        (blackbook.told().0, blackbook.items.len()),
        ("table", 18_151)
    );
    assert_eq!(
        blackbook.items[0],
        "domain-tree statsrvv.com source=ViriBack"
    );
    let network = gather_file("indicators/cert-w-ukraine/IOC-Network.csv");
    assert_eq!((network.items.len(), network.problems.len()), (1_592, 0));
    let files = gather_file("indicators/cert-w-ukraine/IOC-Files.csv");
    assert_eq!((files.items.len(), files.problems.len()), (400, 0));
}

#[test]
fn trails_are_taken_but_for_paths_without_hosts() {
    let mut paths = Vec::new();
    files(&data().join("indicators/maltrail/trails"), &mut paths);
    let (mut read, mut taken) = (0, 0);
    let mut problems = BTreeMap::new();
    for path in &paths {
        let gathered = gather(path, &options());
        assert_eq!(gathered.told().0, "plain", "{path:?}");
        read += gathered.report().read;
        taken += gathered.report().taken;
        for problem in gathered.problems {
            let code = problem.rsplit_once(' ').unwrap().1.to_owned();
            *problems.entry(code).or_insert(0) += 1;
        }
    }
    assert_eq!(paths.len(), 359);
    // grep -hvE '^(#|$)' | wc -l
    assert_eq!(read, 100_000);
    // grep -hcE '^/[^/]'; the others are expressions
    let expected = [("list.no_kind", 6), ("list.path_alone", 2_947)];
    let expected = expected.map(|(code, count)| (code.to_owned(), count));
    assert_eq!(problems, expected.into());
    assert_eq!(read - taken, 2_953);
}

#[test]
fn published_events_bring_what_their_makers_want_looked_for() {
    let ebury = gather_file("misp-events/eset/windigo/ebury.misp.json");
    assert_eq!(ebury.told().0, "misp");
    // 198 are to be looked for, by a script; the type of 19 is text.
    let expected = [
        ("domain-tree", 5),
        ("md5", 58),
        ("sha1", 58),
        ("sha256", 58),
    ];
    assert_eq!(kinds(&ebury), expected.into());
    assert_eq!(ebury.report().left.not_for_matching, 420 - 179);
    let mut all = options();
    all.include_context = true;
    let xdspy = data().join("misp-events/eset/xdspy/misp-xdspy-event.json");
    assert_eq!(gather(&xdspy, &options()).items.len(), 0);
    assert_eq!(gather(&xdspy, &all).items.len(), 59);
}

#[test]
fn published_bundles_bring_values_and_patterns() {
    let folder = "stix/cti-documentation-examples/example_json";
    let poison = gather_file(&format!("{folder}/poisonivy.json"));
    let report = poison.report();
    assert_eq!(
        (report.read, report.indicators, report.patterns),
        (66, 65, 1)
    );
    let apt1 = gather_file(&format!("{folder}/apt1.json"));
    let report = apt1.report();
    assert_eq!(
        (report.read, report.indicators, report.patterns),
        (12, 10, 2)
    );
}

#[test]
fn published_warninglists_exclude_what_is_mostly_no_threat() {
    let mut paths = Vec::new();
    files(&data().join("misp-warninglists"), &mut paths);
    let mut exclusions = Exclusions::default();
    let mut problems = Vec::new();
    for path in &paths {
        for list in gather(path, &options()).lists {
            problems.extend(exclusions.add(&list));
        }
    }
    // Two names that are none: one with a space, one whose last label is one letter.
    let places: Vec<_> = problems
        .iter()
        .map(|problem| problem.place.to_string())
        .collect();
    assert_eq!(places, ["/list/37", "/list/228"]);
    let mut with = options();
    with.exclusions = Some(&exclusions);
    // An address of a search engine that is listed as an indicator now and then.
    let mut gathered = Gathered::default();
    let text = "204.79.197.200\nhttps://www.google.com/x\nevil.example\n185.220.101.1\n";
    let report = read("list", text.as_bytes(), &with, &mut gathered).unwrap();
    assert_eq!(report.left.listed, 2, "{:?}", gathered.items);
    let threatfox = gather(
        &data().join("indicators/threatfox-ips-2026-08-22.txt"),
        &with,
    );
    assert!(threatfox.report().left.listed > 1_000);
}
