//! Malware samples: the zip that MISP keeps a file in, under the password `infected`.
//!
//! The zip holds the file under its MD5 as its name, and beside it `MD5.filename.txt` with the name
//! that the file had. Nothing in a zip is trusted: it is held to limits before and while it is
//! unpacked, the checksum and the MD5 are compared, and what is inside of the file is never opened,
//! though it be an archive itself.

mod crypt;
mod unpack;
mod write;

use md5::{Digest, Md5};

use crate::full::{Attribute, DataError};

pub use unpack::{SampleEntry, list_sample, read_sample};
pub use write::write_sample;

/// What the name of the entry with the file's name ends with.
const NAME_SUFFIX: &str = ".filename.txt";

/// The type of attribute whose file is a zip of this kind.
const KIND: &str = "malware-sample";

/// What a sample may be at most.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SampleLimits {
    /// Entries of a zip.
    pub entries_max: usize,
    /// Bytes of all that is unpacked.
    pub unpacked_bytes_max: u64,
    /// How many times larger than packed it may be, above the first MiB.
    pub ratio_max: u64,
}

impl Default for SampleLimits {
    /// 16 entries, 256 MiB, 200 times.
    fn default() -> Self {
        Self {
            entries_max: 16,
            unpacked_bytes_max: 256 << 20,
            ratio_max: 200,
        }
    }
}

/// A malware sample.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sample {
    /// The name that it had; nothing to write a file under.
    pub name: String,
    /// Its MD5 in hexadecimal, which its bytes have.
    pub md5: String,
    /// The file.
    pub file: Vec<u8>,
}

/// Why a sample could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// It is no zip, or one that is cut or wrong in itself.
    #[error("the zip is damaged: {0}")]
    Damaged(&'static str),
    /// It is a zip of a kind that is not read.
    #[error("the zip has {0}, which is not read")]
    Unsupported(&'static str),
    /// It is not encrypted under the known password.
    #[error("the password is not the usual one")]
    Password,
    /// There are more entries than allowed.
    #[error("more than {0} entries")]
    TooManyEntries(usize),
    /// It is larger than allowed, unpacked.
    #[error("more than {0} bytes, unpacked")]
    TooLarge(u64),
    /// Unpacked it is too many times larger than packed.
    #[error("unpacked it is more than {0} times as large")]
    Ratio(u64),
    /// There is not one file in it.
    #[error("expected one file and its name")]
    NotOneFile,
    /// The file has another MD5 than is said.
    #[error("the file has another MD5 than is said")]
    Digest,
    /// What is attached is no base64.
    #[error("the sample is not in base64")]
    Data(#[source] DataError),
}

impl SampleError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "misp.sample_damaged",
            Self::Unsupported(_) => "misp.sample_unsupported",
            Self::Password => "misp.sample_password",
            Self::TooManyEntries(_) => "misp.sample_entries",
            Self::TooLarge(_) => "misp.sample_too_large",
            Self::Ratio(_) => "misp.sample_ratio",
            Self::NotOneFile => "misp.sample_files",
            Self::Digest => "misp.sample_digest",
            Self::Data(_) => "misp.data",
        }
    }
}

impl Attribute {
    /// The sample of a `malware-sample`; nothing where it has no file with it.
    ///
    /// Its MD5 is that of the file and that of the attribute's value.
    pub fn sample(&self, limits: &SampleLimits) -> Option<Result<Sample, SampleError>> {
        if self.kind.as_deref() != Some(KIND) {
            return None;
        }
        let read = |zip: Vec<u8>| {
            let mut sample = read_sample(&zip, limits)?;
            if let Some((name, md5)) = self.value.as_deref().and_then(|v| v.rsplit_once('|')) {
                if !md5.eq_ignore_ascii_case(&sample.md5) {
                    return Err(SampleError::Digest);
                }
                if sample.name.is_empty() {
                    name.clone_into(&mut sample.name);
                }
            }
            Ok(sample)
        };
        let zip = self.attached()?.map_err(SampleError::Data);
        Some(zip.and_then(read))
    }

    /// Whether its file came as it is, to be packed here: what MISP calls `encrypt`.
    pub fn is_to_be_packed(&self) -> bool {
        let said = self.rest.get("encrypt");
        self.data.is_some()
            && said.is_some_and(|json| matches!(json, "true" | "1" | "\"true\"" | "\"1\""))
    }

    /// Packs a file that came as it is, under the name that the value says: it becomes a `malware-sample`.
    pub fn pack(&mut self) -> Result<(), SampleError> {
        let Some(file) = self.attached().filter(|_| self.is_to_be_packed()) else {
            return Ok(());
        };
        let file = file.map_err(SampleError::Data)?;
        let value = self.value.as_deref().unwrap_or_default();
        // A sample that was taken apart to be changed has its hash behind its name still.
        let name = match value.rsplit_once('|') {
            Some((name, hash)) if is_md5(hash) => name,
            _ => value,
        };
        let name = name.trim().to_owned();
        self.attach_sample(&name, &file)?;
        self.rest.remove("encrypt");
        Ok(())
    }

    /// Makes it a `malware-sample` of this file.
    pub fn attach_sample(&mut self, name: &str, file: &[u8]) -> Result<(), SampleError> {
        let zip = write_sample(name, file)?;
        self.kind = Some(KIND.to_owned());
        self.value = Some(format!("{name}|{}", md5(file)));
        self.attach(&zip);
        Ok(())
    }
}

fn is_md5(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The MD5 of a file, in hexadecimal.
fn md5(file: &[u8]) -> String {
    hex(&Md5::digest(file))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.flatten().collect()
}
