//! What stands between two that speak, and may break.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
};

/// Leads to a port on this machine. The first connection breaks when the server has said so many bytes;
/// those after it do not. Gives the port of its near end.
pub(crate) fn breaking_once(port: u16, after: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut left = after;
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", port)));
            join(client, server.unwrap(), left);
            left = usize::MAX;
        }
    });
    near
}

fn join(client: TcpStream, server: TcpStream, left: usize) {
    let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || carry(&from, &to, usize::MAX));
    thread::spawn(move || carry(&server, &client, left));
}

fn carry(mut from: &TcpStream, mut to: &TcpStream, mut left: usize) {
    let mut part = [0; 4096];
    while left > 0 {
        let wanted = part.len().min(left);
        let Ok(read @ 1..) = from.read(&mut part[..wanted]) else {
            break;
        };
        if to.write_all(&part[..read]).is_err() {
            break;
        }
        left -= read;
    }
    for end in [from, to] {
        drop(end.shutdown(Shutdown::Both));
    }
}
