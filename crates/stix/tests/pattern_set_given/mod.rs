//! Patterns and observations that meet each other often.

use proptest::{collection::vec, prelude::*, sample::select};

/// Texts that meet each other in every way: by case, form, escape, encoding, as networks, moments
/// and numbers.
fn text() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "a",
        "A",
        "evil.example",
        "EVIL.example",
        "evil",
        "http://evil.example/a",
        "o\u{300}x.example",
        "\u{f2}x.example",
        "it's",
        "back\\slash",
        "ff00",
        "FF00",
        "/wA=",
        "\u{ff}\u{0}",
        "1.2.3.4",
        "1.2.3.0/24",
        "1.2.0.0/16",
        "1.2.3.4/32",
        "2001:db8::1",
        "2001:db8::/32",
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00.000Z",
        "2020-01-02T00:00:00Z",
        "5",
        "k\u{212a}elvin",
        "kkelvin",
        "file--1",
        "0",
        "\u{ff}",
    ])
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn number() -> impl Strategy<Value = &'static str> {
    select(vec![
        "0",
        "1",
        "5",
        "-5",
        "6",
        "5.5",
        "9007199254740993",
        "9223372036854775807",
        "-1.5",
    ])
}

fn path() -> impl Strategy<Value = &'static str> {
    select(vec![
        "file:name",
        "file:name",
        "file:size",
        "file:hashes.MD5",
        "file:hashes.'SHA-256'",
        "file:x_hex",
        "file:x_bin",
        "file:list[*]",
        "file:list[0]",
        "file:list[1]",
        "file:parent_ref.name",
        "file:parent_ref",
        "file:all_refs[*].name",
        "file:all_refs[1].size",
        "url:value",
        "url:value",
        "ipv4-addr:value",
        "ipv4-addr:value",
        "file:flag",
        "file:parent_ref.parent_ref.name",
        "file:list[*].deep[*]",
    ])
}

fn constant() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => text().prop_map(quoted),
        2 => number().prop_map(String::from),
        1 => select(vec!["true", "false", "t'2020-01-01T00:00:00Z'", "t'2020-01-02T00:00:00Z'", "h'ff00'", "b'/wA='"])
            .prop_map(String::from),
    ]
}

fn ordered() -> impl Strategy<Value = String> {
    prop_oneof![
        text().prop_map(quoted),
        number().prop_map(String::from),
        Just("t'2020-01-01T12:00:00Z'".into()),
        Just("h'ff00'".into()),
    ]
}

fn proposition() -> impl Strategy<Value = String> {
    let not = select(vec!["", "", "", "NOT "]);
    let networks = select(vec![
        "1.2.3.4",
        "1.2.3.0/24",
        "1.2.0.0/16",
        "0.0.0.0/0",
        "2001:db8::/32",
        "::/0",
    ]);
    let likes = select(vec![
        "%",
        "evil%",
        "%evil.example%",
        "%.example",
        "_vil.example",
        "\u{f2}x%",
        "o\u{300}x.exam%",
        "%xample",
        "",
    ]);
    let regexes = select(vec![
        "^evil\\.example$",
        "(?i)EVIL",
        "evil|xample",
        "x?ample",
        "(?i)kkelvin",
        "^[a-z]+$",
        "exampl(e|o)",
        "\\.exa(?=mp)",
        "^\u{f2}x\\.example",
        "o\u{300}?x\\.exam",
        ".",
        "http://[a-z.]+/a{1}",
        "exampleb*",
        "elvin",
    ]);
    prop_oneof![
        8 => (path(), constant()).prop_map(|(path, constant)| format!("{path} = {constant}")),
        1 => (path(), constant()).prop_map(|(path, constant)| format!("{path} != {constant}")),
        1 => (path(), constant()).prop_map(|(path, constant)| format!("{path} NOT = {constant}")),
        2 => (path(), not.clone(), select(vec!["<", "<=", ">", ">="]), ordered())
            .prop_map(|(path, not, relation, constant)| format!("{path} {not}{relation} {constant}")),
        2 => (path(), not.clone(), vec(constant(), 0..4))
            .prop_map(|(path, not, set)| format!("{path} {not}IN ({})", set.join(", "))),
        2 => (path(), not.clone(), likes)
            .prop_map(|(path, not, like)| format!("{path} {not}LIKE {}", quoted(like))),
        2 => (path(), not.clone(), regexes)
            .prop_map(|(path, not, regex)| format!("{path} {not}MATCHES {}", quoted(regex))),
        1 => (path(), not.clone(), select(vec!["ISSUBSET", "ISSUPERSET"]), networks)
            .prop_map(|(path, not, relation, network)| format!("{path} {not}{relation} '{network}'")),
        1 => (not, path()).prop_map(|(not, path)| format!("{not}EXISTS {path}")),
    ]
}

fn comparison() -> impl Strategy<Value = String> {
    proposition().prop_recursive(2, 6, 3, |inner| {
        (vec(inner, 2..4), select(vec![" AND ", " OR "]))
            .prop_map(|(operands, word)| format!("({})", operands.join(word)))
    })
}

pub(crate) fn pattern() -> impl Strategy<Value = String> {
    let bracket = comparison().prop_map(|comparison| format!("[{comparison}]"));
    let simple = (path(), text())
        .prop_map(|(path, text)| format!("[{path} = {}]", quoted(text)))
        .boxed();
    let expression = prop_oneof![bracket, simple.clone()].prop_recursive(3, 6, 3, |inner| {
        let qualifier = select(vec![
            "WITHIN 10 SECONDS",
            "WITHIN 100 SECONDS",
            "REPEATS 2 TIMES",
            "REPEATS 3 TIMES",
            "START t'2020-01-01T00:00:05Z' STOP t'2020-01-01T00:00:25Z'",
            "REPEATS 2 TIMES WITHIN 10 SECONDS",
        ]);
        prop_oneof![
            (
                vec(inner.clone(), 2..4),
                select(vec![" AND ", " OR ", " FOLLOWEDBY "])
            )
                .prop_map(|(operands, word)| format!("({})", operands.join(word))),
            (inner, qualifier).prop_map(|(inner, qualifier)| format!("({inner}) {qualifier}")),
        ]
    });
    prop_oneof![1 => simple, 2 => expression]
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => text().prop_map(json),
        2 => number().prop_map(String::from),
        1 => select(vec!["5.0", "5e0", "1e400", "true", "false", "null", "{}", "9007199254740992"]).prop_map(String::from),
    ]
}

fn sco() -> impl Strategy<Value = String> {
    let name = select(vec![
        "name",
        "size",
        "x_hex",
        "x_bin",
        "flag",
        "parent_ref",
        "hashes",
        "list",
        "all_refs",
        "value",
    ]);
    let member = (name, value(), value()).prop_map(|(name, a, b)| match name {
        "hashes" => format!("\"hashes\":{{\"MD5\":{a},\"SHA-256\":{b}}}"),
        "list" => format!("\"list\":[{a},{b},{{\"deep\":[{b}]}}]"),
        "parent_ref" => "\"parent_ref\":\"0\"".into(),
        "all_refs" => format!("\"all_refs\":[{a},\"1\",\"0\"]"),
        name => format!("\"{name}\":{a}"),
    });
    (
        select(vec!["file", "file", "url", "ipv4-addr"]),
        vec(member, 0..5),
    )
        .prop_map(|(object_type, members)| {
            let mut seen = Vec::new();
            let mut object = format!("{{\"type\":\"{object_type}\"");
            for member in members {
                let name = member.split(':').next().unwrap().to_owned();
                if !seen.contains(&name) {
                    object.push(',');
                    object.push_str(&member);
                    seen.push(name);
                }
            }
            object + "}"
        })
}

/// In the order of beginning, none of them longer than ten seconds.
pub(crate) fn observations(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    vec((0..8_u32, 0..10_u32, 1..3_u32, vec(sco(), 1..4)), count).prop_map(|each| {
        let mut first = 0;
        let each = each.into_iter().map(|(later, long, number, scos)| {
            first += later;
            let scos: Vec<_> = scos
                .iter()
                .enumerate()
                .map(|(at, sco)| format!("\"{at}\":{sco}"))
                .collect();
            let moment =
                |second: u32| format!("2020-01-01T00:{:02}:{:02}Z", second / 60, second % 60);
            format!(
                "{{\"type\":\"observed-data\",\"first_observed\":\"{}\",\"last_observed\":\"{}\",\
                 \"number_observed\":{number},\"objects\":{{{}}}}}",
                moment(first),
                moment(first + long),
                scos.join(",")
            )
        });
        each.collect()
    })
}
