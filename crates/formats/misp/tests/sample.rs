//! Malware samples: zips under the password that everybody knows.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use base64::{Engine, prelude::BASE64_STANDARD};
use formats_misp::{
    SampleError, SampleLimits, full::Attribute, list_sample, read_sample, write_sample,
};
use proptest::prelude::*;

const FILE: &[u8] = b"MZ this is a test sample of no harm, repeated repeated repeated repeated\n";
const MD5: &str = "56e971aee0184df7c6d1df28921f56e6";

/// What Info-ZIP 3.0 makes of that file and its name, as MISP calls it: `zip -j -P infected`.
const ZIP: &str = "\
    UEsDBBQACQAIAOAwdl252e2OPAAAAEkAAAAgABwANTZlOTcxYWVlMDE4NGRmN2M2ZDFkZjI4OTIxZjU2ZTZVVAkAA4OGAmuD\
    hgJrdXgLAAEEAAAAAAQAAAAAPskOF2ZQEoBDSSgclzTHeC2j7IjXDjVW8WWbm71VQrCdRN81GBa6oCM5SAZpxKXFMj6po7o7\
    p8cftNO2UEsHCLnZ7Y48AAAASQAAAFBLAwQKAAkAAADgMHZdludn1RQAAAAIAAAALQAcADU2ZTk3MWFlZTAxODRkZjdjNmQx\
    ZGYyODkyMWY1NmU2LmZpbGVuYW1lLnR4dFVUCQADg4YCa4OGAmt1eAsAAQQAAAAABAAAAAAkhVd0xq22/cjNpo2rBxeq89HL\
    S1BLBwiW52fVFAAAAAgAAABQSwECHgMUAAkACADgMHZdudntjjwAAABJAAAAIAAYAAAAAAABAAAApIEAAAAANTZlOTcxYWVl\
    MDE4NGRmN2M2ZDFkZjI4OTIxZjU2ZTZVVAUAA4OGAmt1eAsAAQQAAAAABAAAAABQSwECHgMKAAkAAADgMHZdludn1RQAAAAI\
    AAAALQAYAAAAAAABAAAApIGmAAAANTZlOTcxYWVlMDE4NGRmN2M2ZDFkZjI4OTIxZjU2ZTYuZmlsZW5hbWUudHh0VVQFAAOD\
    hgJrdXgLAAEEAAAAAAQAAAAAUEsFBgAAAAACAAIA2QAAADEBAAAAAA==";

fn zip() -> Vec<u8> {
    BASE64_STANDARD.decode(ZIP).unwrap()
}

fn code(zip: &[u8], limits: &SampleLimits) -> &'static str {
    read_sample(zip, limits).unwrap_err().code()
}

#[test]
fn a_zip_of_another_maker_is_read() {
    let sample = read_sample(&zip(), &SampleLimits::default()).unwrap();
    assert_eq!((&*sample.name, &*sample.md5), ("evil.exe", MD5));
    assert_eq!(sample.file, FILE);
    let listed = list_sample(&zip(), &SampleLimits::default()).unwrap();
    let names: Vec<_> = listed.iter().map(|entry| &*entry.name).collect();
    assert_eq!(names, [MD5, &format!("{MD5}.filename.txt")]);
    assert!(listed.iter().all(|entry| entry.encrypted));
}

#[test]
fn what_is_packed_is_unpacked_and_packed_the_same() {
    let large: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    for file in [FILE, b"", b"\0", &large] {
        let zip = write_sample("a name é.exe", file).unwrap();
        assert_eq!(write_sample("a name é.exe", file).unwrap(), zip);
        let sample = read_sample(&zip, &SampleLimits::default()).unwrap();
        assert_eq!(sample.name, "a name é.exe");
        assert_eq!(sample.file, file);
    }
}

#[test]
fn an_attribute_has_its_sample() {
    let mut attribute = Attribute::default();
    assert!(attribute.sample(&SampleLimits::default()).is_none());
    attribute.attach_sample("evil.exe", FILE).unwrap();
    assert_eq!(
        attribute.value.as_deref(),
        Some(&*format!("evil.exe|{MD5}"))
    );
    let read = |attribute: &Attribute| attribute.sample(&SampleLimits::default()).unwrap();
    assert_eq!(read(&attribute).unwrap().file, FILE);
    attribute.value = Some(format!("evil.exe|{}", "0".repeat(32)));
    assert!(matches!(read(&attribute), Err(SampleError::Digest)));
    attribute.data = Some("no base64".into());
    assert_eq!(read(&attribute).unwrap_err().code(), "misp.data");
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let bomb = write_sample("a", &vec![0; 8 << 20]).unwrap();
    let limits = SampleLimits::default();
    assert_eq!(code(&bomb, &limits), "misp.sample_ratio");
    let loose = SampleLimits {
        ratio_max: 2_000,
        ..limits
    };
    assert!(read_sample(&bomb, &loose).is_ok());
    let small = SampleLimits {
        unpacked_bytes_max: 1 << 20,
        ..loose
    };
    assert_eq!(code(&bomb, &small), "misp.sample_too_large");
    let few = SampleLimits {
        entries_max: 1,
        ..limits
    };
    assert_eq!(code(&zip(), &few), "misp.sample_entries");
}

#[test]
fn a_bomb_that_lies_about_its_size_is_refused() {
    let mut bomb = write_sample("a", &vec![0; 8 << 20]).unwrap();
    // The directory says 1,000 bytes of the first entry.
    let at = bomb.windows(4).position(|mark| mark == b"PK\x01\x02");
    bomb[at.unwrap() + 24..][..4].copy_from_slice(&1_000_u32.to_le_bytes());
    assert_eq!(code(&bomb, &SampleLimits::default()), "misp.sample_damaged");
}

#[test]
fn entries_that_share_their_bytes_are_refused() {
    let mut zip = zip();
    let mark = |zip: &[u8]| zip.windows(4).rposition(|mark| mark == b"PK\x01\x02");
    let second = mark(&zip).unwrap();
    zip[second + 42..][..4].copy_from_slice(&0_u32.to_le_bytes());
    assert_eq!(code(&zip, &SampleLimits::default()), "misp.sample_damaged");
}

#[test]
fn what_is_no_such_zip_is_refused() {
    let limits = SampleLimits::default();
    assert_eq!(code(b"MZ", &limits), "misp.sample_damaged");
    assert_eq!(code(&[0; 1_000], &limits), "misp.sample_damaged");
    let whole = zip();
    for cut in 0..whole.len() {
        assert!(read_sample(&whole[..cut], &limits).is_err(), "{cut}");
    }
    // The byte that shows the password.
    let mut other = zip();
    let data = 30 + 32 + 28;
    other[data + 11] ^= 1;
    assert_eq!(code(&other, &limits), "misp.sample_password");
    let mut wrong = zip();
    wrong[data + 20] ^= 1;
    assert_eq!(code(&wrong, &limits), "misp.sample_damaged");
}

#[test]
fn a_file_under_the_md5_of_another_is_refused() {
    let mut zip = zip();
    for at in 0..zip.len() - MD5.len() {
        if zip[at..].starts_with(MD5.as_bytes()) {
            zip[at] = b'0';
        }
    }
    assert_eq!(code(&zip, &SampleLimits::default()), "misp.sample_digest");
}

proptest! {
    #[test]
    fn whatever_is_changed_it_is_refused_or_within_the_limits(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let limits = SampleLimits {
            unpacked_bytes_max: 10_000,
            ..SampleLimits::default()
        };
        let mut zip = zip();
        for (at, byte) in changes {
            let at = at.index(zip.len());
            zip[at] = byte;
        }
        if let Ok(sample) = read_sample(&zip, &limits) {
            prop_assert!(sample.file.len() <= 10_000);
        }
    }
}

#[test]
fn a_file_that_came_as_it_is_is_packed() {
    let attribute = |value: &str, encrypt: &str, data: &str| -> Attribute {
        let json = format!(
            "{{\"type\":\"malware-sample\",\"value\":{value:?},\"encrypt\":{encrypt},\"data\":{data:?}}}"
        );
        serde_json::from_str(&json).unwrap()
    };
    let data = BASE64_STANDARD.encode(FILE);
    for (value, name) in [
        ("evil.exe", "evil.exe"),
        (&*format!("evil.exe|{MD5}"), "evil.exe"),
        ("a|b.exe", "a|b.exe"),
    ] {
        for encrypt in ["true", "1", "\"1\""] {
            let mut sample = attribute(value, encrypt, &data);
            assert!(sample.is_to_be_packed());
            sample.pack().unwrap();
            assert_eq!(sample.value.as_deref(), Some(&*format!("{name}|{MD5}")));
            assert!(!sample.is_to_be_packed());
            let read = sample.sample(&SampleLimits::default()).unwrap().unwrap();
            assert_eq!((&*read.name, &*read.file), (name, FILE));
            let packed = sample.clone();
            sample.pack().unwrap();
            assert_eq!(sample, packed);
        }
    }
    let mut plain = attribute("evil.exe", "false", &data);
    plain.pack().unwrap();
    assert_eq!(plain.data.as_deref(), Some(&*data));
    let wrong = attribute("evil.exe", "true", "no base64!").pack();
    assert_eq!(wrong.unwrap_err().code(), "misp.data");
}
