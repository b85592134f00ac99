//! A game server, a line to it, two watchers, and a database.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use clap::ValueEnum;
use fullhold_simulator::{Config, Disturbances, SimulatedFile, Simulation};
use fullhold_testkit::{Postgres, Relay, Sshd};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::root;

/// What is compared in the end.
pub(super) const EXPORTS: [&str; 5] = ["rounds", "players", "weapons", "sessions", "aliases"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Base {
    Sqlite,
    Postgres,
}

/// What a process uses.
pub(super) struct Usage {
    pub(super) memory_kib: u64,
    pub(super) descriptors: u64,
}

pub(super) struct Site {
    pub(super) server: Sshd,
    pub(super) relay: Relay,
    pub(super) cluster: Option<Postgres>,
    pub(super) files: Box<dyn Iterator<Item = SimulatedFile>>,
    /// Files that are being written, or may not be read for a while.
    pub(super) under_way: Vec<JoinHandle<std::io::Result<()>>>,
    pub(super) watchers: [Watching; 2],
    url: String,
    folder: TempDir,
    programs: PathBuf,
}

/// A watcher, in a folder of its own.
pub(super) struct Watching {
    pub(super) folder: PathBuf,
    program: PathBuf,
    child: Option<Child>,
}

impl Watching {
    pub(super) fn start(&mut self) -> Result<(), Box<dyn Error>> {
        let log = File::options().create(true).append(true).open(self.folder.join("log"))?;
        let mut command = Command::new(&self.program);
        command.arg("watch").current_dir(&self.folder).env_clear().stdin(Stdio::null());
        self.child = Some(command.stdout(log.try_clone()?).stderr(log).spawn()?);
        Ok(())
    }

    pub(super) fn signal(&self, name: &str) -> Result<(), Box<dyn Error>> {
        if let Some(child) = &self.child {
            Command::new("kill").args([name, &child.id().to_string()]).status()?;
        }
        Ok(())
    }

    /// Ends it as SIGTERM does; it must end in time and be content.
    pub(super) fn end(&mut self) -> Result<(), Box<dyn Error>> {
        self.signal("-TERM")?;
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let status = child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("a watcher ended with {status}").into()) }
    }

    pub(super) fn kill(&mut self) -> Result<(), Box<dyn Error>> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.kill());
    }
}

impl Site {
    pub(super) fn start(base: Base, profile: &str) -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let server = Sshd::start()?;
        let relay = Relay::to(server.port());
        server.trust_behind(&[relay.port()])?;
        let cluster = if base == Base::Postgres { Some(Postgres::start()?) } else { None };
        let url = match &cluster {
            Some(cluster) => {
                cluster.create_database("soak")?;
                cluster.url("soak")
            }
            None => format!("sqlite://{}", folder.path().join("soak.db").display()),
        };
        // Copies: a build meanwhile must not put other programs in their place.
        let programs = folder.path().join("programs");
        fs::create_dir_all(&programs)?;
        for name in ["importer", "dbadmin"] {
            fs::copy(root().join("target").join(profile).join(name), programs.join(name))?;
        }
        let text = format!(
            "database_url = \"{url}\"\nssh_check_interval = 1\nssh_host = \"127.0.0.1\"\nssh_port = {}\nssh_user = \"{}\"\n\
             ssh_key_path = \"{}\"\nssh_known_hosts = \"{}\"\nremote_stats_path = \"{}\"\n",
            relay.port(),
            server.user(),
            server.key().display(),
            server.known_hosts().display(),
            server.files().display()
        );
        let place = |name: &str| -> Result<Watching, Box<dyn Error>> {
            let folder = folder.path().join(name);
            fs::create_dir_all(&folder)?;
            fs::write(folder.join("fullhold.toml"), &text)?;
            Ok(Watching { folder, program: programs.join("importer"), child: None })
        };
        let mut watchers = [place("first")?, place("second")?];
        for watcher in &mut watchers {
            watcher.start()?;
        }
        let config = Config::community(12, 100_000, "UTC", Disturbances::none());
        let files = Box::new(Simulation::new(config)?.flat_map(|evening| evening.files));
        Ok(Self { server, relay, cluster, files, under_way: Vec::new(), watchers, url, folder, programs })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What was found stays for a person to look at.
    pub(super) fn keep(&self) -> PathBuf {
        let kept = self.folder().with_extension("kept");
        drop(Command::new("cp").arg("-a").args([self.folder(), &kept]).status());
        kept
    }

    /// A watcher that ended by itself is a defect.
    pub(super) fn look_after(&mut self) -> Result<(), Box<dyn Error>> {
        for watcher in &mut self.watchers {
            if let Some(child) = &mut watcher.child
                && let Some(status) = child.try_wait()?
            {
                return Err(format!("a watcher ended by itself with {status}").into());
            }
        }
        Ok(())
    }

    /// Everything that goes wrong is over, and what is being written is whole.
    pub(super) fn settle(&mut self) -> Result<(), Box<dyn Error>> {
        for one in self.under_way.drain(..) {
            one.join().map_err(|_panicked| "a writer panicked")??;
        }
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), Box<dyn Error>> {
        self.watchers.iter_mut().try_for_each(Watching::end)
    }

    /// Files on the game server.
    pub(super) fn written(&self) -> usize {
        fs::read_dir(self.server.files()).map_or(0, Iterator::count)
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.watchers[0].folder).args(arguments).stdin(Stdio::null());
        let output = command.output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Err(format!("{name} {}: {}\n{out}{err}", arguments.join(" "), output.status).into())
    }

    pub(super) fn dbadmin(&self, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
        self.program("dbadmin", arguments)
    }

    /// A rebuild that stands still for a while, with whatever locks it has then.
    pub(super) fn freeze_a_rebuild(&self, before: Duration, pause: Duration) -> Result<(), Box<dyn Error>> {
        let mut command = Command::new(self.programs.join("dbadmin"));
        command.current_dir(&self.watchers[0].folder).args(["rebuild", "--yes", "--no-backup"]).stdin(Stdio::null());
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let signal = |name: &str| Command::new("kill").args([name, &child.id().to_string()]).status();
        std::thread::sleep(before);
        signal("-STOP")?;
        std::thread::sleep(pause);
        signal("-CONT")?;
        let output = child.wait_with_output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("dbadmin rebuild: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into())
    }

    pub(super) fn sync(&self) -> Result<(), Box<dyn Error>> {
        self.program("importer", &["sync", "--all", "--quiet"]).map(drop)
    }

    pub(super) fn validate(&self) -> Result<(), Box<dyn Error>> {
        self.dbadmin(&["validate"]).map(drop)
    }

    /// Files that are imported.
    pub(super) fn stored(&self) -> Result<usize, Box<dyn Error>> {
        let status: Value = serde_json::from_str(&self.dbadmin(&["status", "--json"])?)?;
        let stored = status.pointer("/files/imported").and_then(Value::as_u64).unwrap_or(0);
        Ok(usize::try_from(stored)?)
    }

    /// Files that failed, wait, are set aside or in conflict.
    pub(super) fn unstored(&self) -> Result<usize, Box<dyn Error>> {
        let files: Value = serde_json::from_str(&self.dbadmin(&["files", "--json"])?)?;
        let count = |name: &str| files.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        Ok(count("files") + count("on_servers"))
    }

    pub(super) fn exports(&self) -> Result<Vec<String>, Box<dyn Error>> {
        EXPORTS.iter().map(|what| self.export(what, &self.url)).collect()
    }

    /// The same of the files on the server, imported from disk.
    pub(super) fn exports_from_disk(&self) -> Result<Vec<String>, Box<dyn Error>> {
        let url = format!("sqlite://{}", self.folder().join("from-disk.db").display());
        let files = self.server.files().display().to_string();
        self.program("importer", &["--quiet", "--database-url", &url, &files])?;
        EXPORTS.iter().map(|what| self.export(what, &url)).collect()
    }

    /// Rows without what only numbers them, sorted.
    fn export(&self, what: &str, url: &str) -> Result<String, Box<dyn Error>> {
        let text = self.dbadmin(&["export", what, "--format", "jsonl", "--database-url", url])?;
        let mut rows = Vec::new();
        for line in text.lines() {
            let mut row: Value = serde_json::from_str(line)?;
            if let Some(columns) = row.as_object_mut() {
                columns.retain(|name, _| name != "id" && !name.ends_with("_id") && !name.ends_with("_at"));
            }
            rows.push(row.to_string());
        }
        rows.sort();
        Ok(rows.join("\n"))
    }

    pub(super) fn usage_of_first(&self) -> Result<Usage, Box<dyn Error>> {
        let Some(child) = &self.watchers[0].child else { return Err("the first watcher is not there".into()) };
        let process = PathBuf::from(format!("/proc/{}", child.id()));
        let status = fs::read_to_string(process.join("status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no memory")?;
        let memory_kib = line.split_whitespace().nth(1).ok_or("no memory")?.parse()?;
        let descriptors = u64::try_from(fs::read_dir(process.join("fd"))?.count())?;
        Ok(Usage { memory_kib, descriptors })
    }

    /// The ends of what the watchers said.
    pub(super) fn logs(&self) -> String {
        let mut text = String::new();
        for watcher in &self.watchers {
            let log = fs::read_to_string(watcher.folder.join("log")).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines.get(lines.len().saturating_sub(40)..).unwrap_or_default();
            text.push_str(&format!("--- {}\n{}\n", watcher.folder.display(), last.join("\n")));
        }
        text
    }
}

/// How long something lasts at most.
pub(super) const LONGEST: Duration = Duration::from_secs(9);
