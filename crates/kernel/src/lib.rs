//! Typed ids, time, chance, markings, countries, money, viewers, pages and problems: what every other crate speaks in.
#![forbid(unsafe_code)]
