//! Instructions that save time and change nothing else.

/// Work that is worth to be compiled for more than one processor.
pub(crate) trait Work {
    /// Does it. This function and what it calls must be inlined to be compiled so.
    fn work(self);
}

/// Does work as processors can that count and shift bits in one step and have wide vectors, where
/// this is one.
#[inline]
pub(crate) fn with_bits(work: impl Work) {
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
    work.work();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn x86_with_bits(work: impl Work) {
    work.work();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2")]
fn x86_with_more(work: impl Work) {
    work.work();
}

/// Asks for bytes that will be read soon.
#[inline]
pub(crate) fn prefetch<T>(item: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: nothing is read; and what the reference is of could be.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = item;
}
