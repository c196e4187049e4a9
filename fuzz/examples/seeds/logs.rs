//! Logs: packed texts, and records with a time.

use super::{Seeds, seeds};

const PACKED: [&[u8]; 8] = [
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/long.zst"),
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/plain.zip"),
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/sparse-gnu.tgz"),
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/sparse-posix.tgz"),
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/streamed.zip"),
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/two.bz2"),
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/two.xz"),
    include_bytes!("../../../crates/cli/src/logs/tests/fixtures/two.zst"),
];

const RECORDS: [&str; 8] = [
    r#"{"a":{"EventTime":"2023-11-14 18:13:20"},"@timestamp":"2023-11-14T22:13:20.000Z"}"#,
    r#"{"TimeCreated":"\/Date(1700000000000)\/","ts":1700000000.5}"#,
    "type=SYSCALL msg=audit(1700000000.000:24287): arch=c000003e",
    "<165>1 2023-11-14T17:13:20.000000-05:00 host app 1 - - text",
    "[Tue Nov 14 22:13:20.000000 2023] [core:error] [pid 1]",
    "192.0.2.1 - frank [14/Nov/2023:15:13:20 -0700] \"GET / HTTP/1.0\" 200 2",
    "11/14/2023 10:13:20 PM 0E4C PACKET",
    "Nov 14 22:13:20 host app: 20231114T221320Z",
];

pub(super) fn log_seeds() -> Vec<Seeds> {
    let mut packed = PACKED.map(<[u8]>::to_vec).to_vec();
    packed.push(b"\xff\xfea\0\n\0\x3d\xd8\x12\xdd".to_vec());
    vec![
        Seeds {
            target: "logs_unpack",
            documents: packed,
        },
        seeds(
            "logs_time",
            RECORDS.map(|record| record.as_bytes().to_vec()),
        ),
    ]
}
