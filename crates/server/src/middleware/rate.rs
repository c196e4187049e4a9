//! How often one caller may ask: a bucket of tokens for each address and for each API key.

use std::{
    collections::HashMap,
    fmt,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::{SharedClock, Timestamp};
use seal::Digest;

/// Callers that are remembered at once. A table that is full forgets those who have been quiet; if
/// none has, strangers share one bucket.
const CALLERS_MAX: usize = 65_536;
/// How often a full table is looked through for those who have been quiet.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
const MICROS_A_MINUTE: i64 = 60_000_000;

/// Who asks, as far as rates are concerned.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Caller {
    /// An address; of IPv6 the network that one customer has.
    Address(IpAddr),
    /// An API key or a session, by the digest of what it shows.
    Secret(Digest),
    /// All for whom there is no room.
    Others,
}

impl Caller {
    /// The caller behind an address.
    pub fn at(address: IpAddr) -> Self {
        /// The first 64 bits of an IPv6 address: below them a customer has all he likes.
        const NETWORK: u128 = !0 << 64;
        Self::Address(match address.to_canonical() {
            IpAddr::V6(six) => IpAddr::V6((six.to_bits() & NETWORK).into()),
            four @ IpAddr::V4(_) => four,
        })
    }
}

/// The buckets. Each holds a minute's worth, and fills evenly.
pub struct Rates {
    clock: SharedClock,
    a_minute: u32,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    buckets: HashMap<Caller, Bucket>,
    swept: Option<Timestamp>,
}

#[derive(Clone, Copy)]
struct Bucket {
    /// Micro-requests that are left: a request costs a minute's worth of microseconds.
    left: i64,
    at: Timestamp,
}

impl Rates {
    /// So many requests a minute for each caller.
    pub fn new(clock: SharedClock, a_minute: u32) -> Self {
        Self {
            clock,
            a_minute: a_minute.max(1),
            table: Mutex::default(),
        }
    }

    /// Counts a request; where it is one too many, in how many seconds to come back.
    pub fn take(&self, caller: Caller) -> Result<(), u32> {
        let now = self.clock.now();
        let full = i64::from(self.a_minute).saturating_mul(MICROS_A_MINUTE);
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let Table { buckets, swept } = &mut *table;
        let mut caller = caller;
        if buckets.len() >= CALLERS_MAX && !buckets.contains_key(&caller) {
            // A sweep looks at every bucket, so a flood of strangers must not bring one each.
            if swept.is_none_or(|at| now.since(at) >= SWEEP_EVERY) {
                *swept = Some(now);
                buckets.retain(|_, bucket| self.filled(*bucket, now).left < full);
            }
            if buckets.len() >= CALLERS_MAX {
                caller = Caller::Others;
            }
        }
        let bucket = buckets.entry(caller).or_insert(Bucket {
            left: full,
            at: now,
        });
        *bucket = self.filled(*bucket, now);
        if bucket.left >= MICROS_A_MINUTE {
            bucket.left -= MICROS_A_MINUTE;
            return Ok(());
        }
        let missing = MICROS_A_MINUTE - bucket.left;
        let seconds = missing / i64::from(self.a_minute) / 1_000_000 + 1;
        Err(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    fn filled(&self, bucket: Bucket, now: Timestamp) -> Bucket {
        let full = i64::from(self.a_minute).saturating_mul(MICROS_A_MINUTE);
        let passed = now.since(bucket.at).as_micros();
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        let gained = passed.saturating_mul(i64::from(self.a_minute));
        Bucket {
            left: bucket.left.saturating_add(gained).min(full),
            at: now,
        }
    }
}

impl fmt::Debug for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rates")
            .field("a_minute", &self.a_minute)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, sync::Arc, time::Duration};

    use kernel::ManualClock;

    use super::*;

    fn caller(last: u32) -> Caller {
        Caller::at(IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + last)))
    }

    #[test]
    fn a_minute_s_worth_at_once_and_then_one_at_a_time() {
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(0)));
        let rates = Rates::new(clock.clone(), 6);
        for _ in 0..6 {
            assert_eq!(rates.take(caller(1)), Ok(()));
        }
        assert_eq!(rates.take(caller(1)), Err(11));
        assert_eq!(rates.take(caller(2)), Ok(()));
        clock.advance(Duration::from_secs(10));
        assert_eq!(rates.take(caller(1)), Ok(()));
        assert!(rates.take(caller(1)).is_err());
    }

    #[test]
    fn one_customer_s_network_is_one_caller() {
        let of = |text: &str| Caller::at(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }

    #[test]
    fn a_flood_of_callers_does_not_fill_the_memory() {
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(0)));
        let rates = Rates::new(clock.clone(), 2);
        for last in 0..70_000 {
            rates.take(caller(last)).ok();
        }
        let held = || rates.table.lock().unwrap().buckets.len();
        assert_eq!(held(), CALLERS_MAX + 1);
        assert!(rates.take(caller(80_000)).is_err());
        // Those who were quiet are forgotten, and strangers are heard again.
        clock.advance(Duration::from_mins(1));
        assert_eq!(rates.take(caller(80_000)), Ok(()));
        assert_eq!(held(), 1);
    }
}
