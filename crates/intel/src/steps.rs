//! Steps of chance between places and between numbers.
//!
//! Who sees two of them, and not what stands between, is not to conclude from the distance that there
//! is something. A step may be long, so that no distance within a batch is certain to be more than
//! one; most are short, so that places stay close to the time.

use kernel::Rng;

/// The shortest range that a step is drawn from.
const SHORTEST: u16 = 4;
/// How often the range may double, each time with a chance of one half.
const DOUBLINGS: u32 = 10;
/// Steps that are drawn at once.
const DRAWN: usize = 64;
const STEP_BYTES: usize = 4;
/// Places that are this much ahead of the time, which only imports faster than the steps get to, go on
/// in short steps.
const AHEAD_MICROS: i64 = 1_000_000;

/// Draws steps: 12.5 in the mean, [`LONGEST`] at most.
pub(crate) struct Steps<'r> {
    rng: &'r dyn Rng,
    drawn: [u8; DRAWN * STEP_BYTES],
    given: usize,
}

/// The longest step.
#[cfg(test)]
pub(crate) const LONGEST: i64 = 4_096;

impl<'r> Steps<'r> {
    pub(crate) const fn new(rng: &'r dyn Rng) -> Self {
        Self {
            rng,
            drawn: [0; DRAWN * STEP_BYTES],
            given: DRAWN,
        }
    }

    /// The next step: 1 or more.
    pub(crate) fn next(&mut self) -> i64 {
        let [range, within] = self.draw();
        let doublings = range.trailing_zeros().min(DOUBLINGS);
        1 + i64::from(within % (SHORTEST << doublings))
    }

    /// The place after another, where the clock says `now`.
    pub(crate) fn after(&mut self, place: i64, now: i64) -> i64 {
        let step = if place - now < AHEAD_MICROS {
            self.next()
        } else {
            let [_, within] = self.draw();
            1 + i64::from(within % SHORTEST)
        };
        place.saturating_add(step)
    }

    fn draw(&mut self) -> [u16; 2] {
        if self.given >= DRAWN {
            self.rng.fill(&mut self.drawn);
            self.given = 0;
        }
        let at = self.given * STEP_BYTES;
        self.given += 1;
        let bytes = self.drawn.get(at..).unwrap_or_default();
        match bytes {
            [a, b, c, d, ..] => [u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d])],
            _ => [0, 0],
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::SeededRng;

    use super::*;

    #[test]
    fn steps_are_short_in_the_mean_and_long_at_times() {
        let rng = SeededRng::new(3);
        let mut steps = Steps::new(&rng);
        let all: Vec<i64> = (0..100_000).map(|_| steps.next()).collect();
        assert!(all.iter().all(|step| (1..=LONGEST).contains(step)));
        let mean = all.iter().sum::<i64>() / 100_000;
        assert!((10..=15).contains(&mean), "{mean}");
        assert!(all.contains(&1));
        assert!(all.iter().any(|step| *step > 1_000));
    }

    #[test]
    fn far_ahead_of_the_time_places_go_on_in_short_steps() {
        let rng = SeededRng::new(3);
        let mut steps = Steps::new(&rng);
        let mut place = AHEAD_MICROS;
        for _ in 0..1_000 {
            let next = steps.after(place, 0);
            assert!((1..=4).contains(&(next - place)));
            place = next;
        }
    }
}
