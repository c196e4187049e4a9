use super::*;

fn scratch() -> (tempfile::TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path().join("files")).unwrap();
    (folder, files)
}

#[test]
fn a_file_comes_in_pieces_and_goes_on_where_it_stopped() {
    let (_folder, files) = scratch();
    let digest = Digest::of(b"hello world");
    assert!(!files.take(&digest, 11, 0, b"hello").unwrap());
    assert_eq!(files.held(&digest, 11).unwrap(), 5);
    assert!(!files.has(&digest));
    let again = files.take(&digest, 11, 0, b"hello");
    assert!(matches!(
        again,
        Err(FilesError::Offset { found: 0, held: 5 })
    ));
    assert!(files.take(&digest, 11, 5, b" world").unwrap());
    let mut text = String::new();
    files
        .read(&digest)
        .unwrap()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "hello world");
}

#[test]
fn another_digest_is_discarded_whole() {
    let (_folder, files) = scratch();
    let digest = Digest::of(b"hello world");
    assert!(matches!(
        files.take(&digest, 5, 0, b"other"),
        Err(FilesError::Differs)
    ));
    assert_eq!(files.held(&digest, 5).unwrap(), 0);
}

/// The process ended after the last byte was written and before the file had its name.
#[test]
fn what_came_to_its_end_is_whole_after_a_kill() {
    let (_folder, files) = scratch();
    let digest = Digest::of(b"hello world");
    fs::write(files.coming(&digest), b"hello world").unwrap();
    assert!(!files.has(&digest));
    assert_eq!(files.held(&digest, 11).unwrap(), 11);
    assert!(files.has(&digest));
}

#[test]
fn what_is_not_what_it_should_be_comes_anew() {
    for torn in ["hello\0\0\0\0\0\0", "hello worldhello world"] {
        let (_folder, files) = scratch();
        let digest = Digest::of(b"hello world");
        fs::write(files.coming(&digest), torn).unwrap();
        assert_eq!(files.held(&digest, 11).unwrap(), 0);
        assert!(files.take(&digest, 11, 0, b"hello world").unwrap());
    }
}

#[test]
fn the_same_piece_twice_at_once_is_taken_once() {
    let (_folder, files) = scratch();
    let piece = vec![7; 1 << 20];
    let digest = Digest::of(&piece);
    std::thread::scope(|all| {
        for _ in 0..8 {
            all.spawn(|| {
                let size = u64::try_from(piece.len()).unwrap();
                assert!(files.take(&digest, size, 0, &piece).unwrap());
            });
        }
    });
    assert!(files.has(&digest));
    assert!(!files.coming(&digest).exists());
}

#[test]
fn more_than_was_said_is_refused() {
    let (_folder, files) = scratch();
    let digest = Digest::of(b"x");
    assert!(matches!(
        files.take(&digest, 1, 0, b"xx"),
        Err(FilesError::TooLarge)
    ));
    let huge = files.take(&digest, u64::MAX, 0, b"x");
    assert!(matches!(huge, Err(FilesError::TooLarge)));
}

#[test]
fn a_whole_file_is_put_once() {
    let (_folder, files) = scratch();
    let digest = Digest::of(b"x");
    files.put(&digest, b"x").unwrap();
    files.put(&digest, b"x").unwrap();
    assert!(files.take(&digest, 1, 0, b"x").unwrap());
    files.remove(&digest).unwrap();
    files.remove(&digest).unwrap();
    assert!(!files.has(&digest));
}
