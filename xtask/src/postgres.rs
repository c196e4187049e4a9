//! A scratch PostgreSQL for the tests: on loopback, on a free port, in a folder of its own, with
//! `fsync` on, and gone when we are.

use std::{
    fs,
    io::{ErrorKind, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{args::Args, debian, shell};

/// The variable that names the server to the tests.
pub(crate) const VARIABLE: &str = "COMITY_TEST_POSTGRES";

const FOLDER_PREFIX: &str = "comity-postgres-";
const PACKAGES: &[&str] = &["postgresql"];
const PROBE_INTERVAL: Duration = Duration::from_millis(50);
const PROBES_MAX: usize = 600;
const CONNECTIONS_MAX: &str = "300";

/// `cargo xtask postgres`: a server for one command, or until Ctrl-C.
pub(crate) fn run(args: Args) -> Result<()> {
    let command = args.finish()?;
    let mut cluster = Cluster::start()?;
    println!("{VARIABLE}={}", cluster.address());
    if let Some((program, words)) = command.split_first() {
        return shell::run(
            Command::new(program)
                .args(words)
                .env(VARIABLE, cluster.address()),
        );
    }
    println!("Ctrl-C ends it.");
    cluster.wait()
}

/// A running server. It is stopped and its folder removed when this is dropped; should we be
/// killed, the kernel stops it (`PR_SET_PDEATHSIG`) and the next start removes the folder.
#[derive(Debug)]
pub(crate) struct Cluster {
    server: Child,
    folder: PathBuf,
    address: String,
}

impl Cluster {
    pub(crate) fn start() -> Result<Self> {
        let programs = Programs::find_or_install()?;
        remove_leftovers();
        let folder = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let started = programs
            .make_cluster(&folder)
            .and_then(|()| programs.start(&folder));
        match started {
            Ok((server, address)) => {
                let mut cluster = Self {
                    server,
                    folder,
                    address,
                };
                cluster.wait_until_ready(&programs)?;
                Ok(cluster)
            }
            Err(error) => {
                let cause =
                    error.context(format!("cannot start a PostgreSQL in {}", folder.display()));
                remove(&folder);
                Err(cause)
            }
        }
    }

    /// The address of the server, for [`VARIABLE`].
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    fn wait(&mut self) -> Result<()> {
        let status = self.server.wait()?;
        println!("PostgreSQL ended: {status}");
        Ok(())
    }

    fn wait_until_ready(&mut self, programs: &Programs) -> Result<()> {
        for _ in 0..PROBES_MAX {
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL ended at once: {status}\n{}", self.log());
            }
            if shell::succeeds(programs.command("pg_isready").args(["-d", &self.address])) {
                return Ok(());
            }
            thread::sleep(PROBE_INTERVAL);
        }
        bail!("PostgreSQL did not become ready\n{}", self.log());
    }

    fn log(&self) -> String {
        let mut text = String::new();
        match fs::File::open(self.folder.join("log"))
            .and_then(|mut log| log.read_to_string(&mut text))
        {
            Ok(_) => text,
            Err(error) => format!("(its log cannot be read: {error})"),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown.
        let id = self.server.id().to_string();
        let asked = shell::succeeds(Command::new("kill").args(["-INT", &id]));
        if !asked && let Err(error) = self.server.kill() {
            println!("note: PostgreSQL {id} could not be stopped: {error}");
        }
        if let Err(error) = self.server.wait() {
            println!("note: PostgreSQL {id} could not be waited for: {error}");
        }
        remove(&self.folder);
    }
}

/// Where the programs are and who runs them: PostgreSQL refuses to run as root.
struct Programs {
    folder: PathBuf,
    user: Option<&'static str>,
}

impl Programs {
    fn find_or_install() -> Result<Self> {
        let folder = if let Some(folder) = find() {
            folder
        } else {
            debian::install(PACKAGES, "PostgreSQL, the second database engine")?;
            find().context("PostgreSQL was installed, but `initdb` is not to be found")?
        };
        let user = if debian::is_root() {
            Some(unprivileged_user()?)
        } else {
            None
        };
        Ok(Self { folder, user })
    }

    /// A program of PostgreSQL, to be run by one whom it accepts.
    fn command(&self, name: &str) -> Command {
        let program = self.folder.join(name);
        let Some(setpriv) = shell::which(&["setpriv"]) else {
            return Command::new(program);
        };
        let mut command = Command::new(setpriv);
        if let Some(user) = self.user {
            command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
        }
        command.args(["--pdeathsig", "INT"]).arg(program);
        command
    }

    fn make_cluster(&self, folder: &Path) -> Result<()> {
        if let Some(user) = self.user {
            let owner = format!("{user}:");
            shell::output(Command::new("chown").arg(owner).arg(folder))?;
        }
        // A linguistic default order, so that a column which forgot COLLATE "C" is found out.
        let order = [
            "--locale-provider=icu",
            "--icu-locale=en-US",
            "--locale=C.UTF-8",
        ];
        let mut initdb = self.command("initdb");
        initdb.current_dir(folder);
        initdb.args([
            "--username=comity",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]);
        initdb.args(order).arg("--pgdata=data");
        shell::output(&mut initdb).map(drop)
    }

    fn start(&self, folder: &Path) -> Result<(Child, String)> {
        let port = free_port()?;
        let log = fs::File::create(folder.join("log"))?;
        let mut server = self.command("postgres");
        server
            .current_dir(folder)
            .args(["-D", "data", "-p", &port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=on",
            &format!("max_connections={CONNECTIONS_MAX}"),
            "max_locks_per_transaction=256",
        ] {
            server.args(["-c", setting]);
        }
        let server = server
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        Ok((
            server,
            format!("postgres://comity@127.0.0.1:{port}/postgres"),
        ))
    }
}

/// The folder of PostgreSQL's programs: Debian keeps the newest version's off the search path.
fn find() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .ok()
        .and_then(|versions| {
            versions
                .flatten()
                .filter_map(|entry| {
                    Some((
                        entry.file_name().to_str()?.parse::<u32>().ok()?,
                        entry.path(),
                    ))
                })
                .map(|(version, path)| (version, path.join("bin")))
                .filter(|(_, folder)| folder.join("initdb").is_file())
                .max()
                .map(|(_, folder)| folder)
        });
    debian.or_else(|| shell::which(&["initdb"])?.parent().map(Path::to_owned))
}

fn unprivileged_user() -> Result<&'static str> {
    let users = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    ["postgres", "nobody"]
        .into_iter()
        .find(|user| {
            users
                .lines()
                .any(|line| line.split(':').next() == Some(user))
        })
        .context("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Removes what a killed run left behind; a folder whose run is alive is not ours to touch.
fn remove_leftovers() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(id) = name
            .to_str()
            .and_then(|name| name.strip_prefix(FOLDER_PREFIX))
        else {
            continue;
        };
        let alive = Path::new("/proc").join(id).exists() || !Path::new("/proc/self").exists();
        if !alive {
            remove(&entry.path());
        }
    }
}

fn remove(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            println!("note: {} could not be removed: {error}", folder.display());
        }
        _ => {}
    }
}
