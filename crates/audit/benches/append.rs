//! Appending to a ledger beside plain inserts, on both engines. `cargo bench -p audit --bench append`
//!
//! PostgreSQL is the server that `COMITY_TEST_POSTGRES` names.
#![expect(clippy::unwrap_used, reason = "bench code: a surprise ends the run")]

mod house;

use db::Engine;
use divan::{Bencher, counter::ItemsCount};
use house::{House, leaves, signer};

const SIZES: [usize; 2] = [1, 1_000];

fn main() {
    divan::main();
}

#[divan::bench(args = SIZES, sample_count = 200, sample_size = 1)]
fn sqlite_append(bencher: Bencher<'_, '_>, size: usize) {
    bench_append(bencher, Engine::Sqlite, size);
}

#[divan::bench(args = SIZES, sample_count = 200, sample_size = 1)]
fn sqlite_plain(bencher: Bencher<'_, '_>, size: usize) {
    bench_plain(bencher, Engine::Sqlite, size);
}

#[divan::bench(args = SIZES, sample_count = 200, sample_size = 1)]
fn postgres_append(bencher: Bencher<'_, '_>, size: usize) {
    bench_append(bencher, Engine::Postgres, size);
}

#[divan::bench(args = SIZES, sample_count = 200, sample_size = 1)]
fn postgres_plain(bencher: Bencher<'_, '_>, size: usize) {
    bench_plain(bencher, Engine::Postgres, size);
}

/// Signing the head when nothing but its signature is missing.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn sqlite_checkpoint(bencher: Bencher<'_, '_>) {
    let (house, signer) = (House::open(Engine::Sqlite), signer());
    bencher
        .with_inputs(|| house.append(&leaves(1)))
        .bench_local_values(|()| {
            let log = audit::Log::Exchange;
            let note = audit::checkpoint(&house.ground, log, &signer);
            house.runtime.block_on(note).unwrap()
        });
    house.close();
}

fn bench_append(bencher: Bencher<'_, '_>, engine: Engine, size: usize) {
    let house = House::open(engine);
    bencher
        .counter(ItemsCount::new(size))
        .with_inputs(|| leaves(size))
        .bench_local_refs(|leaves| house.append(leaves));
    house.close();
}

fn bench_plain(bencher: Bencher<'_, '_>, engine: Engine, size: usize) {
    let mut house = House::open(engine);
    bencher
        .counter(ItemsCount::new(size))
        .with_inputs(|| leaves(size))
        .bench_local_refs(|leaves| house.insert(leaves));
    house.close();
}
