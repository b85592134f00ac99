//! `importer watch` and `importer sync` as a person and systemd drive them.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::{Sshd, each_backend_blocking, free_port, wait_for, wait_until};

/// The importer in a folder, with nothing of this process's environment.
fn importer(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_importer"));
    command.current_dir(directory).env_clear().stdin(Stdio::null());
    command
}

fn configure(directory: &Path, servers: &[(&str, &Sshd)], url: &str) {
    let mut text = format!("database_url = \"{url}\"\nssh_check_interval = 1\n");
    for (name, server) in servers {
        text.push_str(&format!(
            "[[server]]\nname = \"{name}\"\nssh_host = \"127.0.0.1\"\nssh_port = {}\nssh_user = \"{}\"\n\
             ssh_key_path = \"{}\"\nssh_known_hosts = \"{}\"\nremote_stats_path = \"{}\"\n",
            server.port(),
            server.user(),
            server.key().display(),
            server.known_hosts().display(),
            server.files().display()
        ));
    }
    fs::write(directory.join("fullhold.toml"), text).unwrap();
}

fn write_round(server: &Sshd, seed: u64) -> String {
    let mut evenings = Simulation::new(Config::community(seed, 2, "UTC", Disturbances::none())).unwrap();
    let file = evenings.next().unwrap().files.remove(0);
    fs::write(server.files().join(&file.name), file.bytes).unwrap();
    file.name
}

/// The whole answer, if anybody answers.
fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    Some(text)
}

/// A watcher whose output is read line by line.
struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn start(directory: &Path) -> Self {
        let mut child = importer(directory).arg("watch").stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn until(&mut self, words: &str) {
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "ended without {words:?}:\n{seen}");
            if line.contains(words) {
                return;
            }
            seen.push_str(&line);
        }
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    fn end(mut self) {
        self.signal("-TERM");
        let status = wait_for("the watcher's end", Duration::from_secs(20), || self.child.try_wait().unwrap());
        assert_eq!(status.code(), Some(0));
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn watching_imports_reads_its_configuration_again_and_ends_when_told() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let (one, two) = (Sshd::start().unwrap(), Sshd::start().unwrap());
        configure(directory.path(), &[("one", &one)], url);
        let port = free_port();
        fs::write(directory.path().join(".env"), format!("METRICS_ADDR={port}\n")).unwrap();
        let mut watching = Watching::start(directory.path());
        watching.until("one: 0 files on the server, 0 to fetch");
        let name = write_round(&one, 1);
        watching.until(&format!("one: imported {name}"));
        let figures = ["fullhold_newest_file_imported{server=\"one\"} 1", "event=\"imported\"} 1"];
        wait_until("metrics", Duration::from_secs(20), || {
            get(port, "/metrics").is_some_and(|text| figures.iter().all(|figure| text.contains(figure)))
        });
        for (path, status) in [("/healthz", "200 OK"), ("/readyz", "200 OK"), ("/", "404 Not Found")] {
            let answer = get(port, path).unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{path}: {answer}");
        }
        // Metrics move where the configuration says.
        let moved = free_port();
        fs::write(directory.path().join(".env"), format!("METRICS_ADDR={moved}\n")).unwrap();
        watching.signal("-HUP");
        watching.until("configuration read again");
        assert!(get(port, "/healthz").is_none() && get(moved, "/healthz").is_some());
        // A configuration that is wrong changes nothing.
        fs::write(directory.path().join("fullhold.toml"), "no_such_key = 1\n").unwrap();
        watching.signal("-HUP");
        let name = write_round(&one, 2);
        watching.until(&format!("one: imported {name}"));
        configure(directory.path(), &[("one", &one), ("two", &two)], url);
        watching.signal("-HUP");
        watching.until("configuration read again");
        watching.until("two: 0 files on the server");
        let name = write_round(&two, 3);
        watching.until(&format!("two: imported {name}"));
        watching.end();
        assert!(directory.path().join("local_stats/two").join(name).exists());
    });
}

#[test]
fn a_watcher_that_waits_for_its_database_says_so_and_ends_when_told() {
    let directory = tempfile::tempdir().unwrap();
    let server = Sshd::start().unwrap();
    // Accepts, and never says anything.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("postgres://nobody@127.0.0.1:{}/nothing", silent.local_addr().unwrap().port());
    configure(directory.path(), &[("one", &server)], &url);
    let port = free_port();
    fs::write(directory.path().join(".env"), format!("METRICS_ADDR={port}\n")).unwrap();
    let watching = Watching::start(directory.path());
    wait_until("it is alive", Duration::from_secs(20), || {
        get(port, "/healthz").is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
    });
    let answer = get(port, "/readyz").unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("not ready: starting"), "{answer}");
    watching.end();
}

#[test]
fn sync_fetches_everything_once_and_says_what_it_did() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let server = Sshd::start().unwrap();
        configure(directory.path(), &[("one", &server)], url);
        for seed in 1..=3 {
            write_round(&server, seed);
        }
        fs::write(server.files().join("2025-01-07-200000-supply-round-1.txt"), "broken\n").unwrap();
        let sync = |arguments: &[&str]| {
            let Output { status, stdout, .. } =
                importer(directory.path()).arg("sync").args(arguments).output().unwrap();
            (status.code(), String::from_utf8(stdout).unwrap())
        };
        let long_ago = SystemTime::now() - Duration::from_secs(3 * 86_400);
        for file in fs::read_dir(server.files()).unwrap() {
            fs::File::options().write(true).open(file.unwrap().path()).unwrap().set_modified(long_ago).unwrap();
        }
        let (code, text) = sync(&["--check"]);
        assert!(
            code == Some(3) && text.contains("one: 4 files on the server; not here: 0 new, 4 older ones left alone"),
            "{text}"
        );
        let (code, text) = sync(&["--days", "1"]);
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("\n4 older files left on the server: `importer sync --all` imports them\n"), "{text}");
        let (code, text) = sync(&["--all"]);
        assert_eq!(code, Some(3), "{text}");
        assert!(!text.contains("left on the server"), "{text}");
        assert!(text.contains("4 files seen: 3 imported, 0 skipped (already there), 1 rejected"), "{text}");
        assert_eq!(sync(&["--check"]), (Some(0), "one: 4 files on the server, nothing is left to fetch\n".to_owned()));
        let (code, text) = sync(&["--all", "--json"]);
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("\"imported\":0,\"skipped\":4"), "{text}");
        assert_eq!(sync(&["--days", "0"]).0, Some(0));
        let Output { status, stderr, .. } = importer(directory.path()).arg("sync").output().unwrap();
        let text = String::from_utf8(stderr).unwrap();
        assert!(status.code() == Some(2) && text.contains("--days <N>") && text.contains("--all"), "{text}");
    });
}

#[test]
fn a_file_that_cannot_be_had_is_named_by_sync_until_it_can_be() {
    each_backend_blocking(|url| {
        let directory = tempfile::tempdir().unwrap();
        let server = Sshd::start().unwrap();
        configure(directory.path(), &[("one", &server)], url);
        write_round(&server, 1);
        let name = write_round(&server, 2);
        let closed = server.files().join(&name);
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let sync = |arguments: &[&str]| {
            let Output { status, stdout, .. } =
                importer(directory.path()).arg("sync").args(arguments).output().unwrap();
            (status.code(), String::from_utf8(stdout).unwrap())
        };
        // The first run tries it five times, each later one once.
        for imported in [1, 0] {
            let (code, text) = sync(&["--all"]);
            assert_eq!(code, Some(3), "{text}");
            let counts =
                format!("2 files seen: {imported} imported, {} skipped (already there), 1 rejected", 1 - imported);
            assert!(text.contains(&counts) && text.contains(&name) && text.contains("permission denied"), "{text}");
        }
        let (code, text) = sync(&["--all", "--json"]);
        assert!(code == Some(3) && text.contains(&name) && text.contains("\"skipped\":1"), "{text}");
        let (code, text) = sync(&["--check"]);
        assert!(code == Some(3) && text.contains("1 that could not be had"), "{text}");
        assert!(text.contains(&format!("set aside: {name}\n")) && text.contains("permission denied"), "{text}");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o644)).unwrap();
        let (code, text) = sync(&["--all"]);
        assert!(code == Some(0) && text.contains("1 imported, 1 skipped"), "{text}");
        assert_eq!(sync(&["--check"]).0, Some(0));
    });
}

/// An SSH agent of a test's own.
struct Agent(Child);

impl Drop for Agent {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn without_a_key_file_the_keys_of_an_agent_are_used() {
    let directory = tempfile::tempdir().unwrap();
    let server = Sshd::start().unwrap();
    let url = format!("sqlite://{}", directory.path().join("fullhold.db").display());
    configure(directory.path(), &[("one", &server)], &url);
    let config = directory.path().join("fullhold.toml");
    let text = fs::read_to_string(&config).unwrap();
    let keyless: Vec<&str> = text.lines().filter(|line| !line.starts_with("ssh_key_path")).collect();
    fs::write(&config, keyless.join("\n")).unwrap();
    write_round(&server, 1);
    let socket = directory.path().join("agent");
    let sync = |agent: bool| {
        let mut command = importer(directory.path());
        if agent {
            command.env("SSH_AUTH_SOCK", &socket);
        }
        let Output { status, stdout, stderr } = command.args(["sync", "--all"]).output().unwrap();
        (status.code(), [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat())
    };
    let (code, text) = sync(false);
    assert!(code == Some(1) && text.contains("the SSH agent cannot be used"), "{text}");
    let program = Command::new("ssh-agent").args(["-D", "-a"]).arg(&socket).stdout(Stdio::null()).spawn().unwrap();
    let _agent = Agent(program);
    wait_until("the agent", Duration::from_secs(20), || socket.exists());
    let (code, text) = sync(true);
    assert!(code == Some(1) && text.contains("it holds no keys (ssh-add adds one)"), "{text}");
    let add = Command::new("ssh-add").arg(server.key()).env("SSH_AUTH_SOCK", &socket).output().unwrap();
    assert!(add.status.success(), "{add:?}");
    let (code, text) = sync(true);
    assert!(code == Some(0) && text.contains("1 imported"), "{text}");
}

#[test]
fn what_is_missing_in_the_configuration_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let Output { status, stderr, .. } = importer(directory.path()).args(arguments).output().unwrap();
        (status.code(), String::from_utf8(stderr).unwrap())
    };
    let (code, text) = run(&["watch"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("SSH_HOST, SSH_USER and REMOTE_STATS_PATH"), "{text}");
    fs::write(directory.path().join("fullhold.toml"), "ssh_host = \"127.0.0.1\"\n").unwrap();
    let (code, text) = run(&["watch"]);
    assert!(code == Some(2) && text.contains("SSH_USER is not set"), "{text}");
    let (code, text) = run(&["sync", "--all", "--server", "other"]);
    assert!(code == Some(2) && text.contains("allowed are: default"), "{text}");
}

#[test]
fn fetching_that_is_switched_off_stays_off_and_json_is_json_only() {
    let directory = tempfile::tempdir().unwrap();
    let server = Sshd::start().unwrap();
    let url = format!("sqlite://{}", directory.path().join("fullhold.db").display());
    configure(directory.path(), &[("one", &server)], &url);
    let name = write_round(&server, 1);
    fs::write(directory.path().join(".env"), "SSH_ENABLED=false\n").unwrap();
    for arguments in [&["watch"][..], &["sync", "--all"]] {
        let Output { status, stderr, .. } = importer(directory.path()).args(arguments).output().unwrap();
        let text = String::from_utf8(stderr).unwrap();
        assert!(status.code() == Some(2) && text.contains("SSH_ENABLED is false (") && text.contains(".env"), "{text}");
    }
    fs::remove_file(directory.path().join(".env")).unwrap();
    let mut child = importer(directory.path()).args(["watch", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut watching = Watching { lines: BufReader::new(child.stdout.take().unwrap()), child };
    let mut line = String::new();
    watching.lines.read_line(&mut line).unwrap();
    let began: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!((began["server"].as_str(), began["event"].as_str()), (Some("one"), Some("began")));
    line.clear();
    watching.lines.read_line(&mut line).unwrap();
    let imported: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!((imported["event"].as_str(), imported["file"].as_str()), (Some("imported"), Some(name.as_str())));
    watching.end();
}
