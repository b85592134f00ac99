//! Listing and downloading against a real sshd, with everything that goes wrong on the way.
#![expect(clippy::unwrap_used, reason = "test support")]

mod support;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fullhold_ssh_sync::{CancelSocket, Config, Entry, Error, Session, Trouble, remove_leftovers, sync_folder};
use fullhold_testkit::{Hostile, Relay, Sshd, wait_until};
use support::{any, config, open};

fn write(server: &Sshd, name: &str, bytes: &[u8]) -> PathBuf {
    let path = server.files().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn only_entry(session: &Session) -> Entry {
    let mut entries = session.list(&any).unwrap().entries;
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.remove(0)
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A session through a relay.
fn through(server: &Sshd, relay: &Relay) -> Config {
    server.trust_behind(&[relay.port()]).unwrap();
    Config { port: relay.port(), ..config(server) }
}

#[test]
fn a_file_arrives_whole_under_a_temporary_name_and_gets_its_own() {
    let server = Sshd::start().unwrap();
    let local = tempfile::tempdir().unwrap();
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let path = write(&server, "a.txt", &bytes);
    fs::File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
    write(&server, "empty.txt", b"");
    let session = open(&server);
    for entry in session.list(&any).unwrap().entries {
        let fetched = session.fetch(&entry, local.path()).unwrap();
        assert!(names_in(local.path()).iter().any(|name| name.starts_with(".fullhold-")));
        fetched.keep(&entry.name).unwrap();
    }
    sync_folder(local.path()).unwrap();
    assert_eq!(names_in(local.path()), ["a.txt", "empty.txt"].map(str::to_owned).into());
    assert_eq!(fs::read(local.path().join("a.txt")).unwrap(), bytes);
    assert_eq!(fs::metadata(local.path().join("a.txt")).unwrap().modified().unwrap(), written);
}

#[test]
fn a_file_that_nobody_keeps_leaves_nothing_behind() {
    let server = Sshd::start().unwrap();
    let local = tempfile::tempdir().unwrap();
    write(&server, "a.txt", b"a");
    let session = open(&server);
    drop(session.fetch(&only_entry(&session), local.path()).unwrap());
    assert_eq!(names_in(local.path()), BTreeSet::new());
    fs::write(local.path().join(".fullhold-1-1.part"), "left by a killed process").unwrap();
    assert_eq!(remove_leftovers(local.path()).unwrap(), 1);
    assert_eq!(remove_leftovers(local.path()).unwrap(), 0);
}

#[test]
fn names_a_file_system_allows_and_we_do_not_are_refused_and_escaped() {
    let server = Sshd::start().unwrap();
    let names: [&[u8]; 5] =
        [b"good.txt", b"new\nline.txt", b"esc\x1b[2J.txt", b"latin\xe9.txt", "turned\u{202e}txt.gpj".as_bytes()];
    for name in names {
        fs::write(server.files().join(OsStr::from_bytes(name)), "x").unwrap();
    }
    write(&server, ".hidden", b"x");
    write(&server, "other.json", b"x");
    symlink("/etc/passwd", server.files().join("link.txt")).unwrap();
    fs::create_dir(server.files().join("folder.txt")).unwrap();
    let listing = open(&server).list(&|name| name.ends_with(".txt")).unwrap();
    assert_eq!(listing.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["good.txt"]);
    assert_eq!(listing.others, 1);
    let refused: BTreeSet<String> = listing.refused.iter().map(|one| format!("{}: {}", one.name, one.reason)).collect();
    let expected = [
        r#"".hidden": it begins with a dot"#,
        r#""esc\x1b[2J.txt": it holds a control character"#,
        r#""latin\xe9.txt": it is not UTF-8"#,
        r#""link.txt": it is not a regular file"#,
        r#""new\nline.txt": it holds a control character"#,
        r#""turned\xe2\x80\xaetxt.gpj": it holds an invisible character"#,
    ];
    assert_eq!(refused, expected.map(str::to_owned).into());
}

#[test]
fn names_no_file_system_allows_are_refused_too() {
    let mut server = Sshd::start().unwrap();
    let long = [b"x".repeat(296), b".txt".to_vec()].concat();
    let names: [&[u8]; 5] = [b"../../../../tmp/evil.txt", b"/etc/evil.txt", b"a\0b.txt", b"...txt", &long];
    let hostile = names.iter().fold(Hostile::default(), |hostile, name| hostile.file(name, 1, b"x"));
    server.serve(&hostile.file(b"good.txt", 1, b"x")).unwrap();
    let session = open(&server);
    let listing = session.list(&any).unwrap();
    assert_eq!(listing.refused.len(), names.len(), "{listing:?}");
    let local = tempfile::tempdir().unwrap();
    let [good] = listing.entries.as_slice() else { panic!("{listing:?}") };
    session.fetch(good, local.path()).unwrap().keep(&good.name).unwrap();
    assert_eq!(names_in(local.path()), ["good.txt".to_owned()].into());
}

#[test]
fn a_server_that_announces_one_size_and_sends_another_gets_nothing_stored() {
    let mut server = Sshd::start().unwrap();
    server
        .serve(&Hostile::default().file(b"less", 10, b"12345").file(b"more", 3, b"12345").file(b"huge", 1 << 40, b"x"))
        .unwrap();
    let session = open(&server);
    let local = tempfile::tempdir().unwrap();
    let mut messages = Vec::new();
    for entry in session.list(&any).unwrap().entries {
        messages.push(session.fetch(&entry, local.path()).unwrap_err().chain());
    }
    let expected = [
        format!("file huge has {} bytes, allowed are 1048576", 1_u64 << 40),
        "file less: 5 bytes arrived, 10 were announced: it is being written".to_owned(),
        "file more: 4 bytes arrived, 3 were announced: it is being written".to_owned(),
    ];
    assert_eq!(messages, expected);
    assert_eq!(names_in(local.path()), BTreeSet::new());
    // The same when many come together.
    let many = (0..4)
        .fold(Hostile::default().file(b"less", 10, b"12345").file(b"more", 3, b"12345"), |hostile, number| {
            hostile.file(format!("good{number}").as_bytes(), 1, b"x")
        });
    server.serve(&many.file(b"huge", 1 << 40, b"x")).unwrap();
    let session = open(&server);
    let (mut messages, mut good) = (BTreeSet::new(), 0);
    let entries = session.list(&any).unwrap().entries;
    let mut sink = |(_, result): fullhold_ssh_sync::Fetch| match result {
        Ok(_) => good += 1,
        Err(error) => drop(messages.insert(error.chain())),
    };
    session.fetch_all(entries, local.path(), &mut sink).unwrap();
    assert_eq!((messages, good), (expected.into(), 4));
}

#[test]
fn a_directory_that_is_missing_or_closed_is_said_so_and_recovers() {
    let server = Sshd::start().unwrap();
    let folder = server.files();
    let moved = folder.with_file_name("moved");
    let session = open(&server);
    session.stat_directory().unwrap();
    fs::rename(&folder, &moved).unwrap();
    for error in [session.stat_directory().unwrap_err(), session.list(&any).unwrap_err()] {
        assert!(error.to_string().ends_with("does not exist"), "{error}");
        assert_eq!(error.trouble(), Trouble::Access);
    }
    fs::rename(&moved, &folder).unwrap();
    session.list(&any).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    let error = session.list(&any).unwrap_err();
    assert!(error.to_string().ends_with("permission denied"), "{error}");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    // The same session, all the time.
    session.list(&any).unwrap();
}

#[test]
fn a_file_that_may_not_be_read_costs_only_itself() {
    let server = Sshd::start().unwrap();
    let local = tempfile::tempdir().unwrap();
    let closed = write(&server, "closed.txt", b"x");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    write(&server, "open.txt", b"x");
    let entries = open(&server).list(&any).unwrap().entries;
    let mut outcomes = Vec::new();
    let mut sink = |(entry, result): fullhold_ssh_sync::Fetch| {
        outcomes.push((entry.name, result.map(drop).map_err(|e| e.to_string())));
    };
    open(&server).fetch_all(entries, local.path(), &mut sink).unwrap();
    let message = format!("file closed.txt on 127.0.0.1:{}: permission denied", server.port());
    assert_eq!(outcomes, [("closed.txt".to_owned(), Err(message)), ("open.txt".to_owned(), Ok(()))]);
}

#[test]
fn a_connection_cut_in_a_listing_gives_no_half_listing() {
    let server = Sshd::start().unwrap();
    for number in 0..500 {
        write(&server, &format!("{number:03}.txt"), b"x");
    }
    let relay = Relay::to(server.port());
    let config = through(&server, &relay);
    let session = Session::open(&config, &CancelSocket::default()).unwrap();
    relay.cut_after(20_000);
    let error = session.list(&any).unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error}");
    assert!(error.to_string().contains("was lost while listing"), "{error}");
    assert!(session.is_broken() && !relay.is_cut_pending());
    assert_eq!(Session::open(&config, &CancelSocket::default()).unwrap().list(&any).unwrap().entries.len(), 500);
}

#[test]
fn a_connection_cut_in_a_download_leaves_no_half_file() {
    let server = Sshd::start().unwrap();
    let local = tempfile::tempdir().unwrap();
    write(&server, "a.txt", &vec![b'x'; 500_000]);
    let relay = Relay::to(server.port());
    let config = through(&server, &relay);
    let session = Session::open(&config, &CancelSocket::default()).unwrap();
    let entry = only_entry(&session);
    relay.cut_after(200_000);
    let error = session.fetch(&entry, local.path()).unwrap_err();
    assert_eq!(error.trouble(), Trouble::Link, "{error}");
    assert!(error.to_string().contains("was lost while reading a.txt"), "{error}");
    assert_eq!(names_in(local.path()), BTreeSet::new());
    Session::open(&config, &CancelSocket::default()).unwrap().fetch(&entry, local.path()).unwrap();
}

#[test]
fn a_restart_of_the_server_is_noticed_and_survived() {
    let mut server = Sshd::start().unwrap();
    write(&server, "a.txt", b"x");
    let session = open(&server);
    only_entry(&session);
    server.restart().unwrap();
    assert_eq!(session.list(&any).unwrap_err().trouble(), Trouble::Link);
    only_entry(&open(&server));
}

#[test]
fn a_full_local_disk_is_said_so_and_leaves_nothing() {
    let server = Sshd::start().unwrap();
    write(&server, "a.txt", &vec![b'x'; 500_000]);
    let session = open(&server);
    // A place no file can be made in stands for a full disk here; the watcher's tests fill a real one.
    let error = session.fetch(&only_entry(&session), Path::new("/proc")).unwrap_err();
    assert_eq!(error.trouble(), Trouble::Local);
    assert_eq!(error.to_string(), "/proc: cannot be written");
    let local = tempfile::tempdir().unwrap();
    session.fetch(&only_entry(&session), local.path()).unwrap();
}

#[test]
fn many_files_come_over_one_connection() {
    let server = Sshd::start().unwrap();
    let local = tempfile::tempdir().unwrap();
    // Sizes around what one read brings, and nothing at all.
    let sizes = [0, 1, 32_767, 32_768, 32_769, 65_536, 300_000];
    let content = |number: u8| -> Vec<u8> {
        let size = sizes.get(usize::from(number)).copied().unwrap_or(usize::from(number) * 37);
        (number..251).cycle().take(size).collect()
    };
    for number in 0..200 {
        write(&server, &format!("{number:03}.txt"), &content(number));
    }
    let relay = Relay::to(server.port());
    let session = Session::open(&through(&server, &relay), &CancelSocket::default()).unwrap();
    let mut entries = session.list(&any).unwrap().entries;
    let gone = write(&server, "gone.txt", b"x");
    entries.insert(50, session.list(&any).unwrap().entries.into_iter().find(|entry| entry.name == "gone.txt").unwrap());
    fs::remove_file(gone).unwrap();
    let mut troubles = Vec::new();
    let mut sink = |(entry, result): fullhold_ssh_sync::Fetch| match result {
        Ok(fetched) => drop(fetched.keep(&entry.name).unwrap()),
        Err(error) => troubles.push(error.to_string()),
    };
    session.fetch_all(entries.clone(), local.path(), &mut sink).unwrap();
    assert_eq!(troubles, [format!("file gone.txt on 127.0.0.1:{}: does not exist", relay.port())]);
    assert_eq!(names_in(local.path()).len(), 200);
    for number in 0..200 {
        assert!(fs::read(local.path().join(format!("{number:03}.txt"))).unwrap() == content(number), "{number}");
    }
    // The session is good for more.
    assert_eq!(session.list(&any).unwrap().entries.len(), 200);
    assert_eq!(relay.accepted(), 1);
    drop(session);
    wait_until("all connections are closed", Duration::from_secs(10), || server.connections() == 0);
}

#[test]
fn a_server_that_allows_few_open_files_gives_them_all() {
    let mut server = Sshd::start().unwrap();
    let names: Vec<String> = (0..30).map(|number| format!("{number:03}.txt")).collect();
    let serving = names.iter().fold(Hostile::default(), |hostile, name| hostile.file(name.as_bytes(), 1, b"x"));
    server.serve(&serving.most_open(3)).unwrap();
    let local = tempfile::tempdir().unwrap();
    let session = open(&server);
    let entries = session.list(&any).unwrap().entries;
    session.fetch_all(entries, local.path(), &mut |(entry, result)| drop(result.unwrap().keep(&entry.name))).unwrap();
    assert_eq!(names_in(local.path()), names.into_iter().collect());
}

#[test]
fn a_server_that_allows_one_channel_gives_many_files_one_by_one() {
    let mut server = Sshd::start().unwrap();
    server.allow_channels(1).unwrap();
    let local = tempfile::tempdir().unwrap();
    for number in 0..20 {
        write(&server, &format!("{number:03}.txt"), b"x");
    }
    let session = open(&server);
    let entries = session.list(&any).unwrap().entries;
    session.fetch_all(entries, local.path(), &mut |(entry, result)| drop(result.unwrap().keep(&entry.name))).unwrap();
    assert_eq!(names_in(local.path()).len(), 20);
}

#[test]
fn a_bulk_download_that_loses_its_connection_says_so_and_hands_over_only_whole_files() {
    let server = Sshd::start().unwrap();
    let local = tempfile::tempdir().unwrap();
    for number in 0..100 {
        write(&server, &format!("{number:03}.txt"), &vec![b'x'; 10_000]);
    }
    let relay = Relay::to(server.port());
    let session = Session::open(&through(&server, &relay), &CancelSocket::default()).unwrap();
    let entries = session.list(&any).unwrap().entries;
    let mut arrived = 0;
    relay.cut_after(300_000);
    let mut sink = |(_, result): fullhold_ssh_sync::Fetch| {
        assert_eq!(result.unwrap().bytes.len(), 10_000);
        arrived += 1;
    };
    let error = session.fetch_all(entries, local.path(), &mut sink).unwrap_err();
    assert_eq!(error.trouble(), Trouble::Link, "{error}");
    assert!(error.to_string().contains("was lost while reading 0"), "{error}");
    assert!(session.is_broken());
    assert!((1..100).contains(&arrived), "{arrived}");
    assert_eq!(names_in(local.path()), BTreeSet::new());
}

#[test]
fn a_bulk_download_to_a_disk_that_fails_ends_with_that() {
    let server = Sshd::start().unwrap();
    for number in 0..100 {
        write(&server, &format!("{number:03}.txt"), b"x");
    }
    let session = open(&server);
    let entries = session.list(&any).unwrap().entries;
    let error = session.fetch_all(entries, Path::new("/proc"), &mut |_| panic!("nothing can arrive")).unwrap_err();
    assert_eq!(error.trouble(), Trouble::Local, "{error}");
    // The connection is not to blame.
    assert_eq!(session.list(&any).unwrap().entries.len(), 100);
}
