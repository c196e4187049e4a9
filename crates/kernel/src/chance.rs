//! Random bytes as an argument.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::{Builder, Uuid};

use crate::Timestamp;

/// A source of random bytes. Operations take one, so that tests can repeat what happened.
pub trait Rng: Send + Sync {
    /// Fills the whole of `buf` with random bytes.
    fn fill(&self, buf: &mut [u8]);
}

/// The [`Rng`] that a node hands around.
pub type SharedRng = Arc<dyn Rng>;

/// The operating system's generator. It ends the process if the system has no randomness to give,
/// since every key and every salt would be worthless.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRng;

impl Rng for OsRng {
    #[expect(
        clippy::expect_used,
        reason = "without randomness no key is a secret: going on is worse than stopping"
    )]
    fn fill(&self, buf: &mut [u8]) {
        getrandom::fill(buf).expect("the operating system gives random bytes");
    }
}

/// A repeatable generator for tests and simulations (SplitMix64). Not for secrets.
pub struct SeededRng(Mutex<u64>);

impl SeededRng {
    /// A generator whose whole output follows from `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    /// The next 64 bits.
    pub fn next_u64(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl fmt::Debug for SeededRng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeededRng").finish_non_exhaustive()
    }
}

impl Rng for SeededRng {
    fn fill(&self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(8) {
            let bytes = self.next_u64().to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(bytes) {
                *to = from;
            }
        }
    }
}

/// `N` random bytes.
pub fn random_array<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill(&mut bytes);
    bytes
}

/// A random UUIDv4 (RFC 9562 §5.4): for ids that leave the house.
pub fn uuid_v4(rng: &dyn Rng) -> Uuid {
    Builder::from_random_bytes(random_array(rng)).into_uuid()
}

/// A UUIDv7 (RFC 9562 §5.7): ordered by time, for row ids, which stay in the house.
pub fn uuid_v7(now: Timestamp, rng: &dyn Rng) -> Uuid {
    let millis = u64::try_from(now.as_micros().div_euclid(1_000)).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random_array(rng)).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself() {
        let (a, b) = (SeededRng::new(7), SeededRng::new(7));
        assert_eq!(random_array::<33>(&a), random_array::<33>(&b));
        assert_ne!(random_array::<16>(&a), [0; 16]);
    }

    #[test]
    fn ids_have_their_versions() {
        let rng = SeededRng::new(1);
        assert_eq!(uuid_v4(&rng).get_version_num(), 4);
        let earlier = uuid_v7(Timestamp::from_micros(1_000_000), &rng);
        let later = uuid_v7(Timestamp::from_micros(2_000_000), &rng);
        assert_eq!(earlier.get_version_num(), 7);
        assert!(earlier < later);
    }
}
