//! Pieces of a file, as a peer sends them: whatever their size and offset, a file has its name only
//! when it is whole.
#![no_main]

use std::{path::PathBuf, sync::LazyLock};

use federation::files::Files;
use libfuzzer_sys::fuzz_target;
use seal::Digest;

static FOLDER: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("comity-fuzz-{}", std::process::id())));

const WHOLE: &[u8] = b"a file of twenty-six bytes";

fuzz_target!(|input: &[u8]| {
    let files = Files::open(FOLDER.clone()).expect("a temporary folder");
    let digest = Digest::of(WHOLE);
    let mut rest = input;
    // Each piece: size and offset of eight bytes, a length of one, the bytes.
    while let Some((size, after)) = rest.split_first_chunk::<8>() {
        let Some((offset, after)) = after.split_first_chunk::<8>() else {
            break;
        };
        let Some((length, after)) = after.split_first() else {
            break;
        };
        let (piece, after) = after.split_at(usize::from(*length).min(after.len()));
        let (size, offset) = (u64::from_be_bytes(*size), u64::from_be_bytes(*offset));
        let whole = matches!(files.take(&digest, size, offset, piece), Ok(true));
        if whole {
            let mut held = Vec::new();
            let mut file = files
                .read(&digest)
                .expect("it can be read")
                .expect("it is there");
            std::io::Read::read_to_end(&mut file, &mut held).expect("it can be read");
            assert_eq!(held, WHOLE);
        } else {
            assert!(!files.has(&digest));
        }
        rest = after;
    }
    std::fs::remove_dir_all(&*FOLDER).expect("the folder goes");
});
