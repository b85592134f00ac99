//! `doctor` and `trust-host`, against a real sshd.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "test support"
)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use fullhold_testkit::Sshd;
use serde_json::Value;
use support::Admin;

fn configured(admin: &Admin<'_>, sshd: &Sshd, known_hosts: &str) {
    let lines = [
        "SSH_ENABLED=true".to_owned(),
        "SSH_HOST=127.0.0.1".to_owned(),
        format!("SSH_PORT={}", sshd.port()),
        format!("SSH_USER={}", sshd.user()),
        format!("SSH_KEY_PATH={}", sshd.key().display()),
        format!("SSH_KNOWN_HOSTS={known_hosts}"),
        format!("REMOTE_STATS_PATH={}", sshd.files().display()),
        "DISCORD_TOKEN=only.two".to_owned(),
    ];
    fs::write(admin.folder().join(".env"), lines.join("\n")).unwrap();
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let all = report["checks"].as_array().unwrap();
    all.iter().find(|one| one["check"] == name).unwrap_or_else(|| panic!("{name} is not checked: {report}"))
}

#[test]
fn a_host_is_trusted_after_asking_and_the_doctor_sees_it() {
    let sshd = Sshd::start().unwrap();
    let admin = Admin::new("sqlite://fullhold.db");
    let known_hosts = admin.folder().join("known_hosts").display().to_string();
    configured(&admin, &sshd, &known_hosts);

    // Nothing is there yet, and each line says what to do.
    let (code, out, _) = admin.run(&["doctor"]);
    assert_eq!(code, 1);
    assert!(out.contains("FAIL  database: ") && out.contains("run `dbadmin create`"), "{out}");
    assert!(out.contains("FAIL  Discord token: ") && out.contains("three are separated by dots"), "{out}");
    assert!(out.contains("run `dbadmin trust-host`"), "{out}");

    let (code, _, err) = admin.answer(&["trust-host"], "no\n");
    assert_eq!(code, 2);
    assert!(err.contains("SHA256:") && err.contains("Nothing was changed"), "{err}");
    assert!(!fs::exists(&known_hosts).unwrap());
    let (code, out, err) = admin.answer(&["trust-host"], "yes\n");
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("is trusted from now on") && out.contains("SHA256:"), "{out}");
    assert!(admin.fine(&["trust-host"]).contains("is trusted already"));

    admin.fine(&["create"]);
    fs::set_permissions(sshd.key(), fs::Permissions::from_mode(0o666)).unwrap();
    let (_, out, _) = admin.run(&["doctor"]);
    assert!(out.contains("its permissions are 0666, others can read it: chmod 600"), "{out}");
    fs::set_permissions(sshd.key(), fs::Permissions::from_mode(0o600)).unwrap();
    let report = admin.json(&["doctor", "--json"]);
    assert_eq!(check(&report, "SSH of default")["state"], "ok", "{report}");
    assert_eq!(check(&report, "database")["state"], "ok");
    assert_eq!(check(&report, "permission to write")["state"], "ok");
    assert_eq!(report["broken"], 1, "only the token: {report}");
    fs::write(admin.folder().join("token"), "MTIz.Abc_.x-Y9").unwrap();
    let env = fs::read_to_string(admin.folder().join(".env")).unwrap();
    fs::write(admin.folder().join(".env"), env.replace("DISCORD_TOKEN=only.two", "DISCORD_TOKEN_FILE=token")).unwrap();
    let (code, out, _) = admin.run(&["doctor"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.ends_with("nothing is broken\n"), "{out}");
}

#[test]
fn a_changed_host_key_is_not_trusted_over_the_old_one() {
    let mut sshd = Sshd::start().unwrap();
    let admin = Admin::new("sqlite://fullhold.db");
    let known_hosts = admin.folder().join("known_hosts").display().to_string();
    configured(&admin, &sshd, &known_hosts);
    admin.fine(&["trust-host", "--yes"]);
    let before = fs::read_to_string(&known_hosts).unwrap();
    sshd.change_host_key(fullhold_testkit::sshd::KeyKind::Ed25519).unwrap();
    let (code, _, err) = admin.run(&["trust-host", "--yes"]);
    assert_eq!(code, 1);
    assert_eq!(err.matches("SHA256:").count(), 2, "both fingerprints: {err}");
    assert!(err.contains("ssh-keygen -R"), "{err}");
    assert_eq!(fs::read_to_string(&known_hosts).unwrap(), before);
    let (code, out, _) = admin.run(&["doctor"]);
    assert_eq!(code, 1);
    assert!(out.contains("FAIL  SSH of default: "), "{out}");
}
