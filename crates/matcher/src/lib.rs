//! Finds a million indicators in logs at the speed of the machine.
//!
//! An [`Indicator`] is a [`Value`] of a [`Kind`] with what is known of it. [`SetBuilder`] makes a
//! [`Set`] of them, or [`Set::open`] reads it from a file where [`Set::write`] has compiled one, and
//! [`Set::scan`] says which of them one record contains, and where. Records are bytes: a line of a
//! log of any format, in UTF-8 or not. What a record costs depends on what can be an observable in
//! it, hardly on how many indicators there are.
//!
//! Nothing here reads a clock or draws a random number, and nothing but [`Set::open`] and
//! [`Set::write`] does I/O; nothing is allocated for a record once the [`Scratch`] has grown. Whether
//! an indicator still holds is for the caller to say.
//!
//! # What a match is
//!
//! A whole observable in the record whose normal form is that of the indicator. [`Value`] says what
//! the normal forms are; a record is never refanged. In what follows a *word byte* is an ASCII letter
//! or digit, except for the two digits of a percent-encoding (`%2F`), which separate.
//!
//! - **IPv4 addresses** are runs of word bytes and dots that are four decimal numbers up to 255
//!   without leading zeros. Two dots in a row separate, and dots around a run are no part of it. So
//!   `1.2.3.4` is in `1.2.3.4:443`, `1.2.3.4.` and `1.2.3.4-1.2.3.9`, and not in `11.2.3.45`,
//!   `1.2.3.4.5` or `1.2.3.4.example`.
//! - **IPv6 addresses** are runs of word bytes, dots and colons, treated alike. Before it words with
//!   a colon are cut off that can be no group (`src:2001:db8::1`), behind it one colon. A zone is cut
//!   off. `::ffff:1.2.3.4` is the IPv4 address. Without brackets a port cannot be told from a group.
//! - **Networks** contain an address that is found so, before a `/` as well.
//! - **Names** are runs of word bytes, `.`, `-`, `_` and letters beyond ASCII (punctuation and
//!   symbols beyond ASCII separate) of at least two labels, the last of two letters or more or an
//!   A-label. Two dots in a row separate; `.` and `-` before it and `.`, `-`, `_` behind it are no
//!   part of it. A name before an `@` is a user. So `evil.com` is in `http://u@evil.com:80/`,
//!   `a@evil.com` and `(evil.com).`, and not in `notevil.com`, `my-evil.com` or `evil.com.au`. A
//!   [`Kind::DomainTree`] is also found by all names below it; the match is the whole name.
//! - **URLs** begin with a scheme of word bytes, at its first letter, and end before white space, a
//!   control character, one of `"'<>\^{|}` or a backquote, a bracket that is not around a host, or
//!   the end; before that, a fragment and `.,:;!?` are cut off, and `)` where none is opened. A URL
//!   is also taken to end before each of its first eight commas and semicolons. One that ends before
//!   `\/`, `\u` or `\x` is not whole. One longer than 4,096 bytes is not read, nor one behind eight
//!   others without an end between them. Host and address in it are observables too.
//! - **E-mail addresses** are a run of up to 64 word bytes, `.`, `_`, `-`, `+`, an `@` and a name that
//!   begins there.
//! - **Hashes, JARM and addresses of crypto-currencies** are whole runs of word bytes. Base58 is
//!   compared as it is, all else in any case; checksums are asked of indicators alone. 32 digits are
//!   found by indicators of MD5, JA3 and JA3S.
//! - **JA4** stands between bytes that are neither word bytes nor `_`; **CVE numbers** and **ASNs**
//!   (`AS64496`; a bare number is none) between bytes that are no word bytes.
//! - **File names, registry keys and mutexes** are found in any ASCII case where no word byte, `_`,
//!   `-` or byte beyond ASCII is beside them, no `.` before them and no `.` with such a byte behind
//!   them; registry keys also where no subkey follows. Their hive may be written in short, in full or
//!   as `\REGISTRY\MACHINE` and `\REGISTRY\USER`. **User agents** must fill a field: a control
//!   character, a quote, `|`, `,`, `;`, `=` or `:`, the last two only before it, perhaps with a space
//!   behind that, or the end of the record. All of them also as JSON writes `\`, `"` and `/`.
//!
//! Everything but the free texts of the last point is looked for twice: in the record as it stands,
//! and with `\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t`, `\uXXXX` and `\xXX` undone. What both
//! readings show in one place is one match.
//!
//! YARA rules, Sigma rules and STIX patterns are carried in a set and never looked for.
//!
//! # How it is found
//!
//! Bytes are sorted into classes, 64 at a time, by the widest instructions that the processor has
//! (AVX-512 or AVX2 where it has them, else those that every one has). Events in the bits of the
//! classes (a dot within a name, 26 word bytes in a row, an `@`) lead to what can be an observable;
//! shape and length are looked at first, then its hash is asked of a filter that stays in the cache,
//! and only what passes is looked up in a table and compared with the value itself. The filter so
//! saves time and decides nothing. Addresses, names, hashes and hosts are first collected over some
//! thousand bytes and then looked up together, so that the processor waits for the memory once.
//! Networks are in the same table, under the lengths of their prefixes; names are hashed label by
//! label from the right. [`Set::scan_lines`] reads the lines of a chunk in windows of 16 KiB,
//! without looking for their ends first: these are a class too.
#![warn(missing_docs)]

mod indicator;
mod kind;
#[expect(
    unsafe_code,
    reason = "the one place of it; each block says why it holds"
)]
mod raw;
mod scan;
mod set;
mod value;

pub use indicator::Indicator;
pub use kind::{Kind, KindError};
pub use scan::{Line, Scratch};
pub use set::{AddError, Damage, IndicatorIndex, Match, OpenError, Provenance, Set, SetBuilder};
pub use value::{Breadth, Value, ValueError, detect};

/// For the tests, whose naive matcher tells the same characters apart.
#[doc(hidden)]
pub use scan::is_name_char;

/// For the fuzz target, which gets behind the checksums with it.
#[doc(hidden)]
pub use set::reseal;

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
