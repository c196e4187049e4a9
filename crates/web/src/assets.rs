//! Style, scripts and pictures, inside the program. The address of each holds the hash of its bytes,
//! so it may be kept for ever and is never stale.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};

struct Asset {
    name: &'static str,
    url: String,
    media_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! files {
    ($($name:literal $media_type:literal)*) => {
        [$(($name, $media_type, include_bytes!(concat!("../static/", $name)).as_slice())),*]
    };
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    files! {
        "style.css" "text/css; charset=utf-8"
        "print.css" "text/css; charset=utf-8"
        "keys.js" "text/javascript; charset=utf-8"
        "copy.js" "text/javascript; charset=utf-8"
        "live.js" "text/javascript; charset=utf-8"
        "report.js" "text/javascript; charset=utf-8"
        "icons.svg" "image/svg+xml"
        "mark.svg" "image/svg+xml"
    }
    .into_iter()
    .map(|(name, media_type, bytes)| Asset {
        name,
        url: hashed(name, bytes),
        media_type,
        bytes,
    })
    .collect()
});

fn hashed(name: &str, bytes: &[u8]) -> String {
    let hash: String = ledger::Hash::new(ledger::sha256(bytes))
        .to_hex()
        .chars()
        .take(12)
        .collect();
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    format!("/static/{stem}.{hash}.{ending}")
}

/// The address of a file of `static/`; empty for a name that is none, which a test excludes.
pub fn url(name: &str) -> &'static str {
    ASSETS
        .iter()
        .find(|asset| asset.name == name)
        .map_or("", |asset| asset.url.as_str())
}

/// Every file with its address, for tools that write pages to disk.
pub fn all() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    ASSETS.iter().map(|asset| (asset.url.as_str(), asset.bytes))
}

/// `GET /static/{file}`.
pub(crate) async fn serve(Path(file): Path<String>) -> Response {
    let found = ASSETS
        .iter()
        .find(|asset| asset.url.strip_prefix("/static/") == Some(file.as_str()));
    let Some(asset) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers: [(HeaderName, &str); 3] = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_the_hash_of_the_bytes() {
        assert_eq!(hashed("a.css", b"x"), "/static/a.2d711642b726.css");
        assert!(all().all(|(url, bytes)| !url.is_empty() && !bytes.is_empty()));
    }

    #[test]
    fn style_and_scripts_leave_room_for_the_page() {
        let bytes: usize = all().map(|(_, bytes)| bytes.len()).sum();
        assert!(bytes < 40_000, "{bytes} bytes of assets");
    }

    #[test]
    fn a_list_of_cards_has_a_caption_as_wide_as_itself() {
        let style = all().find(|(url, _)| url.contains("/style."));
        let style = String::from_utf8_lossy(style.unwrap().1);
        let rules = style
            .lines()
            .filter(|rule| rule.contains("table.cards caption"));
        let rules: Vec<_> = rules.collect();
        assert!(
            rules.iter().any(|rule| rule.contains("display: block")),
            "{rules:?}"
        );
    }
}
