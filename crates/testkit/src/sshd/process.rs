//! Processes of the server: where its program is, who belongs to it, and who cleans up after us.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, io};

/// A program in PATH or where system programs are.
pub(super) fn program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/usr/local/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path).chain(system).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Children of a process, and theirs.
pub(super) fn descendants(of: u32) -> Vec<u32> {
    let pairs: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let (head, tail) = stat.rsplit_once(')')?;
            let pid = head.split_whitespace().next()?.parse().ok()?;
            Some((pid, tail.split_whitespace().nth(1)?.parse().ok()?))
        })
        .collect();
    let mut family = vec![of];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        family.extend(pairs.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    family.split_off(1)
}

/// Kills processes by their ids.
pub(super) fn kill(processes: &[u32]) {
    if processes.is_empty() {
        return;
    }
    let mut kill = Command::new("kill");
    kill.arg("-KILL").args(processes.iter().map(u32::to_string));
    // Some may have ended by themselves.
    drop(kill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status());
}

/// Waits for the end of its standard input, which only we hold; then stops the server and removes
/// the directory. Connections end with their clients.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
cat > /dev/null
pid=$(head -n 1 "$1/sshd.pid" 2> /dev/null)
if [ -n "$pid" ] && tr '\0' ' ' < "/proc/$pid/cmdline" 2> /dev/null | grep -q sshd; then
    kill "$pid" 2> /dev/null
fi
rm -rf "$1"
"#;

#[derive(Debug)]
pub(super) struct Guard(Child);

impl Guard {
    pub(super) fn watch(directory: &Path) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(SCRIPT).arg("fullhold-sshd-guard").arg(directory).current_dir("/");
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        shell.spawn().map(Self)
    }

    /// Closes the pipe and waits until everything is gone.
    pub(super) fn release(&mut self) {
        drop(self.0.stdin.take());
        drop(self.0.wait());
    }
}
