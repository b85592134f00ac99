//! The systemd unit: systemd finds nothing wrong with it, and with the configuration of README the importer
//! works where the unit lets it write, and nowhere else.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test support")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use fullhold_settings::Exit;
use fullhold_simulator::{Config, Disturbances, Simulation};
use fullhold_testkit::{Sshd, wait_for};

/// Somebody who may do nothing, as the unit's user.
const NOBODY: u32 = 65_534;
const STATE: &str = "/var/lib/fullhold";

/// What systemd makes of the unit's protection: everything can be read, and only the state directory be written to.
/// Then the unit's command, as the unit's user.
const SANDBOX: &str = r#"
set -e
state=$1 importer=$2 command=$3
mount --make-rprivate /
mount -t tmpfs tmpfs /var/lib
mkdir /var/lib/fullhold
mount --bind "$state" /var/lib/fullhold
mount -t tmpfs tmpfs /usr/local/bin
cp "$importer" /usr/local/bin/importer
chmod 755 /usr/local/bin/importer
while read -r _ _ _ _ place _; do
    case $place in
        /proc*|/sys*|/dev*|/var/lib/fullhold) ;;
        *) mount -o remount,bind,ro "$place" ;;
    esac
done < /proc/self/mountinfo
cd /var/lib/fullhold
! touch /tmp/fullhold-probe /var/lib/probe 2> /dev/null
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all \
    env -i HOME=/var/lib/fullhold $command
"#;

fn repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)
}

fn unit() -> String {
    fs::read_to_string(repository("docs/fullhold-importer.service")).unwrap()
}

/// The unit's only line that begins so.
fn setting(unit: &str, key: &str) -> String {
    let values: Vec<&str> = unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect();
    let [value] = values.as_slice() else { panic!("{key}: {values:?}") };
    (*value).to_owned()
}

fn is_there(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn systemd_finds_nothing_wrong_with_the_unit() {
    if !is_there("systemd-analyze", &["--version"]) {
        eprintln!("skipped: systemd-analyze is not installed, docs/fullhold-importer.service was not verified");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("fullhold-importer.service");
    // The program need not be installed.
    fs::write(&path, unit().replace("/usr/local/bin/importer", env!("CARGO_BIN_EXE_importer"))).unwrap();
    let output = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&path).output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("fullhold")).collect();
    assert!(ours.is_empty(), "{said}");
}

#[test]
fn the_unit_restarts_what_time_heals_and_nothing_else() {
    let unit = unit();
    assert_eq!(setting(&unit, "Restart"), "on-failure");
    assert_eq!(setting(&unit, "RestartPreventExitStatus"), (Exit::Usage as u8).to_string());
    assert_eq!(setting(&unit, "WorkingDirectory"), STATE);
    assert_eq!(setting(&unit, "StateDirectory"), "fullhold");
    assert_eq!(setting(&unit, "Environment"), format!("HOME={STATE}"));
}

/// README's configuration, for a server of ours.
fn configuration(server: &Sshd) -> String {
    let readme = fs::read_to_string(repository("README.md")).unwrap();
    let (_, rest) = readme.split_once("```toml\n").unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    let files = server.files().display().to_string();
    let ours = block
        .replace("game.example", "127.0.0.1")
        .replace("\"etlegacy\"", &format!("\"{}\"", server.user()))
        .replace("/home/etlegacy/.etlegacy/legacy/gamestats", &files);
    assert!(ours.contains(&files) && ours.contains("ssh_key_path = \"~/.ssh/id_ed25519\""), "{ours}");
    format!("{ours}ssh_port = {}\nssh_check_interval = 1\n", server.port())
}

/// A state directory as README has it made; the user's own are its key and the known hosts.
fn state(server: &Sshd) -> tempfile::TempDir {
    let state = tempfile::tempdir().unwrap();
    let keys = state.path().join(".ssh");
    fs::create_dir(&keys).unwrap();
    fs::write(state.path().join("fullhold.toml"), configuration(server)).unwrap();
    fs::copy(server.key(), keys.join("id_ed25519")).unwrap();
    fs::copy(server.known_hosts(), keys.join("known_hosts")).unwrap();
    fs::set_permissions(keys.join("id_ed25519"), fs::Permissions::from_mode(0o600)).unwrap();
    for path in [".", "fullhold.toml", ".ssh", ".ssh/id_ed25519", ".ssh/known_hosts"] {
        chown(state.path().join(path), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    state
}

struct Service {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Service {
    fn start(state: &Path) -> Self {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", SANDBOX, "sandbox"]).arg(state).arg(env!("CARGO_BIN_EXE_importer"));
        command.arg(setting(&unit(), "ExecStart")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn until(&mut self, words: &str) {
        let mut said = String::new();
        while !said.contains(words) {
            if self.lines.read_line(&mut said).unwrap() == 0 {
                self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                panic!("ended without {words:?}:\n{said}");
            }
        }
    }

    fn exit(&mut self) -> Option<i32> {
        wait_for("the end", Duration::from_secs(20), || self.child.try_wait().unwrap()).code()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn with_the_configuration_of_readme_it_works_where_the_unit_lets_it_write() {
    if !is_there("unshare", &["--mount", "true"]) || !is_there("setpriv", &["--reuid=65534", "true"]) {
        eprintln!("skipped: no mount namespace can be made here, the unit's protection was not tried");
        return;
    }
    let server = Sshd::start().unwrap();
    let state = state(&server);
    let mut service = Service::start(state.path());
    service.until("0 files on the server");
    let mut evenings = Simulation::new(Config::community(1, 2, "UTC", Disturbances::none())).unwrap();
    let round = evenings.next().unwrap().files.remove(0);
    fs::write(server.files().join(&round.name), round.bytes).unwrap();
    service.until(&format!("imported {}", round.name));
    assert!(is_there("kill", &["-TERM", &service.child.id().to_string()]));
    assert_eq!(service.exit(), Some(0));
    assert!(state.path().join("fullhold.db").exists());
    // A wrong configuration ends it with the code that systemd does not restart.
    fs::write(state.path().join("fullhold.toml"), "no_such_key = 1\n").unwrap();
    assert_eq!(Service::start(state.path()).exit(), Some(i32::from(Exit::Usage as u8)));
}
