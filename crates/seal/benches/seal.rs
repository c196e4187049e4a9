//! What signing and sealing cost.
#![forbid(unsafe_code)]
#![expect(
    clippy::unwrap_used,
    reason = "a bench that fails has nothing to measure"
)]

use std::io::{Read, Write};

use divan::{Bencher, counter::BytesCount};
use seal::{
    HybridIdentity,
    dsse::Envelope,
    file::{self, Opener, Sealer},
    keys::SigningKeys,
};

const TYPE: &str = "application/vnd.example+json";
const BODY_BYTES: usize = 4 * 1024;
const ATTACHMENT_BYTES: usize = 10 * 1024 * 1024;

fn main() {
    divan::main();
}

fn identity(seed: u8) -> HybridIdentity {
    HybridIdentity::from_seed(&[seed; 32]).unwrap()
}

#[divan::bench]
fn sign_pair(bencher: Bencher<'_, '_>) {
    let keys = SigningKeys::from_seed(&[1; 32]);
    let payload = vec![b'x'; 2000];
    bencher.bench(|| Envelope::sign(TYPE, payload.clone(), &keys).unwrap());
}

#[divan::bench]
fn verify_pair(bencher: Bencher<'_, '_>) {
    let keys = SigningKeys::from_seed(&[1; 32]);
    let bytes = Envelope::sign(TYPE, vec![b'x'; 2000], &keys)
        .unwrap()
        .to_bytes();
    let known = [keys.public().clone()];
    bencher.bench(|| {
        let envelope = Envelope::parse(&bytes).unwrap();
        envelope.verify(TYPE, &known).unwrap().payload.len()
    });
}

#[divan::bench]
fn wrap_x_wing(bencher: Bencher<'_, '_>) {
    let recipient = identity(1).recipient();
    bencher.bench(|| {
        let file_key = age_core::format::FileKey::new(Box::new([7; 16]));
        age::Recipient::wrap_file_key(&recipient, &file_key)
            .unwrap()
            .0
            .len()
    });
}

#[divan::bench]
fn seal_body_4_kib(bencher: Bencher<'_, '_>) {
    let (to, archive) = (identity(1).recipient(), identity(2).recipient());
    let text = vec![b'x'; BODY_BYTES];
    bencher.bench(|| file::seal_message(&text, &to, &archive).unwrap().1);
}

#[divan::bench]
fn open_body_4_kib(bencher: Bencher<'_, '_>) {
    let receiver = identity(1);
    let text = vec![b'x'; BODY_BYTES];
    let sealed = file::seal_message(&text, &receiver.recipient(), &identity(2).recipient())
        .unwrap()
        .0;
    bencher.bench(|| file::open_message(&sealed, &receiver).unwrap().len());
}

#[divan::bench(sample_count = 10)]
fn seal_attachment_10_mb(bencher: Bencher<'_, '_>) {
    let (to, archive) = (identity(1).recipient(), identity(2).recipient());
    let text = vec![b'x'; ATTACHMENT_BYTES];
    bencher
        .counter(BytesCount::new(ATTACHMENT_BYTES))
        .bench(|| {
            let mut sealer = Sealer::message(std::io::sink(), &to, &archive).unwrap();
            sealer.write_all(&text).unwrap();
            sealer.finish().unwrap().1
        });
}

#[divan::bench(sample_count = 10)]
fn open_attachment_10_mb(bencher: Bencher<'_, '_>) {
    let receiver = identity(1);
    let text = vec![b'x'; ATTACHMENT_BYTES];
    let sealed = file::seal_message(&text, &receiver.recipient(), &identity(2).recipient())
        .unwrap()
        .0;
    let mut buffer = vec![0; 64 * 1024];
    bencher
        .counter(BytesCount::new(ATTACHMENT_BYTES))
        .bench_local(|| {
            let mut opener = Opener::message(&sealed[..], &receiver).unwrap();
            let mut total = 0;
            while let read @ 1.. = opener.read(&mut buffer).unwrap() {
                total += read;
            }
            total
        });
}
