//! Covers: what travels over anything but the direct connection is sealed once more.
//!
//! A pouch, a mail or a relay sees one age file for one reader, padded, under a name that says
//! nothing. Inside lies what was sealed and signed already; opening a cover proves nothing but that
//! somebody knew the reader's public key.

use zeroize::Zeroizing;

use crate::{
    Error, HybridIdentity, HybridRecipient,
    file::{self, Kind, Sealer},
};

/// The subject of a mail that carries a cover.
pub const SUBJECT: &str = "Message";
/// The media type of a cover.
pub const MEDIA_TYPE: &str = "application/octet-stream";

const NAME_BYTES: usize = 8;

/// A cover ready to be carried.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cover {
    /// A file name that says nothing: the beginning of the file's own digest. Since the file is
    /// encrypted afresh each time, the name is random.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Covers something for one reader. For more than memory should hold use
/// [`Sealer::single`] and [`name`].
pub fn seal(content: &[u8], to: &HybridRecipient) -> Result<Cover, Error> {
    let mut sealer = Sealer::single(Vec::with_capacity(content.len()), to)?;
    std::io::Write::write_all(&mut sealer, content).map_err(Error::from_stream)?;
    let (bytes, metered) = sealer.finish()?;
    Ok(Cover {
        name: name(&metered.sha256),
        bytes,
    })
}

/// Takes a cover off.
pub fn open(cover: &[u8], identity: &HybridIdentity) -> Result<Zeroizing<Vec<u8>>, Error> {
    file::open(cover, identity, Kind::Single)
}

/// The neutral name of a covered file with this digest.
pub fn name(sha256: &crate::Digest) -> String {
    let start = sha256.as_bytes().get(..NAME_BYTES).unwrap_or_default();
    format!("{}.age", crate::text::hex(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cover_comes_off_for_its_reader_only() {
        let [reader, other] = [1, 2].map(|seed| HybridIdentity::from_seed(&[seed; 32]).unwrap());
        let cover = seal(b"envelope", &reader.recipient()).unwrap();
        assert_eq!(open(&cover.bytes, &reader).unwrap().as_slice(), b"envelope");
        assert!(open(&cover.bytes, &other).is_err());
    }

    #[test]
    fn two_covers_of_one_thing_have_different_names_and_one_size() {
        let to = HybridIdentity::from_seed(&[1; 32]).unwrap().recipient();
        let [one, two] = [b"a".to_vec(), vec![b'a'; 3000]].map(|text| seal(&text, &to).unwrap());
        assert_ne!(one.name, two.name);
        assert_eq!(one.name.len(), 20);
        assert_eq!(one.bytes.len(), two.bytes.len());
    }
}
