//! Instructions that save time and change nothing else.

/// Work that is worth to be compiled for more than one processor.
pub(crate) trait Work {
    /// What comes of it.
    type Made;

    /// Does it. This function and what it calls must be inlined to be compiled so.
    fn work(self) -> Self::Made;
}

/// Does work as processors can that count and shift bits in one step and have wide vectors, where
/// this is one.
#[inline]
pub(crate) fn with_bits<W: Work>(work: W) -> W::Made {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
    {
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi2")
        {
            // SAFETY: the processor has what the function needs.
            return unsafe { x86_with_more(work) };
        }
        // SAFETY: the processor has what the function needs.
        return unsafe { x86_with_bits(work) };
    }
    work.work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn x86_with_bits<W: Work>(work: W) -> W::Made {
    work.work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2")]
fn x86_with_more<W: Work>(work: W) -> W::Made {
    work.work()
}

/// Asks for bytes that will be read soon.
#[inline]
pub(crate) fn prefetch<T>(item: &T) {
    prefetch_at(item);
}

/// The same of a place that may be outside of everything: nothing is read there.
#[inline]
pub(crate) fn prefetch_at<T>(place: *const T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing and never faults, wherever it points.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
