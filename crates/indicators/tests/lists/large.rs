//! Lists that are read by blocks on all cores: nothing shows it.

use crate::gather::{gather, gather_with, options};

const ROWS: usize = 60_000;

/// Rows of all sorts, each with the item or the problem that it brings.
fn rows() -> (String, Vec<String>, Vec<String>) {
    let mut text = "type,value,id,source,tlp,note\n".to_owned();
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    let mut line = 1;
    for number in 0..ROWS {
        line += 1;
        let row = match number % 5 {
            0 => {
                items.push(format!(
                    "domain-tree n{number}.example id={number} source=A TLP:GREEN"
                ));
                format!("domain,n{number}.example,{number},A,green,plain\n")
            }
            1 => {
                items.push(format!("domain n{number}.example id={number} source=B"));
                format!("hostname,n{number}.example,{number},B,,\"quoted, with \"\"more\"\"\"\n")
            }
            2 => {
                items.push(format!("yara rule n{number} source=A"));
                // The value of this row goes over two lines, and so does its note.
                let row = format!("yara,rule n{number},,A,,\"one\ntwo\"\n");
                line += 1;
                row
            }
            3 => {
                problems.push(format!("line {line}: value.length"));
                format!("sha256,{number},,,,\n")
            }
            _ => {
                items.push(format!(
                    "pattern [file:size > {number}] source=list-{}",
                    number % 7
                ));
                format!("stix,[file:size > {number}],,list-{},,\n", number % 7)
            }
        };
        text.push_str(&row);
    }
    (text, items, problems)
}

#[test]
fn a_large_table_comes_in_its_order() {
    let (text, items, problems) = rows();
    let gathered = gather(&text);
    assert_eq!(gathered.told().0, "table");
    assert_eq!(gathered.items, items);
    assert_eq!(gathered.problems, problems);
    assert_eq!(gathered.report().first_problems.len(), 10);
    let mut options = options();
    options.strict = true;
    let error = gather_with(&text, &options).unwrap_err();
    assert_eq!(error.code(), "value.length");
}

#[test]
fn a_large_plain_list_comes_in_its_order() {
    let mut text = String::new();
    let mut items = Vec::new();
    for number in 0..ROWS * 2 {
        text.extend([&format!("n{number}.example"), "\n"]);
        items.push(format!("domain-tree n{number}.example"));
    }
    text.push_str("not,a,value here\nlast.example");
    items.push("domain-tree last.example".to_owned());
    let gathered = gather(&text);
    assert_eq!(gathered.items, items);
    assert_eq!(
        gathered.problems,
        [format!("line {}: list.no_kind", ROWS * 2 + 1)]
    );
}
