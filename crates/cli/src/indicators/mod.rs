//! Lists of indicators, from files of many formats.
