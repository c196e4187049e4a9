//! Names as the DNS server of Windows writes them.

use super::*;

const PACKET: &str = "11/21/2026 3:12:45 AM 0E70 PACKET  0000 UDP Rcv 192.0.2.1 0002   Q [0001   D   NOERROR] A      ";

fn told(text: &str) -> String {
    String::from_utf8(read_bytes(text.as_bytes()).whole()).unwrap()
}

#[test]
fn names_are_spelled_as_usual_and_nothing_moves() {
    for (before, written, behind, usual) in [
        ("", "(4)evil(7)example(0)", "", "evil.example"),
        ("", "(3)www(4)evil(7)example(0)", "\r", "www.evil.example"),
        ("\"[C00C]", "(4)evil(7)example(0)", "\"", "evil.example"),
        ("(1)", "(12)xn--abcd-123(2)ru(0)", "(0)", "xn--abcd-123.ru"),
    ] {
        let log = format!("\r\nlog file creation\r\n{PACKET}{before}");
        let expected = format!("{log}{usual:<width$}{behind}\n", width = written.len());
        assert_eq!(told(&format!("{log}{written}{behind}\n")), expected);
    }
}

#[test]
fn what_is_no_such_name_stays() {
    for text in [
        "f(0)",
        "(0)",
        "(4)evil(7)example",
        "(4)evils(7)example(0)",
        "(4)evil(8)example(0)",
        "(4)e il(7)example(0)",
        "(64)x(0)",
        "(1000)x(0)",
        "()(0)",
        "(4",
        "(",
    ] {
        assert_eq!(told(text), text);
        let among = format!("(1)a(0) {text} ((1)b(0)\n");
        let expected = format!("a       {text} (b      \n");
        assert_eq!(told(&among), expected);
    }
}

#[test]
fn chunks_do_not_matter_and_the_first_name_must_come_soon() {
    let line = format!("{PACKET}(4)evil(7)example(0)\r\n");
    let usual = format!("{PACKET}{:<20}\r\n", "evil.example");
    let options = Options {
        chunk_bytes: 64,
        line_bytes_max: 200,
        threads: 3,
        ..Options::default()
    };
    let log = line.repeat(2_000);
    let told = read_with(log.as_bytes(), &options).whole();
    assert_eq!(told, usual.repeat(2_000).into_bytes());
    let head = usize::try_from(crate::logs::names::HEAD_BYTES).unwrap();
    for (before, spelled) in [(head - 1_000, &usual), (head, &line)] {
        let filler = "x".repeat(99) + "\n";
        let filler = filler.repeat(before.div_ceil(100));
        for options in [&options, &Options::default()] {
            let log = format!("{filler}{line}");
            let told = read_with(log.as_bytes(), options).whole();
            assert_eq!(told, format!("{filler}{spelled}").into_bytes());
        }
    }
}
