//! What the configuration takes and refuses.

use super::*;

fn settings(text: &str) -> Settings {
    toml::from_str(text).unwrap()
}

fn environment(pairs: &[(&str, &str)]) -> Result<Environment, ConfigError> {
    let pairs = pairs
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
    Environment::read(pairs)
}

#[test]
fn without_a_word_the_node_listens_on_loopback_alone() {
    let config = Settings::default().resolve(None).unwrap();
    assert!(config.web.ip().is_loopback() && config.federation.ip().is_loopback());
    assert_eq!(
        config.database,
        Address::Sqlite("comity-data/comity.db".into())
    );
    assert_eq!(config.web_url, "http://127.0.0.1:8460");
}

#[test]
fn the_command_line_wins_over_the_environment_and_that_over_the_file() {
    let file = settings("web = '127.0.0.1:1'\nfederation = '127.0.0.1:2'\nlog = 'json'");
    let environment = settings("web = '127.0.0.1:3'\nfederation = '127.0.0.1:4'");
    let flags = settings("web = '127.0.0.1:5'");
    let config = flags.over(environment).over(file).resolve(None).unwrap();
    assert_eq!(config.web.port(), 5);
    assert_eq!(config.federation.port(), 4);
    assert_eq!(config.log, LogFormat::Json);
}

#[test]
fn a_name_that_is_not_known_is_refused_in_file_and_environment() {
    assert!(toml::from_str::<Settings>("wbe = '127.0.0.1:1'").is_err());
    let refused = environment(&[("COMITY_WBE", "x")]).err().unwrap();
    assert_eq!(
        refused.to_string(),
        "the environment variable COMITY_WBE is not known"
    );
    assert!(environment(&[("PATH", "x"), ("COMITY_TEST_DATA", "x")]).is_ok());
}

#[test]
fn the_environment_says_what_the_file_can() {
    let found = environment(&[
        ("COMITY_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16"),
        ("COMITY_REQUESTS_PER_MINUTE", "7"),
        ("COMITY_PASSPHRASE", "correct horse"),
    ])
    .unwrap();
    let config = found.settings.resolve(found.passphrase).unwrap();
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.requests_per_minute, 7);
    let shown = format!("{config:?}");
    assert!(!shown.contains("correct"), "{shown}");
}

#[test]
fn pages_are_reached_at_what_is_said_and_at_the_port_that_was_chosen() {
    let listens = "127.0.0.1:51234".parse().unwrap();
    let at = |web: &str, said: Option<&str>| {
        let settings = Settings {
            web: Some(web.to_owned()),
            web_url: said.map(str::to_owned),
            ..Settings::default()
        };
        Config::of(settings).unwrap().reached_at(listens)
    };
    let said = Some("https://comity.example/");
    assert_eq!(at("127.0.0.1:8460", said), "https://comity.example");
    assert_eq!(at("127.0.0.1:8460", None), "http://127.0.0.1:8460");
    assert_eq!(at("127.0.0.1:0", None), "http://127.0.0.1:51234");
    assert_eq!(at("[::1]:0", None), "http://[::1]:51234");
    let host = Some("http://aldoria.localhost");
    assert_eq!(at("127.0.0.1:0", host), "http://aldoria.localhost:51234");
}

#[test]
fn values_that_cannot_be_used_are_named() {
    for (text, name) in [
        ("web = 'here'", "web"),
        ("database = 'mysql://x'", "database"),
        ("web_url = 'comity.example'", "web_url"),
        ("web_url = 'https://a/b'", "web_url"),
        (
            "federation_address = 'comity.example'",
            "federation_address",
        ),
        ("trusted_proxies = ['10.0.0.0/40']", "trusted_proxies"),
        ("metrics_token = 'short'", "metrics_token"),
        ("key_file = 'a'\npassphrase_file = 'b'", "key_file"),
    ] {
        let refused = settings(text).resolve(None).unwrap_err().to_string();
        assert!(
            refused.starts_with(&format!("the setting {name} is wrong")),
            "{refused}"
        );
    }
}
