//! How long a failed job waits.

use std::time::Duration;

use kernel::{Rng, random_array};

/// The first wait.
const FIRST: Duration = Duration::from_secs(1);
/// No wait is longer.
const LONGEST: Duration = Duration::from_hours(1);

/// The wait before try number `attempts + 1`: one second, doubled each time, at most an hour.
pub fn backoff(attempts: u32) -> Duration {
    let doubled = 1_u32
        .checked_shl(attempts.saturating_sub(1))
        .unwrap_or(u32::MAX);
    FIRST.saturating_mul(doubled).min(LONGEST)
}

/// A wait with jitter, between half of it and the whole: those who failed together do not come back
/// together.
pub fn jittered(wait: Duration, rng: &dyn Rng) -> Duration {
    let half = wait / 2;
    let [a, b] = random_array::<2>(rng);
    let share = u32::from(u16::from_le_bytes([a, b]));
    half + half.saturating_mul(share) / u32::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use kernel::SeededRng;

    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_no_further() {
        let waits: Vec<u64> = [1, 2, 3, 12, 13, 40].map(|n| backoff(n).as_secs()).to_vec();
        assert_eq!(waits, [1, 2, 4, 2048, 3600, 3600]);
    }

    #[test]
    fn jitter_stays_between_half_and_whole() {
        let rng = SeededRng::new(5);
        for _ in 0..1_000 {
            let wait = jittered(Duration::from_secs(10), &rng);
            assert!((5_000..=10_000).contains(&wait.as_millis()), "{wait:?}");
        }
    }
}
