//! The patterns that STIX 2.1 §9 gives as examples, as they stand there; comparisons and paths that
//! stand alone are put into brackets.

/// A pattern, and how the printer writes it where that differs.
pub(crate) struct Example {
    pub(crate) text: &'static str,
    pub(crate) printed: Option<&'static str>,
}

const fn same(text: &'static str) -> Example {
    Example {
        text,
        printed: None,
    }
}

const fn differs(text: &'static str, printed: &'static str) -> Example {
    Example {
        text,
        printed: Some(printed),
    }
}

/// In the order of the standard.
pub(crate) const PATTERNS: &[Example] = &[
    // §9.1.
    same("[user-account:value = 'Peter']"),
    same("[ipv4-addr:value = '203.0.113.1' OR ipv4-addr:value = '203.0.113.2']"),
    differs(
        "([ipv4-addr:value = '198.51.100.5'] FOLLOWEDBY [ipv4-addr:value = '198.51.100.10'])",
        "[ipv4-addr:value = '198.51.100.5'] FOLLOWEDBY [ipv4-addr:value = '198.51.100.10']",
    ),
    differs(
        "([ipv4-addr:value = '198.51.100.5' ] AND [ipv4-addr:value = '198.51.100.10']) WITHIN 300 SECONDS",
        "([ipv4-addr:value = '198.51.100.5'] AND [ipv4-addr:value = '198.51.100.10']) WITHIN 300 SECONDS",
    ),
    same("[user-account:value = 'Peter' OR user-account:value = 'Mary']"),
    differs(
        "[file:name = 'foo.dll'] START t'2016-06-01T00:00:00Z' STOP t'2016-07-01T00:00:00Z'",
        "[file:name = 'foo.dll'] START t'2016-06-01T00:00:00.000Z' STOP t'2016-07-01T00:00:00.000Z'",
    ),
    differs(
        "[ipv4-addr:value = '198.51.100.5'] AND [ ipv4-addr:value = '198.51.100.10']",
        "[ipv4-addr:value = '198.51.100.5'] AND [ipv4-addr:value = '198.51.100.10']",
    ),
    same("[file:size = 25536]"),
    // §9.3.
    same("[ipv4-addr:value = '198.51.100.1/32']"),
    same(
        "[ipv4-addr:value = '198.51.100.1/32' OR ipv4-addr:value = '203.0.113.33/32' OR ipv6-addr:value = '2001:0db8:dead:beef:dead:beef:dead:0001/128']",
    ),
    same(
        "[ipv4-addr:value = '198.51.100.1/32' OR ipv4-addr:value = '203.0.113.33/32' OR ipv6-addr:value = '2001:0db8:dead:beef:dead:beef:dead:0001/128'] REPEATS 5 TIMES",
    ),
    same(
        "([ipv4-addr:value = '198.51.100.1/32' OR ipv4-addr:value = '203.0.113.33/32' OR ipv6-addr:value = '2001:0db8:dead:beef:dead:beef:dead:0001/128'] FOLLOWEDBY [domain-name:value = 'example.com']) WITHIN 600 SECONDS",
    ),
    // §9.5.
    differs(
        "[ network-traffic:src_ref.value = '203.0.113.10' AND network-traffic:dst_ref.value = '198.51.100.58' ]",
        "[network-traffic:src_ref.value = '203.0.113.10' AND network-traffic:dst_ref.value = '198.51.100.58']",
    ),
    // §9.6.1.
    same("[file:name = 'foo.dll']"),
    same("[file:size != 4112]"),
    same("[file:size > 256]"),
    same("[file:size < 1024]"),
    same("[file:size <= 25145]"),
    same("[file:size >= 33312]"),
    same("[process:name IN ('proccy', 'proximus', 'badproc')]"),
    same(r"[directory:path LIKE 'C:\\Windows\\%\\foo']"),
    same(r"[directory:path MATCHES '^C:\\\\Windows\\w+$']"),
    same("[ipv4-addr:value ISSUBSET '198.51.100.0/24']"),
    same("[ipv4-addr:value ISSUPERSET '198.51.100.0/24']"),
    same("[EXISTS windows-registry-key:values]"),
    // §9.6.4.
    same("[artifact:payload_bin = 'dGhpcyBpcyBhIHRlc3Q=']"),
    same("[artifact:payload_bin = 'this is a test']"),
    same("[artifact:payload_bin = b'dGhpcyBpcyBhIHRlc3Q=']"),
    same("[artifact:payload_bin = h'7468697320697320612074657374']"),
    // §9.7, paths.
    same("[EXISTS file:size]"),
    same("[EXISTS file:extensions.'windows-pebinary-ext'.sections[*].entropy]"),
    same("[EXISTS network-traffic:protocols[0]]"),
    same("[EXISTS file:hashes.ssdeep]"),
    same("[EXISTS file:extensions.'raster-image-ext'.image_height]"),
    same("[EXISTS email-message:from_ref.value]"),
    same("[EXISTS directory:contains_refs[*].name]"),
    // §9.8.
    same(
        "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
    ),
    same(
        r"[email-message:from_ref.value MATCHES '.+\\@example\\.com$' AND email-message:body_multipart[*].body_raw_ref.name MATCHES '^Final Report.+\\.exe$']",
    ),
    same(
        "[file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f' AND file:mime_type = 'application/x-pdf']",
    ),
    differs(
        "[file:hashes.'SHA-256' = 'bf07a7fbb825fc0aae7bf4a1177b2b31fcf8a3feeaf7092761e18c859ee52a9c' OR file:hashes.MD5 = 'cead3f77f6cda6ec00f57d76c9a6879f']\nAND [file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
        "[file:hashes.'SHA-256' = 'bf07a7fbb825fc0aae7bf4a1177b2b31fcf8a3feeaf7092761e18c859ee52a9c' OR file:hashes.MD5 = 'cead3f77f6cda6ec00f57d76c9a6879f'] AND [file:hashes.'SHA-256' = 'aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f']",
    ),
    same(
        r"([file:hashes.MD5 = '79054025255fb1a26e4bc422aef54eb4'] FOLLOWEDBY [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\foo\\bar']) WITHIN 300 SECONDS",
    ),
    same(
        "[user-account:account_type = 'unix' AND user-account:user_id = '1007' AND user-account:account_login = 'Peter'] AND [user-account:account_type = 'unix' AND user-account:user_id = '1008' AND user-account:account_login = 'Paul'] AND [user-account:account_type = 'unix' AND user-account:user_id = '1009' AND user-account:account_login = 'Mary']",
    ),
    same(
        r"[artifact:mime_type = 'application/vnd.tcpdump.pcap' AND artifact:payload_bin MATCHES '\\xd4\\xc3\\xb2\\xa1\\x02\\x00\\x04\\x00']",
    ),
    same(r"[file:name = 'foo.dll' AND file:parent_directory_ref.path = 'C:\\Windows\\System32']"),
    same("[file:extensions.'windows-pebinary-ext'.sections[*].entropy > 7.0]"),
    same("[file:mime_type = 'image/bmp' AND file:magic_number_hex = h'ffd8']"),
    same(
        "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.33/32']",
    ),
    same(
        "[network-traffic:dst_ref.type = 'domain-name' AND network-traffic:dst_ref.value = 'example.com'] REPEATS 5 TIMES WITHIN 1800 SECONDS",
    ),
    same(
        "[domain-name:value = 'www.5z8.info' AND domain-name:resolves_to_refs[*].value = '198.51.100.1/32']",
    ),
    same("[url:value = 'http://example.com/foo' OR url:value = 'http://example.com/bar']"),
    same(
        "[x509-certificate:issuer = 'CN=WEBMAIL' AND x509-certificate:serial_number = '4c:0b:1d:19:74:86:a7:66:b4:1a:bf:40:27:21:76:28']",
    ),
    same(
        r"[windows-registry-key:key = 'HKEY_CURRENT_USER\\Software\\CryptoLocker\\Files' OR windows-registry-key:key = 'HKEY_CURRENT_USER\\Software\\Microsoft\\CurrentVersion\\Run\\CryptoLocker_0388']",
    ),
    differs(
        "[(file:name = 'pdf.exe' OR file:size = 371712) AND file:created = t'2014-01-13T07:03:17Z']",
        "[(file:name = 'pdf.exe' OR file:size = 371712) AND file:created = t'2014-01-13T07:03:17.000Z']",
    ),
    same(
        "[email-message:sender_ref.value = 'jdoe@example.com' AND email-message:subject = 'Conference Info']",
    ),
    same("[x-usb-device:usbdrive.serial_number = '575833314133343231313937']"),
    differs(
        "[process:command_line MATCHES '^.+>-add GlobalSign.cer -c -s -r localMachine Root$'] FOLLOWEDBY [process:command_line MATCHES'^.+>-add GlobalSign.cer -c -s -r localMachineTrustedPublisher$'] WITHIN 300 SECONDS",
        "[process:command_line MATCHES '^.+>-add GlobalSign.cer -c -s -r localMachine Root$'] FOLLOWEDBY [process:command_line MATCHES '^.+>-add GlobalSign.cer -c -s -r localMachineTrustedPublisher$'] WITHIN 300 SECONDS",
    ),
    same("[network-traffic:dst_ref.value ISSUBSET '2001:0db8:dead:beef:0000:0000:0000:0000/64']"),
    differs(
        r"([file:name = 'foo.dll'] AND [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\foo\\bar']) OR [process:image_ref.name = 'fooproc' OR process:image_ref.name = 'procfoo']",
        r"[file:name = 'foo.dll'] AND [windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\foo\\bar'] OR [process:image_ref.name = 'fooproc' OR process:image_ref.name = 'procfoo']",
    ),
];
