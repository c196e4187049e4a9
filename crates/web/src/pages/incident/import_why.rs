//! What there is to say of a file that comes in, in the reader's words.

use crate::words::{Words, key};

/// Remarks that name a number or a version: what stands before it, what behind, and the key of the sentence.
const NAMING: [(&str, &str, &str); 3] = [
    (
        "no UTF-8 at byte ",
        ": save the file as UTF-8",
        "import-why-no-utf-8",
    ),
    ("a zero byte at ", ": this is no text", "import-why-zero"),
    ("", ": 1.2 to 1.4 are read", "import-why-version"),
];

/// A remark in the reader's words where it is of a common kind; else exactly, in English.
pub(super) fn why(w: Words, detail: &str) -> String {
    let mut families = ["import-why", "rule"].into_iter();
    let told = families.find_map(|family| w.find(&key(family, detail), &[]));
    let told = told.or_else(|| json(w, detail));
    let naming = || {
        NAMING.into_iter().find_map(|(before, behind, key)| {
            let named = detail.strip_prefix(before)?.strip_suffix(behind)?;
            Some(w.t1(key, "n", named.to_owned()))
        })
    };
    told.or_else(naming).unwrap_or_else(|| detail.to_owned())
}

/// Where a document of a file stands.
pub(super) fn place(w: Words, place: &str) -> String {
    let line = place.strip_prefix("line ");
    let line = line.filter(|line| line.bytes().all(|byte| byte.is_ascii_digit()));
    line.map_or_else(
        || place.to_owned(),
        |line| w.t1("import-place-line", "n", line.to_owned()),
    )
}

/// Where JSON breaks off.
fn json(w: Words, detail: &str) -> Option<String> {
    let (_, place) = detail.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    let is_number = |text: &str| text.parse::<u64>().is_ok();
    (is_number(line) && is_number(column)).then(|| {
        w.t2(
            "import-why-json",
            &("line", line.to_owned()),
            &("column", column.to_owned()),
        )
    })
}

#[cfg(test)]
mod tests {
    use kernel::{Language, Timestamp};

    use super::*;

    /// What files that cannot be read really come to.
    fn broken() -> Vec<String> {
        use incidents::formats::decode;
        let text = |bytes: &[u8]| decode::text(bytes).unwrap_err().detail;
        let json = serde_json::from_str::<serde_json::Value>("{\"action\": ");
        vec![
            text(b"abc\xff"),
            text(b"a\0b"),
            text(b"\xff\xfe\x00"),
            json.unwrap_err().to_string(),
        ]
    }

    #[test]
    fn common_kinds_are_told_in_the_language_of_the_reader() {
        let zh = Words::new(Language::Zh, Timestamp::from_micros(0));
        for detail in broken() {
            let said = why(zh, &detail);
            assert!(
                said.ends_with('。') && !said.contains("UTF-8 at"),
                "{detail}: {said}"
            );
        }
        assert_eq!(
            why(zh, "3.1: 1.2 to 1.4 are read"),
            "不能读取 VERIS 3.1 版；可读取 1.2 至 1.4 版。"
        );
        assert_eq!(place(zh, "line 12"), "第 12 行");
        assert_eq!(place(zh, "line of life"), "line of life");
        assert_eq!(why(zh, "something rare"), "something rare");
    }
}
