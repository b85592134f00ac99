//! Clusters come up, restart, and leave nothing behind.
#![cfg(feature = "databases")]

use std::net::{Ipv4Addr, TcpStream};

use fullhold_testkit::postgres::Durability;
use fullhold_testkit::{Postgres, TestDatabase, each_backend, each_backend_blocking};

#[test]
fn a_cluster_keeps_its_databases_over_a_restart_and_disappears_when_dropped() {
    let cluster = Postgres::start().unwrap();
    let directory = cluster.directory().to_path_buf();
    cluster.create_database("kept").unwrap();
    cluster.restart().unwrap();
    assert!(cluster.create_database("kept").unwrap_err().to_string().contains("already exists"));
    cluster.stop().unwrap();
    cluster.restart().unwrap();
    let port = cluster.port();
    assert!(listening(port));
    drop(cluster);
    assert!(!directory.exists());
    assert!(!listening(port));
}

#[test]
fn a_promoted_standby_has_what_was_committed_and_takes_writes() {
    let primary = Postgres::start_with(Durability::Standby).unwrap();
    let standby = primary.standby().unwrap();
    let directory = standby.directory().to_path_buf();
    primary.create_database("kept").unwrap();
    assert!(standby.create_database("other").unwrap_err().to_string().contains("read-only"));
    primary.kill().unwrap();
    assert!(!listening(primary.port()));
    standby.promote().unwrap();
    assert!(standby.create_database("kept").unwrap_err().to_string().contains("already exists"));
    standby.create_database("other").unwrap();
    drop((primary, standby));
    assert!(!directory.exists());
}

#[test]
fn a_panic_stops_the_cluster_too() {
    let (send, receive) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let cluster = Postgres::start().unwrap();
        send.send(cluster.directory().to_path_buf()).unwrap();
        panic!("on purpose");
    });
    assert!(thread.join().is_err());
    assert!(!receive.recv().unwrap().exists());
}

#[test]
fn test_databases_do_not_see_each_other() {
    let (one, two) = (TestDatabase::create(), TestDatabase::create());
    assert_ne!(one.url(), two.url());
    one.execute("CREATE TABLE t (x INT)");
    two.execute("CREATE TABLE t (x INT)");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_backend_runs_the_body_on_both() {
    let seen = std::sync::Mutex::new(Vec::new());
    each_backend(async |url| seen.lock().unwrap().push(url.split(':').next().unwrap().to_owned())).await;
    each_backend_blocking(|url| seen.lock().unwrap().push(url.split(':').next().unwrap().to_owned()));
    assert_eq!(*seen.lock().unwrap(), ["sqlite", "postgres", "sqlite", "postgres"]);
}

fn listening(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
