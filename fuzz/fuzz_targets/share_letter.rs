//! What another party says of a collection: bodies of each kind, and their attachments. What is read
//! prints itself again; objects are handed on byte by byte.
#![no_main]

use federation::body::Body;
use libfuzzer_sys::fuzz_target;
use share::model::{KINDS, Letter, read_given, read_named};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(given) = read_given(text) {
        for one in given {
            assert!(text.contains(one.object.get()), "objects are as they came");
        }
    }
    if let Some(named) = read_named(text) {
        let printed = serde_json::to_string(&named).expect("what was read can be written");
        assert_eq!(read_named(&printed), Some(named));
    }
    let Ok(content) = serde_json::from_str::<serde_json::Value>(text) else {
        return;
    };
    for kind in KINDS {
        for files in 1..=2 {
            letter(kind, files, &content);
        }
    }
});

fn letter(kind: &str, files: usize, content: &serde_json::Value) {
    let mut header = fuzz::header();
    header.kind = kind.parse().expect("the kind is in order");
    let file = header.sealed.first().cloned();
    header.sealed = file.into_iter().cycle().take(files).collect();
    if let Some(id) = collection(content) {
        header.thread = kernel::ThreadId::from_uuid(id);
    }
    let mut body = Body {
        copy: header.copy(),
        salts: Vec::new(),
        attachments: Vec::new(),
        content: content.clone(),
    };
    let Ok(letter) = Letter::read(&header, &body) else {
        return;
    };
    assert!(letter.sequence() > 0, "numbers count from 1");
    assert_eq!(letter.thread(), header.thread);
    body.content = letter.content();
    assert_eq!(Letter::read(&header, &body), Ok(letter));
}

/// The thread that a body belongs into.
fn collection(content: &serde_json::Value) -> Option<uuid::Uuid> {
    let id = content.get("collection")?;
    let id = id.get("id").unwrap_or(id);
    let id: kernel::CollectionRef = serde_json::from_value(id.clone()).ok()?;
    Some(id.uuid())
}
