//! Getting in, and being kept out: host keys, user keys, silence. Against a real sshd.
#![expect(clippy::panic, reason = "test support")]

mod support;

use std::fs;
use std::net::{Ipv6Addr, TcpListener};
use std::process::{Command, Stdio};
use std::time::Duration;

use fullhold_ssh_sync::{CancelSocket, Config, Identity, Session, Step, Timeouts, host_keys, known_hosts, probe};
use fullhold_testkit::{KeyKind, Relay, Sshd};
use support::{any, config, open};

fn refusal(config: &Config) -> String {
    match Session::open(config, &CancelSocket::default()) {
        Ok(_) => panic!("it got in"),
        Err(error) => error.chain(),
    }
}

#[test]
fn a_known_host_is_entered_with_keys_of_every_kind() {
    let server = Sshd::start().unwrap();
    for (kind, passphrase) in
        [(KeyKind::Ed25519, ""), (KeyKind::Ecdsa, ""), (KeyKind::Rsa, ""), (KeyKind::Ed25519, "open sesame")]
    {
        let name = format!("{kind:?}{}", passphrase.len());
        let path = server.make_user_key(&name, kind, passphrase).unwrap();
        let passphrase = (!passphrase.is_empty()).then(|| passphrase.to_owned());
        let config = Config { identity: Identity::Key { path, passphrase }, ..config(&server) };
        let session =
            Session::open(&config, &CancelSocket::default()).unwrap_or_else(|e| panic!("{name}: {}", e.chain()));
        assert_eq!(session.list(&any).unwrap().entries, []);
    }
}

#[test]
fn host_keys_of_every_kind_are_found_plain_and_hashed() {
    let mut server = Sshd::start().unwrap();
    for kind in [KeyKind::Ecdsa, KeyKind::Rsa, KeyKind::Ed25519] {
        server.change_host_key(kind).unwrap();
        server.trust().unwrap();
        open(&server);
        let mut hash = Command::new("ssh-keygen");
        hash.arg("-H").arg("-f").arg(server.known_hosts()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(hash.status().unwrap().success());
        assert!(fs::read_to_string(server.known_hosts()).unwrap().starts_with("|1|"));
        open(&server);
    }
}

#[test]
fn an_unknown_host_is_refused_until_it_is_trusted() {
    let server = Sshd::start().unwrap();
    fs::remove_file(server.known_hosts()).unwrap();
    let config = config(&server);
    let message = refusal(&config);
    let key = host_keys::scan("127.0.0.1", server.port(), &config.known_hosts, config.timeouts).unwrap();
    for part in ["is not known", "dbadmin trust-host", &key.fingerprint(), &format!("[127.0.0.1]:{}", server.port())] {
        assert!(message.contains(part), "{part} is missing: {message}");
    }
    known_hosts::add(&config.known_hosts, "127.0.0.1", server.port(), &key).unwrap();
    open(&server);
}

#[test]
fn a_changed_host_key_is_refused_with_both_fingerprints_until_it_is_trusted() {
    let mut server = Sshd::start().unwrap();
    let config = config(&server);
    let old = host_keys::scan("127.0.0.1", server.port(), &config.known_hosts, config.timeouts).unwrap();
    for kind in [KeyKind::Ed25519, KeyKind::Ecdsa] {
        server.change_host_key(kind).unwrap();
        let new = host_keys::scan("127.0.0.1", server.port(), &config.known_hosts, config.timeouts).unwrap();
        let message = refusal(&config);
        for part in ["CHANGED", &old.to_string(), &new.to_string(), "line 1"] {
            assert!(message.contains(part), "{part} is missing: {message}");
        }
    }
    server.trust().unwrap();
    open(&server);
}

#[test]
fn a_key_that_is_not_authorized_is_refused_until_it_is() {
    let server = Sshd::start().unwrap();
    server.let_in(false).unwrap();
    let config = config(&server);
    let message = refusal(&config);
    for part in ["refuses user", server.user(), "authorized_keys", &server.key().display().to_string()] {
        assert!(message.contains(part), "{part} is missing: {message}");
    }
    server.let_in(true).unwrap();
    open(&server);
}

#[test]
fn a_key_file_that_is_missing_or_locked_is_named() {
    let server = Sshd::start().unwrap();
    let with = |path, passphrase| Config { identity: Identity::Key { path, passphrase }, ..config(&server) };
    let message = refusal(&with(server.files().join("none"), None));
    assert!(message.contains("private key") && message.contains("No such file"), "{message}");
    let locked = server.make_user_key("locked", KeyKind::Ed25519, "secret").unwrap();
    let message = refusal(&with(locked.clone(), Some("wrong".to_owned())));
    assert!(message.contains("wrong passphrase") && !message.contains("\"wrong\""), "{message}");
    Session::open(&with(locked, Some("secret".to_owned())), &CancelSocket::default()).unwrap();
}

#[test]
fn nobody_listening_is_said_so() {
    let mut server = Sshd::start().unwrap();
    server.stop();
    let message = refusal(&config(&server));
    assert!(message.contains("no connection to 127.0.0.1") && message.contains("refused"), "{message}");
    server.restart().unwrap();
    open(&server);
}

#[test]
fn a_server_that_accepts_and_says_nothing_does_not_hang_anything() {
    let server = Sshd::start().unwrap();
    let relay = Relay::to(server.port());
    server.trust_behind(&[relay.port()]).unwrap();
    let second = Duration::from_secs(1);
    let timeouts = Timeouts { connect: second, handshake: second, operation: second };
    let config = Config { port: relay.port(), timeouts, ..config(&server) };
    relay.silent(true);
    let message = refusal(&config);
    assert!(message.contains("did not answer within 1 s while shaking hands"), "{message}");
    // Silence in the middle of a session.
    relay.silent(false);
    let session = Session::open(&config, &CancelSocket::default()).unwrap();
    session.stat_directory().unwrap();
    relay.silent(true);
    let message = session.stat_directory().unwrap_err().chain();
    assert!(message.contains("did not answer within 1 s while looking at"), "{message}");
    assert!(session.is_broken());
    drop(session);
    relay.silent(false);
    Session::open(&config, &CancelSocket::default()).unwrap().stat_directory().unwrap();
}

#[test]
fn an_address_of_version_six_is_an_address() {
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        eprintln!("skipped: there is no IPv6 here");
        return;
    }
    let mut server = Sshd::start().unwrap();
    let port = server.port();
    server.configure(&format!("ListenAddress [::1]:{port}")).unwrap();
    fs::write(server.known_hosts(), format!("[::1]:{port} {}\n", server.host_key().unwrap())).unwrap();
    let config = Config { host: "::1".to_owned(), ..config(&server) };
    Session::open(&config, &CancelSocket::default()).unwrap().stat_directory().unwrap();
    fs::write(server.known_hosts(), "").unwrap();
    let message = refusal(&config);
    assert!(message.contains("::1"), "{message}");
}

#[test]
fn a_cut_frees_a_thread_that_waits() {
    let server = Sshd::start().unwrap();
    let relay = Relay::to(server.port());
    server.trust_behind(&[relay.port()]).unwrap();
    relay.silent(true);
    let config = Config { port: relay.port(), ..config(&server) };
    let cut = CancelSocket::default();
    let waiting = std::thread::spawn({
        let cut = cut.clone();
        move || Session::open(&config, &cut).err().map(|error| error.chain())
    });
    fullhold_testkit::wait_until("the relay is connected", Duration::from_secs(5), || relay.accepted() > 0);
    cut.cancel();
    assert_eq!(waiting.join().unwrap().as_deref(), Some("stopped"));
}

#[test]
fn a_probe_says_how_far_it_got() {
    let mut server = Sshd::start().unwrap();
    fs::write(server.files().join("a.txt"), "a").unwrap();
    let step = |config: &Config| probe(config, &any).failed.map(|(step, error)| (step, error.chain()));
    let good = probe(&config(&server), &any);
    assert_eq!(good.done, [Step::Connect, Step::HostKey, Step::LogIn, Step::Directory]);
    assert_eq!((good.files, good.failed.is_none()), (1, true));
    assert!(good.host_key.unwrap().fingerprint().starts_with("SHA256:"));
    let missing = Config { directory: server.files().join("none").display().to_string(), ..config(&server) };
    let (failed, message) = step(&missing).unwrap();
    assert_eq!(failed, Step::Directory);
    assert!(message.contains("none") && message.contains("does not exist"), "{message}");
    server.let_in(false).unwrap();
    assert_eq!(step(&config(&server)).unwrap().0, Step::LogIn);
    server.change_host_key(KeyKind::Ed25519).unwrap();
    assert_eq!(step(&config(&server)).unwrap().0, Step::HostKey);
    server.stop();
    let (failed, message) = step(&config(&server)).unwrap();
    assert_eq!(failed, Step::Connect, "{message}");
}
