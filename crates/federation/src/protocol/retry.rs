//! How long to wait before the next try.

/// After so many tries in a row without success a message counts as undeliverable: about a quarter
/// of an hour. It goes on being tried.
pub const STEPS_UNTIL_UNDELIVERABLE: u32 = 10;

/// The first pause, in milliseconds.
const FIRST_MS: u64 = 1_000;
/// The longest pause, in milliseconds: an hour.
const LONGEST_MS: u64 = 3_600_000;
/// The step from which on the pause is the longest, and at which counting ends.
pub(super) const STEP_MAX: u32 = 13;

/// The pause before the try after `step`, in milliseconds: it doubles from one second up to an hour,
/// and lies anywhere between half of that and the whole, as `random` says, so that nodes which failed
/// together do not come back together.
pub fn backoff_ms(step: u32, random: u64) -> u64 {
    let doublings = step.saturating_sub(1).min(STEP_MAX);
    let whole = FIRST_MS.saturating_mul(1u64 << doublings).min(LONGEST_MS);
    let half = whole / 2;
    half + random % (whole - half + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        for step in 1..=40u32 {
            let whole = 1_000u64.saturating_mul(1 << (step - 1)).min(3_600_000);
            assert_eq!(backoff_ms(step, 0), whole / 2);
            assert_eq!(backoff_ms(step, whole / 2), whole);
        }
    }

    #[test]
    fn undeliverable_is_said_within_twenty_minutes() {
        let worst: u64 = (1..STEPS_UNTIL_UNDELIVERABLE)
            .map(|step| backoff_ms(step, u64::MAX))
            .sum();
        assert!(worst < 20 * 60 * 1_000, "{worst}");
        let best: u64 = (1..STEPS_UNTIL_UNDELIVERABLE)
            .map(|step| backoff_ms(step, 0))
            .sum();
        assert!(best > 4 * 60 * 1_000, "{best}");
    }

    proptest! {
        #[test]
        fn every_pause_lies_between_half_a_second_and_an_hour(step in any::<u32>(), random in any::<u64>()) {
            let pause = backoff_ms(step, random);
            prop_assert!((500..=LONGEST_MS).contains(&pause));
        }
    }
}
