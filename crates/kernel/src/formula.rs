//! Cells of tables.

/// Whether a program for tables may take a cell for a formula, which it would run. Such programs pass
/// over white space before it.
pub fn is_formula(cell: &str) -> bool {
    cell.trim_start()
        .starts_with(['=', '+', '-', '@', '|', '%'])
        || cell.starts_with(['\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_seen_behind_white_space() {
        for cell in [
            "=1+1", "+1", "-2+3", "@SUM(A1)", "  =1", "\u{a0}=1", "\tx", "|x",
        ] {
            assert!(is_formula(cell), "{cell:?}");
        }
        for cell in ["", "evil.example", "a=b", " a", "'=1"] {
            assert!(!is_formula(cell), "{cell:?}");
        }
    }
}
