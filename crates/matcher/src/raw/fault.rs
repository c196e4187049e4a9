//! Reading behind the end of a file that shrank while it was mapped raises `SIGBUS`. For maps that
//! are watched the handler puts zeros there and notes it; everything else it hands on, so that any
//! other mistake ends the process as ever.

use std::{
    ffi::{c_int, c_void},
    ops::Range,
    ptr,
    sync::{
        Once,
        atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering::SeqCst},
    },
};

/// Maps that can be watched at a time; who wants more reads files into memory.
const REGIONS_MAX: usize = 256;

static REGIONS: [Region; REGIONS_MAX] = [const { Region::free() }; REGIONS_MAX];
/// 0 until the handler is installed.
static PAGE_BYTES: AtomicUsize = AtomicUsize::new(0);
/// Who was asked before us; never freed.
static FORMER: AtomicPtr<libc::sigaction> = AtomicPtr::new(ptr::null_mut());

/// A place for addresses, written by one thread at a time and read by the handler.
struct Region {
    /// By the remainder to 4: 0 free, 1 about to be used, 2 in use, 3 about to be free.
    turn: AtomicUsize,
    begin: AtomicUsize,
    end: AtomicUsize,
    hit: AtomicBool,
}

impl Region {
    const fn free() -> Self {
        Self {
            turn: AtomicUsize::new(0),
            begin: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            hit: AtomicBool::new(false),
        }
    }

    /// The addresses, when they are in use and the same before and after.
    fn range(&self) -> Option<Range<usize>> {
        let turn = self.turn.load(SeqCst);
        let range = self.begin.load(SeqCst)..self.end.load(SeqCst);
        (turn % 4 == 2 && self.turn.load(SeqCst) == turn).then_some(range)
    }
}

/// Addresses that are watched as long as this is there.
pub(super) struct Watch(&'static Region);

impl Watch {
    /// Nothing where all places are taken.
    pub(super) fn of(range: Range<usize>) -> Option<Self> {
        let take = |region: &&Region| {
            let turn = region.turn.load(SeqCst);
            let next = turn.wrapping_add(1);
            let swap = |from| region.turn.compare_exchange(from, next, SeqCst, SeqCst);
            turn.is_multiple_of(4) && swap(turn).is_ok()
        };
        let region = REGIONS.iter().find(take)?;
        region.begin.store(range.start, SeqCst);
        region.end.store(range.end, SeqCst);
        region.hit.store(false, SeqCst);
        region.turn.fetch_add(1, SeqCst);
        Some(Self(region))
    }

    /// Whether bytes were missing.
    pub(super) fn was_hit(&self) -> bool {
        self.0.hit.load(SeqCst)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.turn.fetch_add(1, SeqCst);
        self.0.begin.store(0, SeqCst);
        self.0.end.store(0, SeqCst);
        self.0.turn.fetch_add(1, SeqCst);
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Watch").field(&self.0.range()).finish()
    }
}

/// Installs the handler once; says whether it is there.
pub(super) fn install() -> bool {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: asks for a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        let Some(page) = usize::try_from(page).ok().filter(|it| it.is_power_of_two()) else {
            return;
        };
        #[expect(clippy::as_conversions, reason = "libc keeps a function as a number")]
        let handler = on_bus_error as *const () as libc::sighandler_t;
        // SAFETY: all bytes zero are a valid `sigaction`, and both are ours. The former handler is
        // known before ours can run, and ours calls nothing that a handler may not call.
        let installed = unsafe {
            let former = Box::into_raw(Box::new(std::mem::zeroed::<libc::sigaction>()));
            let mut ours: libc::sigaction = std::mem::zeroed();
            ours.sa_sigaction = handler;
            ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            let known = libc::sigaction(libc::SIGBUS, ptr::null(), former) == 0;
            FORMER.store(former, SeqCst);
            known && libc::sigaction(libc::SIGBUS, &raw const ours, ptr::null_mut()) == 0
        };
        if installed {
            PAGE_BYTES.store(page, SeqCst);
        }
    });
    PAGE_BYTES.load(SeqCst) != 0
}

extern "C" fn on_bus_error(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: with `SA_SIGINFO` the kernel gives a valid `info`; the address is read as a number.
    let (code, address) = unsafe { ((*info).si_code, (*info).si_addr().addr()) };
    // Others than the kernel send codes up to 0, and no address.
    if code <= 0 || !fill(address) {
        hand_on(signal, code, info, context);
    }
}

/// Puts zeros from the page of this address on to the end of the map that it is in. All behind it was
/// cut off too, so the map is in two parts at most, however often it is hit.
fn fill(address: usize) -> bool {
    let page = PAGE_BYTES.load(SeqCst);
    let find = |region: &&Region| region.range().is_some_and(|range| range.contains(&address));
    let Some(region) = REGIONS.iter().find(find) else {
        return false;
    };
    let Some(range) = region.range() else {
        return false;
    };
    // Before anyone can read the zeros.
    region.hit.store(true, SeqCst);
    let begin = address & !page.wrapping_sub(1);
    // SAFETY: the pages belong to a map that is watched: its owner, who is reading it, unmaps it only
    // after the watch has ended, and reads bytes of any value. Others' memory cannot be in it: maps
    // are whole pages.
    let filled = unsafe {
        libc::mmap(
            ptr::without_provenance_mut(begin),
            range.end - begin,
            libc::PROT_READ,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
            -1,
            0,
        )
    };
    filled != libc::MAP_FAILED
}

/// Does what would have been done without us.
fn hand_on(signal: c_int, code: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: `FORMER` was filled before this handler was installed, and its handler is called as its
    // flags say that it must be. Setting the default and raising are allowed in a handler.
    unsafe {
        let former = &*FORMER.load(SeqCst);
        if matches!(former.sa_sigaction, libc::SIG_DFL | libc::SIG_IGN) {
            if former.sa_sigaction == libc::SIG_IGN && code <= 0 {
                return;
            }
            let mut default: libc::sigaction = std::mem::zeroed();
            default.sa_sigaction = libc::SIG_DFL;
            libc::sigaction(signal, &raw const default, ptr::null_mut());
            if code <= 0 {
                libc::raise(signal);
            }
            // Otherwise the instruction is run again, and fails again.
        } else if former.sa_flags & libc::SA_SIGINFO != 0 {
            type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
            let handler: Handler = std::mem::transmute(former.sa_sigaction);
            handler(signal, info, context);
        } else {
            let handler: extern "C" fn(c_int) = std::mem::transmute(former.sa_sigaction);
            handler(signal);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, hint::black_box, os::unix::process::ExitStatusExt as _, process::Command};

    use memmap2::Mmap;

    use super::*;
    use crate::raw::Mapped;

    const CHILD: &str = "MATCHER_TEST_FAULT_CHILD";

    extern "C" fn ends_with_7(_: c_int) {
        // SAFETY: this may be called in a handler.
        unsafe { libc::_exit(7) };
    }

    /// In processes of their own, each with another handler before ours.
    #[test]
    fn a_fault_elsewhere_ends_the_process_as_ever() {
        if let Some(mode) = env::var_os(CHILD) {
            return fail_elsewhere(mode.to_str().unwrap());
        }
        let ends = |mode: &str| {
            let mut child = Command::new(env::current_exe().unwrap());
            let name = "raw::fault::tests::a_fault_elsewhere_ends_the_process_as_ever";
            let output = child.args(["--exact", name]).env(CHILD, mode).output();
            let status = output.unwrap().status;
            (status.signal(), status.code())
        };
        assert_eq!(ends("as the program begins"), (Some(libc::SIGBUS), None));
        assert_eq!(ends("default"), (Some(libc::SIGBUS), None));
        assert_eq!(ends("handler"), (None, Some(7)));
        assert_eq!(ends("sent"), (Some(libc::SIGBUS), None));
    }

    fn fail_elsewhere(mode: &str) {
        #[expect(clippy::as_conversions, reason = "libc keeps a function as a number")]
        let handler = match mode {
            "handler" => Some(ends_with_7 as *const () as libc::sighandler_t),
            "default" | "sent" => Some(libc::SIG_DFL),
            _ => None,
        };
        if let Some(handler) = handler {
            // SAFETY: the handler takes a signal and ends the process.
            unsafe { libc::signal(libc::SIGBUS, handler) };
        }
        let file = tempfile::tempfile().unwrap();
        file.set_len(1 << 20).unwrap();
        let watched = Mapped::of(&file, 1 << 20).unwrap();
        // SAFETY: a test reads bytes of it and expects to end.
        let other = unsafe { Mmap::map(&file).unwrap() };
        file.set_len(0).unwrap();
        assert_eq!(watched.bytes().last(), Some(&0));
        assert!(watched.shrank());
        if mode == "sent" {
            // SAFETY: a signal that a test expects to end it.
            unsafe { libc::raise(libc::SIGBUS) };
        } else {
            black_box(other.last().copied());
        }
    }

    #[test]
    fn a_place_is_used_again() {
        let watch = Watch::of(8..16).unwrap();
        assert_eq!(watch.0.range(), Some(8..16));
        let region = watch.0;
        drop(watch);
        assert_eq!(region.range(), None);
        let again = Watch::of(16..24).unwrap();
        assert_eq!(
            (again.0.range(), ptr::eq(again.0, region)),
            (Some(16..24), true)
        );
    }
}
