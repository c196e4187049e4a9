//! Patterns and observations as feeds and sensors have them, the same in every run.
//!
//! Of the patterns 90 % compare with one constant, 4 % look for a text with LIKE or MATCHES, 3 % for
//! a network or a range, 3 % combine, and 1 in 1,000 has no constant to be found by. Constants are
//! drawn from so many that an observation meets one only when it is told to.

use std::fmt::Write as _;

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b"abcdefghijklmnopqrstuvwxyz"[self.below(26) as usize]))
            .collect()
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits)
            .map(|_| char::from(b"0123456789abcdef"[self.below(16) as usize]))
            .collect()
    }

    fn address(&mut self) -> String {
        let [_, a, b, c, ..] = self.next().to_be_bytes();
        format!("{}.{a}.{b}.{c}", 1 + self.below(223))
    }

    fn domain(&mut self) -> String {
        let end = ["com", "net", "org", "info", "example"][self.below(5) as usize];
        let (host, name) = (self.letters(3), self.letters(9));
        format!("{host}.{name}.{end}")
    }

    fn url(&mut self) -> String {
        let (domain, folder, number) = (self.domain(), self.letters(6), self.below(100_000));
        format!("https://{domain}/{folder}/index.php?id={number}")
    }

    fn file(&mut self) -> String {
        let end = ["exe", "dll", "docx", "pdf", "js"][self.below(5) as usize];
        format!("{}_{}.{end}", self.letters(7), self.below(10_000))
    }
}

/// So many seconds after the first of the year 2024, within its January.
pub(crate) fn moment(second: u64) -> String {
    let (day, hour, minute) = (
        second / 86_400 % 31 + 1,
        second / 3600 % 24,
        second / 60 % 60,
    );
    format!("2024-01-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

/// A property, with a constant that is seldom met.
fn equality(dice: &mut Dice) -> (&'static str, String) {
    match dice.below(100) {
        0..28 => ("ipv4-addr:value", dice.address()),
        28..50 => ("domain-name:value", dice.domain()),
        50..68 => ("url:value", dice.url()),
        68..84 => ("file:hashes.'SHA-256'", dice.hex(64)),
        84..90 => ("file:hashes.MD5", dice.hex(32)),
        90..93 => ("file:name", dice.file()),
        93..96 => (
            "email-addr:value",
            format!("{}@{}", dice.letters(6), dice.domain()),
        ),
        96..98 => ("mutex:name", dice.letters(12)),
        _ => (
            "windows-registry-key:key",
            format!("HKLM/Software/{}", dice.letters(10)),
        ),
    }
}

/// One pattern of the mix.
pub(crate) fn pattern(dice: &mut Dice) -> String {
    match dice.below(1000) {
        0..899 => {
            let (path, constant) = equality(dice);
            format!("[{path} = '{constant}']")
        }
        899 => unindexable(dice),
        900..940 => text(dice),
        940..970 => range(dice),
        _ => combination(dice),
    }
}

fn unindexable(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!(
            "[domain-name:value MATCHES '^[a-z]{{{}}}$']",
            1 + dice.below(9)
        ),
        1 => format!("[email-message:subject != '{}']", dice.letters(8)),
        2 => format!("[process:command_line NOT LIKE '{}%']", dice.letters(5)),
        _ => format!("[file:name MATCHES '^[0-9]{{{}}}$']", 1 + dice.below(9)),
    }
}

fn text(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("[url:value LIKE '%/{}/gate.php%']", dice.letters(8)),
        1 => format!("[file:name LIKE '{}%.exe']", dice.letters(6)),
        2 => format!(
            "[domain-name:value MATCHES '^[a-z]+\\\\.{}\\\\.(com|net)$']",
            dice.letters(9)
        ),
        _ => format!(
            "[file:name MATCHES '{}_[0-9]{{3,5}}\\\\.(exe|dll)$']",
            dice.letters(7)
        ),
    }
}

fn range(dice: &mut Dice) -> String {
    let from = dice.below(1 << 40);
    match dice.below(4) {
        0 | 1 => format!(
            "[ipv4-addr:value ISSUBSET '{}/{}']",
            dice.address(),
            22 + dice.below(8)
        ),
        2 => format!("[file:size >= {from} AND file:size < {}]", from + 1000),
        _ => format!(
            "[network-traffic:src_byte_count > {}]",
            (1_u64 << 50) + from
        ),
    }
}

fn combination(dice: &mut Dice) -> String {
    let mut leaf = || {
        let (path, constant) = equality(dice);
        format!("{path} = '{constant}'")
    };
    let (a, b, c) = (leaf(), leaf(), leaf());
    match dice.below(5) {
        0 => format!(
            "[file:name = '{}' AND file:size = {}]",
            dice.file(),
            dice.below(1 << 40)
        ),
        1 => format!("[{a} OR {b} OR {c}]"),
        2 => format!("[{a}] FOLLOWEDBY [{b}] WITHIN 300 SECONDS"),
        3 => format!("[{a}] REPEATS 3 TIMES WITHIN 600 SECONDS"),
        _ => format!("([{a}] OR [{b}]) AND [{c}] WITHIN 60 SECONDS"),
    }
}

/// One observed-data object with two SCOs, about 600 bytes. Told to `meet` a pattern of one equality,
/// its first SCO has that property.
pub(crate) fn observation(dice: &mut Dice, number: u64, meet: Option<&str>) -> String {
    let first = meet.and_then(met).unwrap_or_else(|| sco(dice));
    let second = sco(dice);
    let (first, second) = (object(dice, &first), object(dice, &second));
    let (when, id) = (moment(number / 100), uuid(dice));
    format!(
        "{{\"type\":\"observed-data\",\"spec_version\":\"2.1\",\"id\":\"observed-data--{id}\",\
         \"created\":\"{when}\",\"modified\":\"{when}\",\"first_observed\":\"{when}\",\
         \"last_observed\":\"{when}\",\"number_observed\":1,\
         \"objects\":{{\"0\":{first},\"1\":{second}}}}}"
    )
}

/// The SCO that fulfils a pattern of one equality.
fn met(pattern: &str) -> Option<(&'static str, String)> {
    let (path, constant) = pattern
        .strip_prefix('[')?
        .strip_suffix("']")?
        .split_once(" = '")?;
    if constant.contains('\'') {
        return None;
    }
    let path = PATHS.iter().find(|known| **known == path)?;
    Some((path, constant.into()))
}

const PATHS: [&str; 9] = [
    "ipv4-addr:value",
    "domain-name:value",
    "url:value",
    "file:hashes.'SHA-256'",
    "file:hashes.MD5",
    "file:name",
    "email-addr:value",
    "mutex:name",
    "windows-registry-key:key",
];

fn sco(dice: &mut Dice) -> (&'static str, String) {
    equality(dice)
}

fn object(dice: &mut Dice, (path, value): &(&'static str, String)) -> String {
    let (name, property) = path.split_once(':').unwrap();
    let mut json = format!("{{\"type\":\"{name}\",\"id\":\"{name}--{}\"", uuid(dice));
    if name == "file" {
        let hash = |kind: &str, dice: &mut Dice, digits| {
            if path.ends_with(kind) {
                value.clone()
            } else {
                dice.hex(digits)
            }
        };
        let (md5, sha) = (hash("MD5", dice, 32), hash("'SHA-256'", dice, 64));
        let file = if property == "name" {
            value.clone()
        } else {
            dice.file()
        };
        let size = dice.below(1 << 30);
        write!(json, ",\"hashes\":{{\"MD5\":\"{md5}\",\"SHA-256\":\"{sha}\"}},\"name\":\"{file}\",\"size\":{size}").unwrap();
    } else {
        write!(json, ",\"{property}\":\"{value}\"").unwrap();
    }
    json.push('}');
    json
}

fn uuid(dice: &mut Dice) -> String {
    let parts = [8, 4, 3, 3, 12].map(|digits| dice.hex(digits));
    let [first, second, third, fourth, fifth] = parts;
    format!("{first}-{second}-4{third}-8{fourth}-{fifth}")
}
