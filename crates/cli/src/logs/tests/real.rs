//! Real logs, from the data that tests share.

use std::path::PathBuf;

use super::*;

/// The data, beside the workspace unless the environment says otherwise.
fn data(name: &str) -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = given.map_or_else(|_| root.join("../shared/data"), PathBuf::from);
    data.join("logs").join(name)
}

/// Lines and bytes of each source.
fn sizes(name: &str) -> Vec<(String, usize, usize)> {
    let path = data(name);
    let told = read(find(&[path.clone().into()]), &Options::default());
    assert_eq!(told.failed, []);
    let sources = told.sources.iter().map(|(source, bytes)| {
        let source = source.strip_prefix(path.to_str().unwrap()).unwrap();
        let lines = memchr::memchr_iter(b'\n', bytes).count();
        (source.to_owned(), lines, bytes.len())
    });
    sources.collect()
}

/// The figures are those of `zcat FILE | wc -lc` and `unzip -p FILE | wc -lc`.
#[test]
fn packed_logs_have_the_lines_that_other_programs_find() {
    let expected = |rows: &[(&str, usize, usize)]| -> Vec<(String, usize, usize)> {
        let rows = rows.iter();
        let rows = rows.map(|&(name, lines, bytes)| (name.to_owned(), lines, bytes));
        rows.collect()
    };
    assert_eq!(sizes("wrccdc-zeek-json"), expected(GZIP));
    assert_eq!(sizes("otrf/empire_mimikatz_sam_access.zip"), expected(ZIP));
    let second = sizes("otrf/metasploit_logonpasswords_lsass_memory_dump.zip");
    assert_eq!(second, expected(ZIP_2));
}

const GZIP: &[(&str, usize, usize)] = &[
    ("/dns.json.gz", 53_615, 26_666_868),
    ("/notice.json.gz", 207, 117_384),
    ("/smtp.json.gz", 1_188, 441_063),
    ("/weird.json.gz", 24_202, 6_996_779),
];
const ZIP: &[(&str, usize, usize)] = &[(
    "!empire_mimikatz_sam_access_2020-09-22041117.json",
    12_349,
    43_751_654,
)];
const ZIP_2: &[(&str, usize, usize)] = &[(
    "!metasploit_logonpasswords_lsass_memory_dump.json",
    53_698,
    106_496_231,
)];

/// The first and last time that records of a source have, and how many have none.
fn times(name: &str) -> (String, String, usize) {
    let options = TimeOptions::utc("2026-11-20T00:00:00Z".parse().unwrap());
    let told = read(find(&[data(name).into()]), &Options::default());
    let (_, bytes) = &told.sources[0];
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| {
        !line.trim_ascii_start().is_empty() && !line.trim_ascii_start().starts_with(b"#")
    });
    let times: Vec<_> = lines.map(|line| record_time(line, &options)).collect();
    let missing = times.iter().filter(|time| time.is_none()).count();
    let (first, last) = (times.iter().flatten().min(), times.iter().flatten().max());
    (
        first.unwrap().to_string(),
        last.unwrap().to_string(),
        missing,
    )
}

/// The figures are those that an independent reading in Python gives over the fields that hold the time.
#[test]
fn records_of_real_logs_have_their_time() {
    let found = [
        "apt29-zeek/day1_combined_zeek.log",
        "slips/test10-mixed-zeek-dir/conn.log",
        "slips/test6-malicious.suricata.first1000.json",
        "otrf/empire_mimikatz_sam_access.zip",
    ]
    .map(times);
    let expected = REAL_TIMES.map(|(first, last)| (first.to_owned(), last.to_owned(), 0));
    assert_eq!(found, expected);
}

const REAL_TIMES: [(&str, &str); 4] = [
    ("2020-04-30T00:06:38.899710Z", "2020-04-30T00:45:00.760719Z"),
    ("2020-10-06T15:32:46.034324Z", "2020-10-06T15:33:40.887654Z"),
    ("2021-06-06T13:57:37.272281Z", "2021-06-07T05:38:48.254816Z"),
    ("2020-09-22T08:11:16.328Z", "2020-09-22T08:12:46.732Z"),
];
