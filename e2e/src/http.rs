//! Enough of HTTP/1.1 to speak to a server on this machine.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// A browser that starts on a busy machine takes its time.
const TIMEOUT: Duration = Duration::from_mins(2);
const BODY_BYTES_MAX: u64 = 64 << 20;
const LINE_BYTES_MAX: u64 = 64 << 10;

/// What came back.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Gets `http://HOST:PORT/PATH`; the host is on this machine whatever its name.
pub fn get(url: &str) -> Result<Response> {
    let rest = url.strip_prefix("http://").context("not an http address")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    send("GET", authority, &format!("/{path}"), None)
}

/// Sends one request to `authority` (`host:port`) and reads the whole answer.
pub(crate) fn send(
    method: &str,
    authority: &str,
    path: &str,
    json: Option<&str>,
) -> Result<Response> {
    let port = authority.rsplit_once(':').map_or("80", |(_, port)| port);
    let mut stream = TcpStream::connect(("127.0.0.1", port.parse::<u16>()?))
        .with_context(|| format!("nobody listens at {authority}"))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let body = json.unwrap_or_default();
    let mut head =
        format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n");
    if json.is_some() {
        let length = body.len();
        head = format!(
            "{head}Content-Type: application/json; charset=utf-8\r\nContent-Length: {length}\r\n"
        );
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    read(&mut BufReader::new(stream)).with_context(|| format!("{method} {path}: no whole answer"))
}

/// Reads one answer. `ChromeDriver` keeps the connection open although we asked to close it, so the
/// end of the connection is not the end of the answer where a length is given.
fn read(stream: &mut impl BufRead) -> Result<Response> {
    let line = read_line(stream)?;
    let status = line.split(' ').nth(1).context("no status")?.parse()?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut response = Response {
        status,
        headers,
        body: Vec::new(),
    };
    if let Some(length) = response.header("content-length") {
        let length = length.parse::<u64>()?.min(BODY_BYTES_MAX);
        stream.take(length).read_to_end(&mut response.body)?;
        return Ok(response);
    }
    let chunked = response.header("transfer-encoding") == Some("chunked");
    stream
        .take(BODY_BYTES_MAX)
        .read_to_end(&mut response.body)?;
    if chunked {
        response.body = unchunk(&response.body)?;
    }
    Ok(response)
}

fn read_line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    stream.take(LINE_BYTES_MAX).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

fn unchunk(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let (size, after) = split(rest, b"\r\n").context("no size of a chunk")?;
        let size = usize::from_str_radix(std::str::from_utf8(size)?.trim(), 16)?;
        if size == 0 {
            return Ok(body);
        }
        let Some((chunk, after)) = after.split_at_checked(size) else {
            bail!("a chunk is cut off");
        };
        body.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").context("no end of a chunk")?;
    }
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(at.len()).position(|window| window == at)?;
    Some((bytes.get(..start)?, bytes.get(start + at.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined() {
        let text = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let response = read(&mut text.as_slice()).unwrap();
        assert_eq!(
            (response.status, response.body.as_slice()),
            (200, b"abcde".as_slice())
        );
        assert!(
            read(&mut b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc".as_slice())
                .is_err()
        );
    }
}
