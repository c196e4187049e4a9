//! Indicators and records as feeds and sensors have them, the same in every run.

use std::{fmt::Write as _, io::Write as _};

use matcher::Kind;

/// What a log looks like.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    /// Tab-separated: connections, names, requests and files in turn.
    Zeek,
    /// JSON lines with escaped slashes and quotes.
    Json,
}

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn letters(&mut self, count: u64) -> String {
        self.of(b"abcdefghijklmnopqrstuvwxyz", count)
    }

    fn hex(&mut self, digits: u64) -> String {
        self.of(b"0123456789abcdef", digits)
    }

    fn of(&mut self, letters: &[u8], count: u64) -> String {
        let one = |dice: &mut Self| letters[dice.below(letters.len() as u64) as usize];
        (0..count).map(|_| char::from(one(self))).collect()
    }

    fn uid(&mut self) -> String {
        let all = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        format!("C{}", self.of(all, 17))
    }

    fn address(&mut self) -> String {
        let [_, a, b, c, ..] = self.next().to_be_bytes();
        format!("{}.{a}.{b}.{c}", 11 + self.below(200))
    }

    fn address6(&mut self) -> String {
        let (a, b, c) = (self.hex(4), self.hex(3), self.hex(4));
        format!("2a{}:{a}::1{b}:{c}", self.hex(2))
    }

    fn domain(&mut self) -> String {
        let ends = [
            "com", "net", "org", "info", "ru", "cn", "de", "xyz", "top", "co.uk",
        ];
        let end = ends[self.below(10) as usize];
        let size = 5 + self.below(12);
        format!("{}.{end}", self.letters(size))
    }

    fn host(&mut self) -> String {
        let size = 2 + self.below(8);
        format!("{}.{}", self.letters(size), self.domain())
    }

    fn path(&mut self) -> String {
        let (a, b) = (3 + self.below(9), 4 + self.below(10));
        format!(
            "/{}/{}.php?id={}",
            self.letters(a),
            self.letters(b),
            self.below(1 << 20)
        )
    }
}

/// The id of an indicator as STIX has it.
pub(crate) fn id(dice: &mut Dice) -> String {
    let (a, b, c) = (dice.hex(8), dice.hex(4), dice.hex(12));
    format!("indicator--{a}-{b}-4{}-a{}-{c}", dice.hex(3), dice.hex(3))
}

/// An indicator: 30 % addresses, 30 % names, 15 % URLs, 20 % hashes, the rest of all other kinds.
pub(crate) fn indicator(dice: &mut Dice) -> (Kind, String) {
    match dice.below(1000) {
        0..250 => (Kind::Ipv4, dice.address()),
        250..270 => (
            Kind::Ipv4Net,
            format!("{}/{}", dice.address(), 20 + dice.below(9)),
        ),
        270..295 => (Kind::Ipv6, dice.address6()),
        295..300 => (
            Kind::Ipv6Net,
            format!("{}/{}", dice.address6(), 48 + 16 * dice.below(2)),
        ),
        300..400 => (Kind::Domain, dice.host()),
        400..600 => (Kind::DomainTree, dice.domain()),
        600..750 => (Kind::Url, format!("http://{}{}", dice.host(), dice.path())),
        750..800 => (Kind::Md5, dice.hex(32)),
        800..830 => (Kind::Sha1, dice.hex(40)),
        830..940 => (Kind::Sha256, dice.hex(64)),
        940..945 => (Kind::Sha512, dice.hex(128)),
        945..955 => (Kind::Ja3, dice.hex(32)),
        955..960 => (
            Kind::Ja4,
            format!("t13d1516h2_{}_{}", dice.hex(12), dice.hex(12)),
        ),
        960..962 => (Kind::Jarm, dice.hex(62)),
        962..964 => (Kind::Asn, format!("AS{}", 60_000 + dice.below(400_000))),
        964..966 => (
            Kind::Cve,
            format!(
                "CVE-20{}-{}",
                10 + dice.below(15),
                1000 + dice.below(50_000)
            ),
        ),
        966..970 => (Kind::Eth, format!("0x{}", dice.hex(40))),
        970..980 => (
            Kind::Email,
            format!("{}@{}", dice.letters(7), dice.domain()),
        ),
        980..992 => (Kind::FileName, format!("{}.exe", dice.letters(9))),
        992..996 => (
            Kind::RegistryKey,
            format!("HKLM\\Software\\{}\\{}", dice.letters(8), dice.letters(6)),
        ),
        996..998 => (
            Kind::UserAgent,
            format!("{}/1.0 (x; {})", dice.letters(7), dice.letters(5)),
        ),
        _ => (Kind::Mutex, format!("Global\\{}", dice.letters(12))),
    }
}

/// Appends a record; what it must contain takes the place of one of its fields.
pub(crate) fn record(
    dice: &mut Dice,
    style: Style,
    number: usize,
    wanted: Option<&(Kind, String)>,
    log: &mut Vec<u8>,
) {
    let laid = wanted.map(|(kind, text)| laid(*kind, text));
    match style {
        Style::Zeek => zeek(dice, number, laid, log),
        Style::Json => json(dice, number, laid, log),
    }
}

/// A text in a record that has the indicator.
fn laid(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Ipv4Net | Kind::Ipv6Net => text.split('/').next().unwrap().to_owned(),
        Kind::DomainTree => format!("www.{text}"),
        _ => text.to_owned(),
    }
}

fn zeek(dice: &mut Dice, number: usize, laid: Option<String>, log: &mut Vec<u8>) {
    let ts = format!("17{}.{:06}", 10_000_000 + number, dice.below(1_000_000));
    let (uid, from, to) = (dice.uid(), dice.address(), dice.address());
    let (port, bytes) = (1024 + dice.below(60_000), dice.below(1 << 20));
    let head = format!(
        "{ts}\t{uid}\t10.{}.{}.{}\t{port}\t{to}",
        dice.below(200),
        dice.below(256),
        1 + dice.below(254)
    );
    match number % 4 {
        0 => write!(log, "{head}\t443\ttcp\tssl\t{}.{:06}\t{bytes}\t{}\tSF\tT\tF\t0\tShADadFf\t{}\t{}\t{}\t{}\t{}\t{from}\t(empty)", dice.below(90), dice.below(1_000_000), dice.below(1 << 24), dice.below(90), bytes + 40, dice.below(99), dice.below(1 << 20), laid.unwrap_or_else(|| "-".into())),
        1 => {
            let name = laid.unwrap_or_else(|| dice.host());
            write!(log, "{head}\t53\tudp\t{}\t0.0{:05}\t{name}\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t{},{}\t{}.000000,{}.000000\tF", dice.below(65_536), dice.below(99_999), dice.address(), dice.address(), dice.below(999), dice.below(999))
        }
        2 => {
            let (host, path) = (dice.host(), dice.path());
            let referrer = laid.unwrap_or_else(|| format!("http://{}{}", dice.host(), dice.path()));
            write!(log, "{head}\t80\t1\tGET\t{host}\t{path}\t{referrer}\t1.1\tMozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.6099.{} Safari/537.36\t-\t0\t{bytes}\t200\tOK\t-\t-\t(empty)\t-\t-\t-\t-\t-\tF{}\t-\ttext/html", dice.below(300), &dice.uid())
        }
        _ => {
            let hash = laid.unwrap_or_else(|| dice.hex(64));
            write!(log, "{head}\t443\tF{}\tHTTP\t0\tPE,SHA1,MD5\tapplication/x-dosexec\t{}.exe\t0.{:06}\tF\tF\t{bytes}\t{bytes}\t0\t0\tF\t-\t{}\t{}\t{hash}\t-", &dice.uid(), dice.letters(9), dice.below(1_000_000), dice.hex(32), dice.hex(40))
        }
    }
    .unwrap();
}

fn json(dice: &mut Dice, number: usize, laid: Option<String>, log: &mut Vec<u8>) {
    let mut text = String::new();
    let (from, to) = (dice.address(), dice.address());
    write!(
        text,
        r#"{{"timestamp":"2026-01-{:02}T{:02}:{:02}:{:02}.{:06}+0000","flow_id":{},"in_iface":"eth0","event_type":"http","src_ip":"{from}","src_port":{},"dest_ip":"{to}","dest_port":80,"proto":"TCP","#,
        1 + number % 28, number % 24, number % 60, dice.below(60), dice.below(1_000_000), dice.next() >> 12, dice.below(65_536),
    )
    .unwrap();
    let url = laid.unwrap_or_else(|| format!("http://{}{}", dice.host(), dice.path()));
    let url = url.replace('\\', "\\\\").replace('/', "\\/");
    let path = dice.path().replace('/', "\\/");
    match number % 3 {
        0 => write!(text, r#""http":{{"hostname":"{}","url":"{path}","http_user_agent":"Mozilla\/5.0 (Windows NT 10.0; Win64; x64)","http_refer":"{url}","http_method":"GET","protocol":"HTTP\/1.1","status":200,"length":{}}}}}"#, dice.host(), dice.below(1 << 20)),
        1 => write!(text, r#""dns":{{"type":"answer","id":{},"rrname":"{}","rrtype":"A","ttl":{},"rdata":"{}"}},"note":"{url}"}}"#, dice.below(65_536), dice.host(), dice.below(999), dice.address()),
        _ => write!(text, r#""fileinfo":{{"filename":"{path}","sha256":"{}","md5":"{}","size":{}}},"alert":{{"signature":"ET POLICY \"{}\" seen","category":"{url}"}}}}"#, dice.hex(64), dice.hex(32), dice.below(1 << 24), dice.letters(12)),
    }
    .unwrap();
    log.extend(text.bytes());
}
