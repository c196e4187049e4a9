//! Members of archives.

use super::*;

/// A tar archive of members with these names.
fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        archive.append_data(&mut header, name, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

#[test]
fn members_come_in_order_and_unpacked() {
    let long = format!("{}/{}.log", "d".repeat(120), "f".repeat(120));
    let inner = tar(&[("in/side.log", b"inside\n")]);
    let archive = tar(&[
        ("b.log", b"two\nlines"),
        ("a.log.gz", &gzip(b"packed\n")),
        ("empty.log", b""),
        (&long, b"long\n"),
        ("inner.tar", &inner),
        ("last\u{1b}[1m.log", b"last\n"),
    ]);
    let long = format!("in!{long}");
    for bytes in [archive.clone(), gzip(&archive)] {
        let told = read_bytes(&bytes);
        assert_eq!(told.failed, []);
        assert_eq!(
            told.texts(),
            [
                ("in!b.log", "two\nlines"),
                ("in!a.log.gz", "packed\n"),
                (&long, "long\n"),
                ("in!inner.tar!in/side.log", "inside\n"),
                ("in!last\\u{1b}[1m.log", "last\n"),
            ]
        );
    }
}

#[test]
fn names_that_would_leave_the_folder_are_only_shown() {
    let mut archive = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_old();
    header.as_old_mut().name[..13].copy_from_slice(b"../etc/passwd");
    header.set_size(5);
    header.set_cksum();
    archive.append(&header, &b"root\n"[..]).unwrap();
    let told = read_bytes(&archive.into_inner().unwrap());
    assert_eq!(told.texts(), [("in!../etc/passwd", "root\n")]);
}

#[test]
fn a_damaged_member_does_not_hide_the_others() {
    let mut damaged = gzip(&numbers());
    damaged.truncate(100);
    let archive = tar(&[("a.gz", &damaged), ("b.log", b"good\n")]);
    let told = read_bytes(&archive);
    assert_eq!(told.failed[0].0, "in!a.gz");
    assert!(told.failure().starts_with("the gzip data is truncated"));
    assert_eq!(told.texts().last(), Some(&("in!b.log", "good\n")));
}

#[test]
fn a_truncated_archive_says_so_once_for_what_is_cut() {
    let archive = tar(&[("a.log", b"good\n"), ("b.log", &numbers())]);
    let told = read_bytes(&archive[..10_000]);
    assert_eq!(told.texts()[0], ("in!a.log", "good\n"));
    assert!(numbers().starts_with(&told.sources[1].1));
    let names: Vec<_> = told.failed.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["in!b.log", "in"]);

    let packed = gzip(&archive);
    let told = read_bytes(&packed[..packed.len() / 2]);
    assert!(told.failure().starts_with("the gzip data is truncated"));
}

#[test]
fn archives_behind_each_other_are_one() {
    let both = [tar(&[("a", b"1\n")]), tar(&[("b", b"2\n")])].concat();
    assert_eq!(
        read_bytes(&both).texts(),
        [("in!a", "1\n"), ("in!b", "2\n")]
    );
    let told = read_bytes(&[tar(&[("a", b"1\n")]), vec![b'x'; 512]].concat());
    assert!(
        told.failure()
            .starts_with("the tar archive is truncated or damaged")
    );
}

#[test]
fn holes_of_sparse_members_are_left_out() {
    // What a block has behind the text and before the hole is zero.
    let filler = "x".repeat(4087);
    let parts = [0, 1, 2, 3, 4, 5].map(|n| format!("part {n}\n{filler}\n"));
    let parts = parts.join("\0");
    for bytes in [
        &include_bytes!("fixtures/sparse-gnu.tgz")[..],
        include_bytes!("fixtures/sparse-posix.tgz"),
    ] {
        let told = read_bytes(bytes);
        assert_eq!(told.failed, []);
        let expected = [("in!holes.log", &*parts), ("in!after.log", "after\n")];
        assert_eq!(told.texts(), expected);
    }
}

#[test]
fn zip_is_read_from_front_to_back() {
    let thousand = String::from_utf8(numbers()).unwrap()[..1000].to_owned();
    let told = read_bytes(include_bytes!("fixtures/streamed.zip"));
    assert_eq!(told.failed, []);
    assert_eq!(
        told.texts(),
        [("in!a/b.log", &*thousand), ("in!c.log", "one\ntwo")]
    );

    let told = read_bytes(include_bytes!("fixtures/plain.zip"));
    assert_eq!(
        told.texts(),
        [
            ("in!stored.log", "one\n"),
            ("in!deflated.log", &*thousand),
            ("in!last.log", "two\n")
        ]
    );
    let failure = "this member of a zip archive is compressed by method 12; unpack it first";
    assert_eq!(
        told.failed,
        [("in!rare.log".to_owned(), failure.to_owned())]
    );
}

#[test]
fn a_changed_byte_in_a_zip_archive_shows() {
    let mut zip = include_bytes!("fixtures/plain.zip").to_vec();
    let at = zip.windows(4).position(|bytes| bytes == b"one\n").unwrap();
    zip[at] = b'O';
    let told = read_bytes(&zip);
    assert_eq!(told.failed[0].0, "in!stored.log");
    assert!(
        told.failed[0]
            .1
            .ends_with("the checksum of a member differs")
    );
    assert_eq!(told.texts().last(), Some(&("in!last.log", "two\n")));
    for length in (4..zip.len() - 400).step_by(7) {
        assert!(!read_bytes(&zip[..length]).failed.is_empty(), "{length}");
    }
}
