//! URLs taken apart, put together again, and refused.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::panic, reason = "test")]

use std::path::Path;

use fullhold_database_url::{DatabaseUrl, PostgresUrl, TlsMode, UrlError};

fn parsed(text: &str) -> PostgresUrl {
    match text.parse::<DatabaseUrl>().unwrap_or_else(|error| panic!("{text}: {error}")) {
        DatabaseUrl::Postgres(url) => *url,
        DatabaseUrl::Sqlite(path) => panic!("{text} is the file {}", path.display()),
    }
}

fn hosts(text: &str) -> Vec<(String, u16)> {
    parsed(text).hosts.iter().map(|host| (host.name.clone(), host.port())).collect()
}

#[test]
fn what_is_shown_has_no_password_and_what_is_exposed_reads_back() {
    let cases = [
        ("postgres://u:secret@h/d", "postgres://u:***@h/d"),
        ("postgresql://u:sec%40ret@h/d", "postgres://u:***@h/d"),
        (
            "postgres://u:se@c/ret@h1:1,h2:2/d?target_session_attrs=read-write",
            "postgres://u:***@h1:1,h2:2/d?target_session_attrs=read-write",
        ),
        ("postgres://u@h1:1,h2:2/d", "postgres://u@h1:1,h2:2/d"),
        ("postgres://h/d?user=u&password=secret&connect_timeout=1", "postgres://u:***@h/d?connect_timeout=1"),
        ("postgres://h/d?password=secret", "postgres://h/d?password=***"),
        ("postgres://%2Frun%2Fpostgresql/et%20stats", "postgres://%2Frun%2Fpostgresql/et%20stats"),
        ("postgres:///d?host=/run/pg", "postgres://%2Frun%2Fpg/d"),
        ("postgres://[::1]:5433/d", "postgres://[::1]:5433/d"),
        (
            "postgres://u@h/d?sslmode=verify-full&sslrootcert=%2Fca.pem&sslcert=c&sslkey=k",
            "postgres://u@h/d?sslmode=verify-full&sslrootcert=%2Fca.pem&sslcert=c&sslkey=k",
        ),
        ("sqlite://file.db", "sqlite://file.db"),
        ("sqlite:file.db", "sqlite://file.db"),
        ("sqlite:///var/lib/f.db", "sqlite:///var/lib/f.db"),
    ];
    for (text, shown) in cases {
        let url: DatabaseUrl = text.parse().unwrap();
        assert_eq!(url.to_string(), shown);
        assert_eq!(format!("{url:?}"), shown);
        assert_eq!(url.expose().parse::<DatabaseUrl>().unwrap(), url, "{text}");
        if let DatabaseUrl::Postgres(parts) = &url {
            let debug = format!("{parts:?}");
            assert!(!debug.contains("secret") && !debug.contains("sec@ret") && !debug.contains("se@c/ret"), "{debug}");
        }
    }
}

#[test]
fn passwords_are_decoded() {
    for (text, password) in [
        ("postgres://u:p%40ss@h:1,i:2/db?x=y", Some("p@ss")),
        ("postgres://u:p@ss@h/db", Some("p@ss")),
        ("postgres://u:p/a@h/db", Some("p/a")),
        ("postgres://h/db?password=p%26q", Some("p&q")),
        ("postgres://u@h/db", None),
    ] {
        assert_eq!(parsed(text).password.as_ref().map(|password| password.expose()), password, "{text}");
    }
}

#[test]
fn several_hosts_have_a_port_each_or_one_for_all() {
    let pair = |a: (&str, u16), b: (&str, u16)| vec![(a.0.to_owned(), a.1), (b.0.to_owned(), b.1)];
    assert_eq!(hosts("postgres://u@one,two/d"), pair(("one", 5432), ("two", 5432)));
    assert_eq!(hosts("postgres://u@one:1,two:2/d"), pair(("one", 1), ("two", 2)));
    assert_eq!(hosts("postgres://u@one,two/d?port=7"), pair(("one", 7), ("two", 7)));
    assert_eq!(hosts("postgres://u@/d?host=one,two&port=1,2"), pair(("one", 1), ("two", 2)));
}

#[test]
fn the_database_of_a_url_is_named_and_replaced() {
    for (text, name, other) in [
        ("postgres://u@h:1,i:2/db?a=b", "db", "postgres://u@h:1,i:2/x?a=b"),
        ("postgres://u:p@h/db", "db", "postgres://u:***@h/x"),
        ("postgres://u@h", "u", "postgres://u@h/x"),
        ("sqlite:///var/f.db", "f.db", "sqlite:///var/f.db"),
    ] {
        let url: DatabaseUrl = text.parse().unwrap();
        assert_eq!((url.name().as_str(), url.with_database("x").to_string().as_str()), (name, other));
    }
}

#[test]
fn tls_is_read_as_libpq_means_it() {
    for mode in TlsMode::ALL {
        assert_eq!(parsed(&format!("postgres://h/d?sslmode={}", mode.name())).tls.mode(), mode);
    }
    assert_eq!(parsed("postgres://h/d").tls.mode(), TlsMode::Prefer);
    let system = parsed("postgres://h/d?sslrootcert=system").tls;
    assert_eq!((system.mode(), system.root_cert.as_deref()), (TlsMode::VerifyFull, Some(Path::new("system"))));
}

#[test]
fn what_is_wrong_is_named_and_the_password_is_not() {
    let cases = [
        ("mysql://u:secret@h/d", UrlError::Scheme),
        ("fullhold.db", UrlError::Scheme),
        ("sqlite://", UrlError::Scheme),
        ("postgres://", UrlError::Scheme),
        ("postgres:///d", UrlError::NoHost),
        ("postgres://h:x/d", UrlError::Port { found: "x".to_owned() }),
        ("postgres://h:0/d", UrlError::Port { found: "0".to_owned() }),
        ("postgres://a,b,c/d?port=1,2", UrlError::Ports { ports: 2, hosts: 3 }),
        ("postgres://h/d?sslmode=full", UrlError::TlsMode { found: "full".to_owned() }),
        ("postgres://h/d?sslmode=require&sslrootcert=system", UrlError::SystemRoots { mode: "require" }),
        ("postgres://h/d?sslcert=c", UrlError::Half { missing: "sslkey" }),
        ("postgres://h/d?sslkey=k", UrlError::Half { missing: "sslcert" }),
        ("postgres://u:%ff@h/d", UrlError::Encoding),
        ("postgres://h/d?colour", UrlError::Parameter { name: "colour".to_owned() }),
    ];
    for (text, expected) in cases {
        let error = text.parse::<DatabaseUrl>().unwrap_err();
        assert!(!error.to_string().contains("secret"));
        assert_eq!(error, expected, "{text}");
    }
}
