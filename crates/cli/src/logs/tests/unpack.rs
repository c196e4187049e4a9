//! Compressed streams, whole and damaged.

use super::*;

const BZIP2: &[u8] = include_bytes!("fixtures/two.bz2");
const XZ: &[u8] = include_bytes!("fixtures/two.xz");
const ZSTD: &[u8] = include_bytes!("fixtures/two.zst");

fn two_gzip() -> Vec<u8> {
    let text = numbers();
    let (first, second) = text.split_at(text.len() / 2);
    [gzip(first), gzip(b""), gzip(second)].concat()
}

#[test]
fn all_members_of_all_formats_are_read() {
    for packed in [&two_gzip(), BZIP2, XZ, ZSTD] {
        assert!(read_bytes(packed).whole() == numbers());
    }
}

#[test]
fn zeros_behind_the_end_are_padding_and_other_bytes_are_not() {
    for packed in [&two_gzip(), BZIP2, ZSTD] {
        let padded = [packed, &[0; 700]].concat();
        assert!(read_bytes(&padded).whole() == numbers());
        let told = read_bytes(&[packed, b"garbage"].concat());
        assert!(told.sources[0].1 == numbers());
        let failure = told.failure();
        assert!(failure.contains("other bytes stand behind"), "{failure}");
    }
}

#[test]
fn what_stands_before_the_end_of_truncated_data_is_handed_on() {
    let text = numbers();
    for (packed, least) in [
        (&*two_gzip(), text.len() / 2),
        (BZIP2, text.len() / 2),
        (XZ, text.len() / 2),
        (ZSTD, text.len() / 2),
    ] {
        let told = read_bytes(&packed[..packed.len() - 20]);
        let got = &told.sources[0].1;
        assert!(text.starts_with(got));
        assert!(got.len() >= least, "{} of {}", got.len(), text.len());
        let failure = told.failure();
        assert!(failure.contains("is truncated or damaged"), "{failure}");
        assert!(failure.contains("unpacked bytes, near byte"), "{failure}");
    }
}

#[test]
fn every_truncation_is_an_error_and_never_more_than_the_text() {
    let text = numbers();
    for packed in [&two_gzip(), BZIP2, XZ, ZSTD] {
        let step = packed.len() / 40;
        for length in (12..packed.len()).step_by(step.max(1)) {
            let told = read_bytes(&packed[..length]);
            let got = told.sources.first().map_or(&[][..], |source| &source.1);
            assert!(text.starts_with(got), "{length}");
            // An end between two members is an end.
            assert!(told.failed.len() == 1 || got.len() == text.len() / 2);
        }
    }
}

#[test]
fn a_changed_byte_shows() {
    for packed in [&gzip(&numbers()), BZIP2, XZ, ZSTD] {
        let mut changed = packed.to_vec();
        let middle = changed.len() / 2;
        changed[middle] ^= 0x10;
        let told = read_bytes(&changed);
        assert!(told.failure().contains("is truncated or damaged"));
    }
}

#[test]
fn what_stands_before_damage_is_handed_on() {
    // Noise, so that little is lost with a byte.
    let text: Vec<u8> = (1..300_000_u64)
        .map(|n| {
            n.wrapping_mul(n)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .to_be_bytes()[0]
        })
        .collect();
    let mut packed = gzip(&text);
    let at = packed.len() / 2;
    packed[at..at + 50].fill(0xff);
    let told = read_bytes(&packed);
    let got = &told.sources[0].1;
    let same = got
        .iter()
        .zip(&text)
        .take_while(|(one, other)| one == other);
    assert!(same.count() > text.len() * 9 / 20, "{}", got.len());
    assert_eq!(told.failed.len(), 1);
}

#[test]
fn formats_within_formats_are_unpacked_four_deep() {
    let mut packed = b"deep\n".to_vec();
    for _ in 0..4 {
        packed = gzip(&packed);
    }
    assert_eq!(read_bytes(&packed).whole(), b"deep\n");
    let told = read_bytes(&gzip(&packed));
    assert_eq!(
        told.failure(),
        "is packed more than 4 times; unpack it first"
    );
    assert_eq!(told.sources, []);
}

#[test]
fn the_cause_is_that_of_the_innermost_layer_that_failed() {
    let inner = gzip(&gzip(&numbers()));
    let told = read_bytes(&inner[..inner.len() / 2]);
    let failure = told.failure();
    assert!(
        failure.starts_with("the gzip data is truncated"),
        "{failure}"
    );
}

#[test]
fn utf_16_becomes_utf_8() {
    let text = "zwölf\r\n\u{1f512} locked\nlast";
    for (mark, big) in [([0xff, 0xfe], false), ([0xfe, 0xff], true)] {
        let units = text.encode_utf16().flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        let mut bytes = mark.to_vec();
        bytes.extend(units);
        for step in [1, 2, 3, 1000] {
            let drops = Drops(Cursor::new(bytes.clone()), step);
            let told = read(vec![Input::reader("in", drops)], &Options::default());
            assert_eq!(told.texts(), [("in", text)]);
        }
        assert_eq!(read_bytes(&gzip(&bytes)).whole(), text.as_bytes());
    }
    // Without a mark, where most of the first line is ASCII.
    let text = "a line of ASCII\r\nzw\u{f6}lf \u{1f512}\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read_bytes(&little).whole(), text.as_bytes());
    assert_eq!(read_bytes(&big).whole(), text.as_bytes());
    // Half a pair, a character, and half a unit.
    let broken = [0xff, 0xfe, 0x00, 0xd8, b'a', 0, b'b'];
    assert_eq!(read_bytes(&broken).whole(), "\u{fffd}a\u{fffd}".as_bytes());
}

#[test]
fn what_only_looks_packed_at_first_is_text() {
    for text in [
        "BZh9\n", "PK\n", "Rar!\n", "\u{1f}\n", "7z\n", "a", "\n", "P*M\n",
    ] {
        assert_eq!(read_bytes(text.as_bytes()).whole(), text.as_bytes());
    }
    assert_eq!(read_bytes(b""), Told::default());
}

#[test]
fn formats_that_are_not_read_say_so() {
    for (bytes, what) in [
        (&b"7z\xbc\xaf\x27\x1c\0\x04"[..], "7-Zip"),
        (b"Rar!\x1a\x07\0", "RAR"),
        (b"ElfFile\0\0\0", "EVTX"),
        (&[0x1f, 0x9d, 0x90], "compress"),
        (&[0x04, 0x22, 0x4d, 0x18, 0x64], "lz4"),
    ] {
        let told = read_bytes(bytes);
        assert!(told.failure().contains(what), "{}", told.failure());
        assert_eq!(told.sources, []);
    }
}
