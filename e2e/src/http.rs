//! Enough of HTTP/1.1 to speak to a server on this machine.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// A browser that starts on a busy machine takes its time.
const TIMEOUT: Duration = Duration::from_mins(2);
const BODY_BYTES_MAX: u64 = 512 << 20;
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
    let mut headers = vec![("Connection", "close")];
    if json.is_some() {
        headers.push(("Content-Type", "application/json; charset=utf-8"));
    }
    let body = json.map(str::as_bytes);
    Connection::open(authority)?.ask((method, path), &headers, body)
}

/// A connection that takes one request after the other.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    authority: String,
}

impl Connection {
    /// Connects to `host:port` on this machine, whatever the host's name.
    pub fn open(authority: &str) -> Result<Self> {
        let port = authority.rsplit_once(':').map_or("80", |(_, port)| port);
        let stream = TcpStream::connect(("127.0.0.1", port.parse::<u16>()?))
            .with_context(|| format!("nobody listens at {authority}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        Ok(Self {
            stream: BufReader::new(stream),
            authority: authority.to_owned(),
        })
    }

    /// Sends a request (method and path) and reads the whole answer.
    pub fn ask(
        &mut self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Response> {
        let authority = &self.authority;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {authority}\r\n");
        for (name, value) in headers {
            request.extend([*name, ": ", *value, "\r\n"]);
        }
        if let Some(body) = body {
            request.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
        }
        request.push_str("\r\n");
        let mut request = request.into_bytes();
        request.extend_from_slice(body.unwrap_or_default());
        self.stream.get_mut().write_all(&request)?;
        read(&mut self.stream).with_context(|| format!("{method} {path}: no whole answer"))
    }
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
    } else if response.header("transfer-encoding") == Some("chunked") {
        while let Some(chunk) = read_chunk(stream)? {
            response.body.extend(chunk);
        }
    } else if !matches!(status, 204 | 304) {
        stream
            .take(BODY_BYTES_MAX)
            .read_to_end(&mut response.body)?;
    }
    Ok(response)
}

/// One chunk, or nothing after the last.
fn read_chunk(stream: &mut impl BufRead) -> Result<Option<Vec<u8>>> {
    let line = read_line(stream)?;
    let size = line.split(';').next().unwrap_or_default().trim();
    let size = u64::from_str_radix(size, 16).with_context(|| format!("no size: {line:?}"))?;
    let mut chunk = Vec::new();
    stream.take(size).read_to_end(&mut chunk)?;
    let end = read_line(stream)?;
    if u64::try_from(chunk.len())? != size || !end.is_empty() {
        bail!("a chunk is cut off");
    }
    Ok((size > 0).then_some(chunk))
}

fn read_line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    stream.take(LINE_BYTES_MAX).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
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
