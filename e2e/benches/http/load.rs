//! Clients that ask without pause, and figures of what they got.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use e2e::Connection;
use serde_json::json;

/// What one client asks for.
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: String,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: Option<Vec<u8>>,
}

/// What some clients got.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Lets so many clients ask for so long, each one request after the other; all answers must have this
/// status.
pub(crate) fn run<'a>(
    authority: &str,
    clients: u32,
    time: Duration,
    status: u16,
    ask: impl Fn(u32, u32) -> Ask<'a> + Sync,
) -> Result<Load> {
    let begin = Instant::now();
    let one = |client: u32| -> Result<Vec<f64>> {
        let mut connection = Connection::open(authority)?;
        let mut times = Vec::new();
        let mut number = 0;
        while begin.elapsed() < time {
            let Ask {
                method,
                path,
                headers,
                body,
            } = ask(client, number);
            let start = Instant::now();
            let answer = connection.ask((method, &path), headers, body.as_deref())?;
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            if answer.status != status {
                let said = String::from_utf8_lossy(&answer.body);
                bail!("{method} {path}: {} {said}", answer.status);
            }
            number += 1;
        }
        Ok(times)
    };
    let mut times = thread::scope(|scope| {
        let clients: Vec<_> = (0..clients)
            .map(|client| scope.spawn(move || one(client)))
            .collect();
        let mut times = Vec::new();
        for client in clients {
            times.extend(client.join().expect("a client does not panic")?);
        }
        anyhow::Ok(times)
    })?;
    let seconds = begin.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |hundredths: usize| times.get(times.len() * hundredths / 100).copied();
    let count = u32::try_from(times.len())?;
    Ok(Load {
        rate: f64::from(count) / seconds,
        p50: at(50).context("nobody was answered")?,
        p99: at(99).context("nobody was answered")?,
    })
}

/// What a figure is measured against.
pub(crate) enum Bar {
    AtLeast(f64),
    Below(f64),
}

/// Prints figures of one area.
pub(crate) struct Figures(pub(crate) &'static str);

impl Figures {
    pub(crate) fn plain(&self, name: &str, value: f64, unit: &str) {
        self.print(name, value, unit, None, None);
    }

    pub(crate) fn with_bar(&self, name: &str, value: f64, unit: &str, bar: &Bar) {
        self.print(name, value, unit, None, Some(bar));
    }

    /// Beside what a peer did; the ratio says how many times better this is.
    pub(crate) fn beside(&self, name: &str, value: f64, unit: &str, peer: &str, ratio: f64) {
        self.print(name, value, unit, Some((peer, ratio)), None);
    }

    fn print(
        &self,
        name: &str,
        value: f64,
        unit: &str,
        peer: Option<(&str, f64)>,
        bar: Option<&Bar>,
    ) {
        let (bar, ok) = match bar {
            None => (None, true),
            Some(Bar::AtLeast(least)) => (Some(format!(">= {least} {unit}")), value >= *least),
            Some(Bar::Below(most)) => (Some(format!("< {most} {unit}")), value < *most),
        };
        let figure = json!({
            "area": self.0,
            "name": name,
            "value": (value * 1000.0).round() / 1000.0,
            "unit": unit,
            "peer": peer.map(|(name, _)| name),
            "ratio": peer.map(|(_, ratio)| (ratio * 10.0).round() / 10.0),
            "bar": bar,
            "ok": ok,
        });
        println!("{figure}");
    }
}
