//! `comity serve`: the node at work.

use std::sync::Arc;

use kernel::{OsRng, SharedClock, SharedRng, SystemClock};
use server::{logging, node::Node, rooms::Book, shutdown::Asked};

use super::lock;
use crate::{
    args::NodeArgs,
    heaps,
    output::{self, Failure, Hint},
};

const AFTER: &str = "\
Examples:
  comity serve --data /var/lib/comity
  comity serve --web 0.0.0.0:8460 --federation 0.0.0.0:8461 --web-url https://comity.example

The pages are plain HTTP, for loopback or behind a proxy that speaks TLS. Nodes connect to the
other listener, which speaks TLS 1.3 and lets only known peers in.
SIGTERM and SIGINT let what is under way end.

Exit codes: 0 stopped in order, 1 failed or stopped late, 2 wrong usage.";

/// Serve the pages to people and messages to peers, until told to stop.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Serve {
    /// Where people connect.
    #[arg(long, value_name = "ADDRESS:PORT")]
    web: Option<String>,
    /// Where nodes connect.
    #[arg(long, value_name = "ADDRESS:PORT")]
    federation: Option<String>,
    /// The address of the pages as people type it.
    #[arg(long, value_name = "URL")]
    web_url: Option<String>,
    /// Host and port at which peers reach this node.
    #[arg(long, value_name = "HOST:PORT")]
    federation_address: Option<String>,
}

impl Serve {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        let mut settings = args.settings();
        settings.web = self.web;
        settings.federation = self.federation;
        settings.web_url = self.web_url;
        settings.federation_address = self.federation_address;
        let config = server::config::Config::load(args.config.as_deref(), settings)
            .hint("comity --help says where settings stand")?;
        logging::start(config.log, &config.log_filter)?;
        heaps::limit();
        let lock = lock(&config)?;
        let (clock, rng): (SharedClock, SharedRng) = (Arc::new(SystemClock), Arc::new(OsRng));
        let node = Node::open(config, &lock, (clock, rng), Book::of)
            .await
            .hint("comity doctor says what is wrong; comity init makes a node")?;
        let mut asked =
            Asked::listen().hint("the system refuses to say when the node is to end")?;
        let serving = node
            .serve()
            .await
            .hint("is another program, or another node, using the port?")?;
        output::note(format_args!(
            "http://{} for people, {} for nodes",
            serving.web, serving.federation
        ));
        node.shutdown().signalled(&mut asked).await;
        let in_order = node.shutdown().finish().await;
        node.ground().db.close().await;
        Ok(u8::from(!in_order))
    }
}
