//! The published test vectors of the hybrid recipient: what must open, opens; what must be refused,
//! is refused in the way that the vector says.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use std::{fs, io::Read, path::Path};

use age::{DecryptError, Decryptor, armor::ArmoredReader};
use seal::{Digest, HybridIdentity};

/// One vector: its fields, and the age file.
struct Vector {
    fields: Vec<(String, String)>,
    file: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap();
        let fields: Vec<(String, String)> = std::str::from_utf8(&bytes[..end])
            .unwrap()
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut file = bytes[end + 2..].to_vec();
        if fields
            .iter()
            .any(|(name, value)| name == "compressed" && value == "zlib")
        {
            file = miniz_oxide::inflate::decompress_to_vec_zlib(&file).unwrap();
        }
        Self { fields, file }
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.fields.iter().filter(move |(found, _)| found == name);
        named.map(|(_, value)| value.as_str())
    }

    fn one<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap()
    }

    fn identities(&self) -> Vec<Box<dyn age::Identity>> {
        let parse = |text: &str| -> Box<dyn age::Identity> {
            if text.starts_with("AGE-SECRET-KEY-PQ-") {
                Box::new(text.parse::<HybridIdentity>().unwrap())
            } else {
                Box::new(text.parse::<age::x25519::Identity>().unwrap())
            }
        };
        self.all("identity").map(parse).collect()
    }

    /// What became of it, in the words of the vectors.
    fn outcome(&self) -> (String, Vec<u8>) {
        let refused = |error: DecryptError| match error {
            DecryptError::NoMatchingKeys => "no match",
            DecryptError::InvalidMac => "HMAC failure",
            // What cannot be read as a header of version 1, age takes for one of another version.
            DecryptError::InvalidHeader | DecryptError::UnknownFormat => "header failure",
            other => panic!("not an outcome of the vectors: {other:?}"),
        };
        let decrypt = || {
            let input: Box<dyn Read> = if self.all("armored").any(|value| value == "yes") {
                Box::new(ArmoredReader::new(self.file.as_slice()))
            } else {
                Box::new(self.file.as_slice())
            };
            let identities = self.identities();
            Decryptor::new(input)?.decrypt(identities.iter().map(AsRef::as_ref))
        };
        let mut text = Vec::new();
        match decrypt() {
            Err(error) => return (refused(error).to_owned(), text),
            Ok(mut reader) => reader.read_to_end(&mut text).unwrap(),
        };
        ("success".to_owned(), text)
    }
}

fn vectors() -> Vec<(String, Vector)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut vectors: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, Vector::read(&path))
        })
        .collect();
    vectors.sort_by(|one, two| one.0.cmp(&two.0));
    vectors
}

#[test]
fn every_vector_ends_as_it_says() {
    for (name, vector) in vectors() {
        let (outcome, text) = vector.outcome();
        assert_eq!(outcome, vector.one("expect"), "{name}");
        if outcome == "success" {
            assert_eq!(
                Digest::of(&text).to_string(),
                vector.one("payload"),
                "{name}"
            );
        }
    }
}

#[test]
fn all_nineteen_vectors_are_there() {
    let vectors = vectors();
    let expecting = |outcome: &str| {
        let named = vectors
            .iter()
            .filter(|(_, vector)| vector.one("expect") == outcome);
        named.count()
    };
    assert_eq!(vectors.len(), 19);
    assert_eq!(expecting("success"), 5);
    assert_eq!(expecting("no match"), 5);
    assert_eq!(expecting("header failure"), 9);
}

#[test]
fn files_for_other_readers_besides_are_no_sealed_files() {
    for (name, vector) in vectors() {
        let Some(Ok(identity)) = vector.all("identity").last().map(str::parse) else {
            continue;
        };
        let refusal = seal::file::open_message(&vector.file, &identity).unwrap_err();
        assert!(
            ["seal.open", "seal.wrong_stanzas", "seal.bad_padding"].contains(&refusal.code()),
            "{name}"
        );
    }
}
