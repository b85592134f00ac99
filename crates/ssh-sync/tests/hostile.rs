//! Servers that talk without end, slowly, or about something else, and servers that end at the wrong moment.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use fullhold_ssh_sync::{CancelSocket, Config, Error, Session, Timeouts, Trouble};
use fullhold_testkit::{Hostile, Lie, Relay, Sshd};
use support::{any, config, open};

fn refusal(config: &Config) -> Error {
    Session::open(config, &CancelSocket::default()).err().unwrap()
}

/// A server that says the same again and again, until the other side hangs up.
struct Talker {
    port: u16,
    ended: mpsc::Receiver<()>,
    stop: Arc<AtomicBool>,
}

impl Talker {
    fn start(says: &'static [u8], pause: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (ends, ended) = mpsc::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        thread::spawn(move || {
            let (mut client, _) = listener.accept().unwrap();
            while !stopped.load(Ordering::SeqCst) && client.write_all(says).is_ok() {
                let pausing = client.set_read_timeout(Some(pause));
                if !pause.is_zero() && pausing.is_ok() {
                    // Its own words, or nothing for so long.
                    drop(client.read(&mut [0; 256]));
                }
            }
            // The test may have ended already.
            let _ = ends.send(());
        });
        Self { port, ended, stop }
    }

    fn config(&self, server: &Sshd) -> Config {
        server.trust_behind(&[self.port]).unwrap();
        let second = Duration::from_secs(1);
        let timeouts = Timeouts { connect: second, handshake: second, operation: second };
        Config { port: self.port, timeouts, ..config(server) }
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_banner_without_end_is_cut_off() {
    let server = Sshd::start().unwrap();
    for says in [b"welcome\r\n".repeat(1_000), vec![b'x'; 10_000], b"SSH-2.0-x\r\n".repeat(1_000)] {
        let talker = Talker::start(says.leak(), Duration::ZERO);
        let error = refusal(&talker.config(&server));
        assert_eq!(error.trouble(), Trouble::Link, "{error}");
        let message = error.chain();
        let cut_off = message.contains("sent more than 262144 bytes while shaking hands");
        // What follows the line with the version is no packet at all.
        assert!(cut_off || message.contains("no SSH session with"), "{message}");
        talker.ended.recv_timeout(Duration::from_secs(20)).unwrap();
    }
}

#[test]
fn a_banner_that_drips_holds_nobody_beyond_the_deadline() {
    let server = Sshd::start().unwrap();
    let talker = Talker::start(b"a line\r\n", Duration::from_millis(50));
    let message = refusal(&talker.config(&server)).chain();
    assert!(message.contains("did not answer within 1 s while shaking hands"), "{message}");
    talker.ended.recv_timeout(Duration::from_secs(20)).unwrap();
}

#[test]
fn a_listing_without_end_has_one() {
    let mut server = Sshd::start().unwrap();
    for lie in [Lie::EndlessListing, Lie::EndlessRefused] {
        server.serve(&Hostile::default().lie(lie)).unwrap();
        // A listing may take thirty times as long: on a loaded machine the server needed longer than five minutes
        // for so many names, and was given up for that.
        let timeouts = Timeouts { operation: Duration::from_secs(600), ..support::TIMEOUTS };
        let session = Session::open(&Config { timeouts, ..config(&server) }, &CancelSocket::default()).unwrap();
        let error = session.list(&any).unwrap_err();
        assert_eq!(error.trouble(), Trouble::Access);
        assert!(error.to_string().contains("holds more than 200000 names"), "{error}");
        assert!(session.is_broken());
    }
}

#[test]
fn a_name_longer_than_a_packet_costs_itself_only() {
    let mut server = Sshd::start().unwrap();
    let long = b"x".repeat(300_000);
    server.serve(&Hostile::default().file(&long, 1, b"x").file(b"", 1, b"x").file(b"good.txt", 1, b"x")).unwrap();
    let session = open(&server);
    let listing = session.list(&any).unwrap();
    assert_eq!(listing.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["good.txt"]);
    let reasons: Vec<&str> = listing.refused.iter().map(|refused| refused.reason.as_str()).collect();
    assert_eq!(reasons, ["it has more than 255 bytes", "it is empty"]);
    let local = tempfile::tempdir().unwrap();
    session.fetch(listing.entries.first().unwrap(), local.path()).unwrap();
}

#[test]
fn answers_that_are_none_end_the_connection_and_nothing_else() {
    let mut server = Sshd::start().unwrap();
    let lies = [
        Lie::Count,
        Lie::Rubbish,
        Lie::HugeLength,
        Lie::LargeLength,
        Lie::Empty,
        Lie::WrongId,
        Lie::EndlessAnswers,
        Lie::Noise,
    ];
    for lie in lies {
        server.serve(&Hostile::default().file(b"a.txt", 1, b"x").lie(lie)).unwrap();
        let second = Duration::from_secs(1);
        let timeouts = Timeouts { operation: second, ..support::TIMEOUTS };
        let session = Session::open(&Config { timeouts, ..config(&server) }, &CancelSocket::default()).unwrap();
        let error = session.list(&any).unwrap_err();
        assert_eq!(error.trouble(), Trouble::Link, "{lie:?}: {error}");
        assert!(session.is_broken(), "{lie:?}");
    }
}

#[test]
fn reads_that_bring_too_much_store_nothing() {
    let mut server = Sshd::start().unwrap();
    let local = tempfile::tempdir().unwrap();
    for lie in [Lie::EndlessRead, Lie::LongRead] {
        server.serve(&Hostile::default().file(b"a.txt", 1_000, b"x").lie(lie)).unwrap();
        let session = open(&server);
        let entry = session.list(&any).unwrap().entries.remove(0);
        let error = session.fetch(&entry, local.path()).unwrap_err();
        assert!(matches!(error, Error::Size { announced: 1_000, .. }), "{error}");
        assert_eq!(fs::read_dir(local.path()).unwrap().count(), 0);
    }
}

#[test]
fn what_takes_the_place_of_sftp_is_told() {
    let mut server = Sshd::start().unwrap();
    server.serve(&Hostile::default().lie(Lie::Text)).unwrap();
    let error = refusal(&config(&server));
    assert_eq!(error.trouble(), Trouble::Access);
    let message = error.chain();
    for part in ["gives no SFTP to user", "This account is currently not available.", "nologin", "forced command"] {
        assert!(message.contains(part), "{part} is missing: {message}");
    }
    server.serve(&Hostile::default().lie(Lie::Nothing)).unwrap();
    let message = refusal(&config(&server)).chain();
    assert!(message.contains("the program for it ended; a forced command"), "{message}");
    for (command, said) in
        [("echo this is forced", "\"this is forced\""), ("true", "the program for it ended;"), ("cat", "no SFTP")]
    {
        let mut server = Sshd::start().unwrap();
        server.configure(&format!("ForceCommand {command}")).unwrap();
        let error = refusal(&config(&server));
        assert!(matches!(error, Error::NoSftp { .. }) && error.chain().contains(said), "{command}: {}", error.chain());
    }
}

#[test]
fn a_connection_cut_at_any_step_is_told_as_lost() {
    let server = Sshd::start().unwrap();
    let relay = Relay::to(server.port());
    server.trust_behind(&[relay.port()]).unwrap();
    let config = Config { port: relay.port(), ..config(&server) };
    let mut steps = std::collections::BTreeSet::new();
    for bytes in (0..10_000).step_by(40) {
        relay.cut_after(bytes);
        let Err(error) = Session::open(&config, &CancelSocket::default()) else { break };
        assert_eq!(error.trouble(), Trouble::Link, "after {bytes} bytes: {}", error.chain());
        let Error::Lost { doing, .. } = error else { panic!("after {bytes} bytes: {}", error.chain()) };
        steps.insert(doing);
    }
    assert_eq!(steps.into_iter().collect::<Vec<_>>(), ["logging in", "shaking hands", "starting SFTP"]);
}

#[test]
fn two_sides_without_a_common_method_are_told_so() {
    let mut server = Sshd::start().unwrap();
    server.configure("KexAlgorithms sntrup761x25519-sha512@openssh.com").unwrap();
    let error = refusal(&config(&server));
    assert_eq!(error.trouble(), Trouble::Access);
    let message = error.chain();
    for part in ["of key exchange it offers only sntrup761x25519-sha512", "known here are", "curve25519-sha256"] {
        assert!(message.contains(part), "{part} is missing: {message}");
    }
}

#[test]
fn a_private_key_that_others_can_read_is_refused() {
    let server = Sshd::start().unwrap();
    for (mode, good) in [(0o666, false), (0o640, false), (0o604, false), (0o400, true), (0o600, true)] {
        fs::set_permissions(server.key(), fs::Permissions::from_mode(mode)).unwrap();
        let opened = Session::open(&config(&server), &CancelSocket::default());
        assert_eq!(opened.is_ok(), good, "{mode:o}");
        if let Err(error) = opened {
            let message = error.to_string();
            assert!(
                message.contains(&format!("its permissions are {mode:04o}, others can read it: chmod 600")),
                "{message}"
            );
        }
    }
}

#[test]
fn a_keep_alive_leaves_the_deadlines_alone() {
    let server = Sshd::start().unwrap();
    let relay = Relay::to(server.port());
    server.trust_behind(&[relay.port()]).unwrap();
    let session = Session::open(&Config { port: relay.port(), ..config(&server) }, &CancelSocket::default()).unwrap();
    session.keep_alive().unwrap();
    // Longer than the two seconds of libssh2's shortest interval.
    relay.delay(Duration::from_millis(1_200));
    session.stat_directory().unwrap();
}

#[test]
fn a_slow_line_gets_all_its_files() {
    let server = Sshd::start().unwrap();
    for number in 0..30 {
        fs::write(server.files().join(format!("{number:02}.txt")), vec![b'x'; 1_000]).unwrap();
    }
    let relay = Relay::to(server.port());
    server.trust_behind(&[relay.port()]).unwrap();
    // All answers together take much longer than silence may; half a second stands for twenty.
    let timeouts = Timeouts { operation: Duration::from_millis(500), ..support::TIMEOUTS };
    let session =
        Session::open(&Config { port: relay.port(), timeouts, ..config(&server) }, &CancelSocket::default()).unwrap();
    let mut entries = session.list(&any).unwrap().entries;
    relay.throttle(20_000);
    let local = tempfile::tempdir().unwrap();
    // What is not begun in time is asked for again.
    while !entries.is_empty() {
        let before = entries.len();
        let mut sink = |(entry, result): fullhold_ssh_sync::Fetch| {
            result.unwrap().keep(&entry.name).unwrap();
            entries.retain(|one| one.name != entry.name);
        };
        session.fetch_all(session.list(&any).unwrap().entries, local.path(), &mut sink).unwrap();
        assert!(entries.len() < before);
    }
    assert_eq!(fs::read_dir(local.path()).unwrap().count(), 30);
    assert_eq!(relay.accepted(), 1);
}

#[test]
fn a_directory_is_found_from_where_one_logs_in_and_old_names_lose_their_folder() {
    let server = Sshd::start().unwrap();
    fs::write(server.files().join("gamestats\\a.txt"), "old").unwrap();
    // The home of the account is not ours to write to: its own name leads back to the files.
    let up = "../".repeat(20);
    let directory = format!("~/{up}{}", server.files().display());
    let config = Config { directory, ..config(&server) };
    let session = Session::open(&config, &CancelSocket::default()).unwrap();
    session.stat_directory().unwrap();
    // Known before a listing was made, as after a new connection.
    assert_eq!(session.stat("a.txt").unwrap().map(|mark| mark.size), Some(3));
    let entries = session.list(&any).unwrap().entries;
    assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["a.txt"]);
    let local = tempfile::tempdir().unwrap();
    for session in [session, Session::open(&config, &CancelSocket::default()).unwrap()] {
        let fetched = session.fetch(entries.first().unwrap(), local.path()).unwrap();
        assert_eq!(fetched.bytes, b"old");
    }
}
