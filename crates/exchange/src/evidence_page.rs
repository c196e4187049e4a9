//! The page of an evidence archive: one file that loads nothing and runs nothing.

use std::fmt::Write;

use federation::verify::{NOT_PROVEN, Report};
use kernel::{PartyCode, ThreadId, Timestamp};
use seal::keys::Fingerprint;
use serde_json::Value;

use crate::model::{Gone, MessageView};

/// What is told of a message.
pub(crate) struct Told {
    /// What verification found, where there is a receipt.
    pub(crate) report: Option<Report>,
    /// Whether everything held.
    pub(crate) proven: bool,
    /// The message.
    pub(crate) view: MessageView,
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;\
padding:0 1rem;color:#111;background:#fff}article{border-top:2px solid #333;margin-top:2rem}\
dt{font-weight:600}dd{margin:0 0 .5rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere}\
code{overflow-wrap:anywhere}.mark{border:2px solid #000;padding:.1rem .4rem;font-weight:700}";

type Trust = [(PartyCode, Fingerprint)];

/// The page.
pub(crate) fn page(
    us: &PartyCode,
    (party, thread): (&PartyCode, ThreadId),
    told: &[Told],
    (trust, now): (&Trust, Timestamp),
) -> String {
    let mut html = String::new();
    html.push_str("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    html.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    html.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    let title = format!("Evidence: {us} and {party}, {thread}");
    put(&mut html, &format!("<title>{}</title>\n", escape(&title)));
    put(&mut html, &format!("<style>{STYLE}</style>\n"));
    put(&mut html, &format!("<h1>{}</h1>\n", escape(&title)));
    if told.iter().any(|one| one.view.header.exercise) {
        html.push_str("<p class=\"mark\">EXERCISE</p>\n");
    }
    let strictest = told.iter().map(|one| one.view.header.tlp).max();
    if let Some(tlp) = strictest {
        put(
            &mut html,
            &format!("<p class=\"mark\">TLP:{}</p>\n", tlp.as_str()),
        );
    }
    put(
        &mut html,
        &format!("<p>Written by the node of {us} at {now}.</p>\n"),
    );
    put(&mut html, &format!("<p>{}</p>\n", escape(NOT_PROVEN)));
    html.push_str(
        "<p>Compare these fingerprints of root keys with the parties themselves:</p><ul>\n",
    );
    for (party, fingerprint) in trust {
        put(
            &mut html,
            &format!("<li>{party} <code>{fingerprint}</code></li>\n"),
        );
    }
    html.push_str("</ul>\n");
    for one in told {
        article(&mut html, one, trust);
    }
    html.push_str("</html>\n");
    html
}

fn article(html: &mut String, told: &Told, trust: &Trust) {
    let view = &told.view;
    let withdrawn = matches!(view.gone, Some(Gone::Withdrawn { .. }));
    let title = match &view.statement {
        Some(_) if withdrawn => "(withdrawn)",
        Some(statement) => statement.title.as_str(),
        None => "(no words)",
    };
    put(
        html,
        &format!(
            "<article>\n<h2>{} from {} to {}: <bdi>{}</bdi></h2>\n",
            view.kind,
            view.from.party,
            view.to.party,
            escape(title)
        ),
    );
    html.push_str("<dl>\n");
    let header = &view.header;
    let mut rows = vec![
        ("message", view.id.to_string()),
        ("TLP", header.tlp.as_str().to_owned()),
        ("sent, as the sender states", header.sent.to_string()),
        ("urgency", header.urgency.level().to_owned()),
    ];
    rows.extend(
        header
            .ack_due
            .map(|at| ("acknowledgement asked for by", at.to_string())),
    );
    rows.extend(
        header
            .answer_due
            .map(|at| ("answer asked for by", at.to_string())),
    );
    if let Some(parent) = &header.parent {
        rows.push(("follows", format!("{} ({})", parent.id, parent.sha256)));
    }
    if let Some(Gone::Withdrawn { at }) = view.gone {
        rows.push(("withdrawn by its sender, known here", at.to_string()));
    }
    for (party, at) in &view.removal {
        rows.push((
            "removed",
            format!("{party} states that it removed it at {at}"),
        ));
    }
    for file in &view.files {
        let digest = file
            .sha256
            .map_or_else(|| "not opened".to_owned(), |one| one.to_string());
        rows.push((
            "file",
            format!("{} ({}), SHA-256 {digest}", file.name, file.media_type),
        ));
    }
    for (name, value) in rows {
        pair(html, name, &value);
    }
    html.push_str("</dl>\n");
    if let Some(Ok(words)) = view
        .statement
        .as_ref()
        .map(crate::model::Statement::to_value)
        && !withdrawn
    {
        value(html, &words);
    }
    checks(html, told, trust);
    html.push_str("</article>\n");
}

fn checks(html: &mut String, told: &Told, trust: &Trust) {
    let Some(report) = &told.report else {
        html.push_str("<p>There is no receipt for this message.</p>\n");
        return;
    };
    let verdict = if told.proven {
        "Verified when this was written:"
    } else {
        "Verification did not hold when this was written:"
    };
    put(html, &format!("<h3>{verdict}</h3>\n<ul>\n"));
    for check in &report.checks {
        let mark = if check.ok { "holds" } else { "FAILS" };
        put(
            html,
            &format!(
                "<li>{mark}: {} – {}</li>\n",
                escape(&check.name),
                escape(&check.sentence)
            ),
        );
    }
    html.push_str("</ul>\n");
    let line = command(told, trust);
    put(html, &format!("<p><code>{}</code></p>\n", escape(&line)));
}

/// How to verify a message, from within the archive.
fn command(told: &Told, trust: &Trust) -> String {
    let id = told.view.id;
    let mut line = format!(
        "comity verify envelopes/{id}.dsse.json receipts/{id}.tlog-proof --keys keys --trust"
    );
    for (_, fingerprint) in trust {
        put(&mut line, &format!(" {fingerprint}"));
    }
    line
}

/// How to use the archive.
pub(crate) fn readme(trust: &Trust, told: &[Told]) -> String {
    let mut text = String::from(
        "This archive holds what two parties said to each other, and what proves it.\n\n\
         index.html   can be read in any browser; it loads and runs nothing\n\
         envelopes/   each message as it was signed; the body in it is sealed\n\
         receipts/    the receiving node's proof that it held all of the message\n\
         bodies/      the plaintexts, with the salts of their commitments\n\
         keys/        the key sets of both parties, signed by their root keys\n\
         trust.txt    the fingerprints of the root keys, to be compared with the parties\n\n\
         Verify each message in this folder, without a network:\n\n",
    );
    for one in told.iter().filter(|one| one.report.is_some()) {
        put(&mut text, &command(one, trust));
        text.push('\n');
    }
    text.push_str(
        "\nA body belongs to its envelope if SHA-256(0x01, the first of its salts, the file)\n\
                   is the first commitment in the header.\n\n",
    );
    text.push_str(NOT_PROVEN);
    text.push('\n');
    text
}

/// The fingerprints, one a line.
pub(crate) fn trust(trust: &Trust) -> String {
    let mut text = String::new();
    for (party, fingerprint) in trust {
        put(&mut text, &format!("{party} {fingerprint}\n"));
    }
    text
}

fn value(html: &mut String, words: &Value) {
    match words {
        Value::Null => html.push_str("<p>–</p>\n"),
        Value::Bool(_) | Value::Number(_) => put(html, &format!("<p>{words}</p>\n")),
        Value::String(text) => put(html, &format!("<p dir=\"auto\">{}</p>\n", escape(text))),
        Value::Array(items) => {
            html.push_str("<ol>\n");
            for item in items {
                html.push_str("<li>");
                value(html, item);
                html.push_str("</li>\n");
            }
            html.push_str("</ol>\n");
        }
        Value::Object(members) => {
            html.push_str("<dl>\n");
            for (name, member) in members {
                put(
                    html,
                    &format!("<dt>{}</dt>\n<dd dir=\"auto\">", escape(name)),
                );
                match member {
                    Value::String(text) => html.push_str(&escape(text)),
                    other => value(html, other),
                }
                html.push_str("</dd>\n");
            }
            html.push_str("</dl>\n");
        }
    }
}

fn pair(html: &mut String, name: &str, text: &str) {
    put(
        html,
        &format!(
            "<dt>{}</dt><dd dir=\"auto\">{}</dd>\n",
            escape(name),
            escape(text)
        ),
    );
}

fn put(html: &mut String, text: &str) {
    html.push_str(text);
}

/// Text as HTML. What would turn the direction of what follows over is shown by its number.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                // Writing to a String does not fail.
                let _written = write!(out, "[U+{:04X}]", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_written_becomes_markup() {
        let mut html = String::new();
        value(
            &mut html,
            &serde_json::json!({"<b>": "<script>alert('x')</script>\u{202e}&"}),
        );
        assert!(!html.contains("<script") && !html.contains("<b>"));
        assert!(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;[U+202E]&amp;"));
    }
}
