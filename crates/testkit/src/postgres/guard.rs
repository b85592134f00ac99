//! The process that cleans up after us, however we end.
//!
//! It waits for the end of its standard input, which is a pipe only we hold: the kernel closes it when we exit, panic
//! or are killed. Then it stops the server the hard way (SIGQUIT: nothing of it is kept) and removes the directory.
//! The server's lock file tells when it is done: where nobody reaps orphans, a dead server answers `kill -0` for long.
//! Removing is tried again, because we may have been killed while `initdb` was writing.
//! It has a process group of its own, so that Ctrl-C and a test runner's time-out reach us and not the guard.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const SCRIPT: &str = r#"
trap '' INT TERM HUP
cat > /dev/null
lock=$1/data/postmaster.pid
pid=$(head -n 1 "$lock" 2> /dev/null)
if [ -n "$pid" ] && kill -QUIT "$pid" 2> /dev/null; then
    tries=0
    while [ -e "$lock" ] && kill -0 "$pid" 2> /dev/null && [ "$tries" -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
fi
for try in 1 2 3 4 5 6; do
    rm -rf "$1" 2> /dev/null
    [ -e "$1" ] || exit 0
    sleep 0.5
done
"#;

/// A running guard; [`Guard::release`] makes it clean up now.
#[derive(Debug)]
pub(super) struct Guard(Child);

impl Guard {
    pub(super) fn watch(directory: &Path) -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(SCRIPT).arg("fullhold-postgres-guard").arg(directory).current_dir("/");
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        shell.spawn().map(Self)
    }

    /// Closes the pipe and waits until server and directory are gone.
    pub(super) fn release(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
