//! Bombs, and windows that are too large.

use super::*;

/// Zeros as gzip, which is a thousand times as much.
fn zeros(bytes: u64) -> Vec<u8> {
    let mut gzip =
        flate2::read::GzEncoder::new(io::repeat(0).take(bytes), flate2::Compression::best());
    let mut packed = Vec::new();
    gzip.read_to_end(&mut packed).unwrap();
    packed
}

/// Reads without keeping what is read.
fn weigh(bytes: Vec<u8>, options: &Options) -> (u64, Vec<LogError>) {
    let (mut weight, mut failed) = (0, Vec::new());
    let outcome: Result<(), io::Error> = run(
        vec![Input::reader("in", Cursor::new(bytes))],
        options,
        &Arc::default(),
        || (),
        |(), _| (),
        |event| {
            match event {
                Event::Done { info, .. } => weight += info.bytes,
                Event::Failed { error, .. } => failed.push(error),
            }
            Ok(ControlFlow::Continue(()))
        },
    );
    outcome.unwrap();
    (weight, failed)
}

#[test]
fn a_bomb_within_a_bomb_ends_behind_the_free_bytes() {
    let bomb = gzip(&zeros(RATIO_FREE_BYTES * 2));
    assert!(bomb.len() < 2_000);
    let (weight, failed) = weigh(bomb.clone(), &Options::default());
    let [error] = &*failed else {
        panic!("{failed:?}");
    };
    assert!(matches!(
        error,
        LogError::Ratio {
            ratio_max: 1_000,
            ..
        }
    ));
    let text = error.to_string();
    assert!(text.ends_with("raise --max-ratio"), "{text}");
    assert!((RATIO_FREE_BYTES - (1 << 20)..=RATIO_FREE_BYTES * 17 / 16).contains(&weight));

    let options = Options {
        ratio_max: 1_000_000,
        ..Options::default()
    };
    let (weight, failed) = weigh(bomb, &options);
    assert_eq!((weight, failed.len()), (RATIO_FREE_BYTES * 2, 0));
}

#[test]
fn one_layer_of_gzip_is_no_bomb() {
    let (weight, failed) = weigh(zeros(RATIO_FREE_BYTES * 2), &Options::default());
    assert_eq!((weight, failed.len()), (RATIO_FREE_BYTES * 2, 0));
}

#[test]
fn unpacked_bytes_may_be_limited() {
    let options = Options {
        unpacked_bytes_max: Some(100_000),
        ..Options::default()
    };
    let (weight, failed) = weigh(zeros(1 << 20), &options);
    assert!(weight <= 100_000);
    let text = failed[0].to_string();
    assert_eq!(
        text,
        "unpacks to more than 100000 bytes; if that is meant, raise --max-unpacked"
    );
    // What is not packed, and the members of tar, are not counted.
    let mut tar = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_gnu();
    header.set_size(90_000);
    let member = [b'b'; 9_000].repeat(10);
    tar.append_data(&mut header, "b", &*member).unwrap();
    let tar = gzip(&tar.into_inner().unwrap());
    assert_eq!(read_with(&tar, &options).whole(), member);
    let plain = read_with(&vec![b'a'; 200_000], &options).whole();
    assert_eq!(plain.len(), 200_000);
}

#[test]
fn long_windows_are_read_up_to_the_limit() {
    let long = include_bytes!("fixtures/long.zst");
    assert!(read_bytes(long).whole() == numbers());
    let longer = include_bytes!("fixtures/longer.zst");
    let told = read_bytes(longer);
    let failure = told.failure();
    assert!(failure.ends_with("raise --max-window"), "{failure}");
    let options = Options {
        window_bytes_max: 256 << 20,
        ..Options::default()
    };
    assert!(read_with(longer, &options).whole() == numbers());
    let xz = include_bytes!("fixtures/two.xz");
    let options = Options {
        window_bytes_max: 1 << 20,
        ..Options::default()
    };
    let told = read_with(xz, &options);
    assert!(told.failure().ends_with("raise --max-window"), "{told:?}");
}
