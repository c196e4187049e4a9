//! Where the listeners are.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::node::NodeError;

pub(crate) async fn bind(
    name: &'static str,
    address: SocketAddr,
) -> Result<TcpListener, NodeError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|source| NodeError::Listen {
        name,
        address,
        source,
    })
}

pub(crate) fn local(
    name: &'static str,
    listener: &TcpListener,
    address: SocketAddr,
) -> Result<SocketAddr, NodeError> {
    listener.local_addr().map_err(|source| NodeError::Listen {
        name,
        address,
        source,
    })
}
