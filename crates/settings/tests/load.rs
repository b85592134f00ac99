//! Sources, their order, and what is said about bad values.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "functions that tests share")]

use std::collections::BTreeMap;

use fullhold_settings::{Inputs, KEYS, Kind, Origin, Settings, SourceFile, load};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn dotenv(text: &str) -> Option<SourceFile> {
    Some(SourceFile { path: ".env".into(), text: text.to_owned() })
}

fn toml(text: &str) -> Option<SourceFile> {
    Some(SourceFile { path: "fullhold.toml".into(), text: text.to_owned() })
}

fn environment(given: &[(&str, &str)]) -> Inputs {
    Inputs { environment: pairs(given), ..Inputs::default() }
}

fn problems(inputs: &Inputs) -> Vec<String> {
    load(inputs).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

fn url(given: &[(&str, &str)]) -> String {
    load(&environment(given)).unwrap().database.url.expose()
}

fn origin(settings: &Settings, key: &str) -> Origin {
    settings.effective.iter().find(|row| row.key == key).unwrap().origin.clone()
}

#[test]
fn the_first_source_that_gives_a_value_counts() {
    let line = |path: &str, line| (path.into(), line);
    let (env_path, env_line) = line(".env", 1);
    let (toml_path, toml_line) = line("fullhold.toml", 1);
    let expected = [
        (1, Origin::Flag),
        (2, Origin::Environment),
        (3, Origin::DotEnv { path: env_path, line: env_line }),
        (4, Origin::Toml { path: toml_path, line: toml_line }),
        (60, Origin::Default),
    ];
    for (first, (minutes, from)) in expected.into_iter().enumerate() {
        let mut inputs = Inputs::default();
        if first == 0 {
            inputs.flags = pairs(&[("SESSION_GAP_MINUTES", "1")]);
        }
        if first <= 1 {
            inputs.environment = pairs(&[("SESSION_GAP_MINUTES", "2")]);
        }
        if first <= 2 {
            inputs.dotenv = dotenv("SESSION_GAP_MINUTES=3");
        }
        if first <= 3 {
            inputs.toml = toml("session_gap_minutes = 4");
        }
        let settings = load(&inputs).unwrap();
        assert_eq!(settings.session_gap.as_secs(), minutes * 60);
        assert_eq!(origin(&settings, "SESSION_GAP_MINUTES"), from);
    }
}

#[test]
fn an_empty_value_is_not_given() {
    let inputs = Inputs { dotenv: dotenv("COMMAND_PREFIX=?\nGUILD_ID="), ..environment(&[("COMMAND_PREFIX", "")]) };
    let settings = load(&inputs).unwrap();
    assert_eq!(settings.discord.command_prefix, "?");
    assert_eq!(settings.discord.guild, None);
}

#[test]
fn all_problems_come_at_once_and_each_says_where() {
    let inputs = Inputs {
        flags: pairs(&[("SSH_PORT", "0")]),
        environment: pairs(&[("SERVER_TIMEZONE", "Europe/Atlantis"), ("PATH", "/bin")]),
        dotenv: dotenv("# first\nSSH_HOTS=example.org\nDISCORD_TOKN=hush\nnonsense"),
        toml: toml(
            "ssh_enabled = \"perhaps\"\nlog_format = [\"xml\"]\nsession_gap_minutes = 1.5\n[[server]]\nname = \"a\"\nssh_prot = 1\n",
        ),
        ..Inputs::default()
    };
    assert_eq!(
        problems(&inputs),
        [
            "SSH_PORT = \"0\": a whole number from 1 to 65535 is allowed (command line)",
            "SERVER_TIMEZONE = \"Europe/Atlantis\": an IANA time zone, such as Europe/Ljubljana is allowed (environment)",
            "a line: not of the form KEY=value (.env, line 4)",
            "SSH_HOTS: unknown key; did you mean SSH_HOST? (.env, line 2)",
            "DISCORD_TOKN: unknown key; did you mean DISCORD_TOKEN? (.env, line 3)",
            "LOG_FORMAT = \"xml\": one of text, json is allowed (fullhold.toml, line 2)",
            "SESSION_GAP_MINUTES = \"1.5\": a whole number from 1 to 1440 is allowed (fullhold.toml, line 3)",
            "SSH_ENABLED = \"perhaps\": true or false is allowed (fullhold.toml, line 1)",
            "server.ssh_prot: unknown key; did you mean ssh_port? (fullhold.toml, line 6)",
        ]
    );
}

#[test]
fn a_malformed_value_counts_even_when_overridden() {
    let inputs = Inputs { dotenv: dotenv("SSH_PORT=many"), ..environment(&[("SSH_PORT", "22")]) };
    assert_eq!(problems(&inputs).len(), 1);
}

#[test]
fn broken_toml_is_reported_with_its_line() {
    let inputs = Inputs { toml: toml("ssh_port = 22\nssh_host = \n"), ..Inputs::default() };
    let problems = problems(&inputs);
    assert!(problems[0].ends_with("(fullhold.toml, line 2)"), "{problems:?}");
    let inputs = Inputs { toml: toml("[ssh]\nport = 22\n[server]\nname = 'x'"), ..Inputs::default() };
    let problems = self::problems(&inputs);
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn an_alias_is_the_same_key() {
    let settings = load(&environment(&[("DISCORD_BOT_TOKEN", "hush")])).unwrap();
    assert_eq!(settings.discord.token.unwrap().expose(), "hush");
    let twice = environment(&[("DISCORD_BOT_TOKEN", "hush"), ("DISCORD_TOKEN", "other")]);
    assert_eq!(problems(&twice), ["DISCORD_TOKEN: given before, differently, at environment (environment)"]);
}

/// As the reference bot's own example has it, filled in.
const OF_THE_REFERENCE: &str = "
    # Discord
    DISCORD_BOT_TOKEN=hush
    DISCORD_GUILD_ID=11
    STATS_CHANNEL_ID=12
    PRODUCTION_CHANNEL_ID=13
    GATHER_CHANNEL_ID=14
    GENERAL_CHANNEL_ID=15
    GATHER_3V3_CHANNEL_ID=16
    GATHER_6V6_CHANNEL_ID=17
    ADMIN_CHANNEL_ID=18, 19
    BOT_COMMAND_CHANNELS=13,14
    # Database
    DATABASE_TYPE=postgresql
    POSTGRES_HOST=localhost
    POSTGRES_PORT=5432
    POSTGRES_DATABASE=etlegacy
    POSTGRES_USER=etlegacy_user
    POSTGRES_PASSWORD='p w'
    POSTGRES_MIN_POOL=2
    POSTGRES_MAX_POOL=10
    SQLITE_DB_PATH=bot/etlegacy.db
    METRICS_DB_PATH=metrics.db
    DB_PATH=x
    # Game server
    SSH_ENABLED=true
    SSH_HOST=example.org
    SSH_PORT=48101
    SSH_USER=et
    SSH_KEY_PATH=~/.ssh/etlegacy_bot
    REMOTE_STATS_PATH=/home/et/.etlegacy/legacy/gamestats
    LOCAL_STATS_DIR=local_stats
    SERVER_HOST=example.org
    SERVER_PORT=27960
    SERVER_PASSWORD=
    RCON_ENABLED=false
    RCON_HOST=example.org
    ETLEGACY_USER=et
    ETDAEMON_SCRIPT=/home/et/etdaemon.sh
    # Automation
    AUTOMATION_ENABLED=true
    GAMING_VOICE_CHANNELS=20,21
    SESSION_START_THRESHOLD=6
    LOG_LEVEL=WARNING
    LOG_PATH=logs
";

#[test]
fn a_dotenv_of_the_reference_bot_works_as_it_is() {
    let inputs = Inputs { dotenv: dotenv(OF_THE_REFERENCE), ..environment(&[("HOME", "/home/bot")]) };
    assert_eq!(problems(&inputs), Vec::<String>::new());
    let settings = load(&inputs).unwrap();
    let discord = &settings.discord;
    assert_eq!((discord.guild, discord.stats_channel, discord.admin_channels.first()), (Some(11), Some(13), Some(&18)));
    assert_eq!(discord.command_channels, [13, 14, 15], "each once, in the order of their keys");
    assert_eq!(settings.database.url.expose(), "postgres://etlegacy_user:p%20w@localhost:5432/etlegacy");
    assert_eq!(settings.log.level, fullhold_settings::LogLevel::Warn);
    let ssh = settings.servers[0].ssh.as_ref().unwrap();
    assert_eq!((ssh.port, ssh.host.as_str()), (48_101, "example.org"));
    assert_eq!(
        settings.notices,
        [".env: keys of the reference bot that mean nothing here: GATHER_3V3_CHANNEL_ID, GATHER_6V6_CHANNEL_ID, \
          DATABASE_TYPE, SQLITE_DB_PATH, METRICS_DB_PATH, DB_PATH, LOCAL_STATS_DIR, SERVER_HOST, SERVER_PORT, \
          SERVER_PASSWORD, RCON_ENABLED, RCON_HOST, ETLEGACY_USER, ETDAEMON_SCRIPT, LOG_PATH"]
    );
    assert!(settings.report().contains(&settings.notices[0]));
}

#[test]
fn our_name_of_a_key_counts_before_the_reference_bots() {
    for text in ["GUILD_ID=1\nDISCORD_GUILD_ID=2", "DISCORD_GUILD_ID=2\nGUILD_ID=1"] {
        let settings = load(&Inputs { dotenv: dotenv(text), ..Inputs::default() }).unwrap();
        assert_eq!(settings.discord.guild, Some(1), "{text}");
    }
    // Where the reference bot posted counts before what else it called the stats channel.
    let text = "PRODUCTION_CHANNEL_ID=3\nDISCORD_STATS_CHANNEL_ID=2\nSTATS_CHANNEL_ID=1";
    assert_eq!(load(&Inputs { dotenv: dotenv(text), ..Inputs::default() }).unwrap().discord.stats_channel, Some(3));
    let settings = load(&environment(&[("DISCORD_GUILD_ID", "5"), ("RCON_HOST", "x")])).unwrap();
    assert_eq!((settings.discord.guild, settings.notices.len()), (Some(5), 0), "the environment belongs to everybody");
}

#[test]
fn keys_of_the_reference_bot_are_checked_and_stay_unknown_elsewhere() {
    let inputs = Inputs {
        dotenv: dotenv("GENERAL_CHANNEL_ID=general\nPRODUCTION_CHANEL_ID=1"),
        toml: toml("rcon_host = 'x'"),
        ..Inputs::default()
    };
    assert_eq!(
        problems(&inputs),
        [
            "GENERAL_CHANNEL_ID = \"general\": Discord ids (digits), separated by commas is allowed (.env, line 1)",
            "PRODUCTION_CHANEL_ID: unknown key; docs/CONFIGURATION.md lists them all (.env, line 2)",
            "RCON_HOST: unknown key; docs/CONFIGURATION.md lists them all (fullhold.toml, line 1)",
        ]
    );
}

#[test]
fn a_token_file_is_read_when_there_is_no_token() {
    let mut inputs = environment(&[("DISCORD_TOKEN_FILE", "~/token"), ("HOME", "/home/bot")]);
    inputs.read_file = |path| Ok(format!(" {}\n", path.display()));
    assert_eq!(load(&inputs).unwrap().discord.token.unwrap().expose(), "/home/bot/token");
    inputs.read_file = |_| Ok("\n".to_owned());
    assert_eq!(problems(&inputs), ["DISCORD_TOKEN_FILE = \"/home/bot/token\": the file is empty (environment)"]);
    inputs.environment.extend(pairs(&[("DISCORD_TOKEN", "direct")]));
    assert_eq!(load(&inputs).unwrap().discord.token.unwrap().expose(), "direct");
}

#[test]
fn postgres_keys_make_a_url_only_without_database_url() {
    let keys = [("POSTGRES_HOST", "db"), ("POSTGRES_DATABASE", "et"), ("POSTGRES_USER", "bot")];
    assert_eq!(url(&keys), "postgres://bot@db/et");
    let mut with_password = keys.to_vec();
    with_password.extend([("POSTGRES_PASSWORD", "p@ss"), ("POSTGRES_PORT", "5433"), ("POSTGRES_SSL_MODE", "require")]);
    assert_eq!(url(&with_password), "postgres://bot:p%40ss@db:5433/et?sslmode=require");
    let everything = [
        ("POSTGRES_HOST", "::1,db2"),
        ("POSTGRES_PORT", "5433"),
        ("POSTGRES_DATABASE", "et stats"),
        ("POSTGRES_USER", "bot@home"),
        ("POSTGRES_PASSWORD", "p:/@%ž"),
        ("POSTGRES_SSL_MODE", "verify-full"),
        ("POSTGRES_SSL_ROOT_CERT", "~/ca.pem"),
        ("POSTGRES_SSL_CERT", "/c.pem"),
        ("POSTGRES_SSL_KEY", "/k.pem"),
        ("HOME", "/home/et"),
    ];
    assert_eq!(
        url(&everything),
        "postgres://bot%40home:p%3A%2F%40%25%C5%BE@[::1]:5433,db2:5433/et%20stats?sslmode=verify-full\
         &sslrootcert=%2Fhome%2Fet%2Fca.pem&sslcert=%2Fc.pem&sslkey=%2Fk.pem"
    );
    let half = [("POSTGRES_HOST", "h"), ("POSTGRES_DATABASE", "d"), ("POSTGRES_SSL_CERT", "/c.pem")];
    let found = problems(&environment(&half));
    assert!(found[0].contains("POSTGRES_HOST") && found[0].contains("sslkey is missing"), "{found:?}");
    let found = problems(&environment(&[("DATABASE_URL", "postgres://u:hush@h/d?sslmode=full")]));
    assert!(found[0].contains("verify-full") && !found[0].contains("hush"), "{found:?}");
    let socket = [("POSTGRES_HOST", "/run/postgresql"), ("POSTGRES_DATABASE", "d"), ("POSTGRES_PASSWORD", "p")];
    assert_eq!(url(&socket), "postgres://%2Frun%2Fpostgresql/d?password=p");
    with_password.push(("DATABASE_URL", "sqlite:///var/lib/fullhold.db"));
    assert_eq!(url(&with_password), "sqlite:///var/lib/fullhold.db");
    assert_eq!(url(&keys[1..]), "sqlite://fullhold.db");
    assert_eq!(problems(&environment(&keys[..1])).len(), 1);
}

#[test]
fn secrets_appear_nowhere() {
    let given = [
        ("DATABASE_URL", "postgres://bot:hush@db/et"),
        ("POSTGRES_PASSWORD", "hush"),
        ("DISCORD_TOKEN", "hush"),
        ("SSH_KEY_PASSPHRASE", "hush"),
        ("SSH_HOST", "game"),
    ];
    let settings = load(&environment(&given)).unwrap();
    let report = settings.report();
    assert!(!report.contains("hush"), "{report}");
    assert!(report.contains("postgres://bot:***@db/et"), "{report}");
    assert!(!format!("{settings:?}").contains("hush"));
    for (key, value) in [("DATABASE_URL", "mysql://bot:hush@db/et"), ("DATABASE_URL", "bot:hush@db")] {
        let problems = problems(&environment(&[(key, value)]));
        assert!(problems.len() == 1 && !problems[0].contains("hush"), "{problems:?}");
    }
}

#[test]
fn servers_come_from_tables_and_inherit_their_ssh_part() {
    let text = "
        ssh_enabled = true
        ssh_user = 'et'
        remote_stats_path = '/stats'
        stats_directory = 'files'
        excluded_maps = ['one', 'two']
        [[server]]
        name = 'duel'
        timezone = 'Europe/Ljubljana'
        ssh_host = 'duel.example'
        ssh_port = 2222
        [[server]]
        name = 'old'
        stats_directory = '/archive'
        ssh_user = 'nobody'
    ";
    let inputs = Inputs { toml: toml(text), ..Inputs::default() };
    let settings = load(&inputs).unwrap();
    let [duel, old] = settings.servers.as_slice() else { panic!("{:?}", settings.servers) };
    assert_eq!((duel.time_zone.as_str(), duel.stats_directory.to_str()), ("Europe/Ljubljana", Some("files/duel")));
    let ssh = duel.ssh.as_ref().unwrap();
    assert_eq!((ssh.port, ssh.user.as_deref(), ssh.remote_stats_path.as_deref()), (2222, Some("et"), Some("/stats")));
    assert_eq!((old.time_zone.as_str(), old.stats_directory.to_str()), ("UTC", Some("/archive")));
    assert!(old.ssh.is_none());
    assert_eq!(settings.excluded_maps, ["one", "two"]);
}

#[test]
fn bad_servers_are_problems() {
    let cases = [
        ("[[server]]\ntimezone = 'UTC'", "server.name: needed in every [[server]] table (fullhold.toml, line 1)"),
        (
            "[[server]]\nname = 'a'\n[[server]]\nname = 'a'",
            "server.name = \"a\": the name of two [[server]] tables (fullhold.toml, line 3)",
        ),
        (
            "[[server]]\nname = 'a'\nstats_directory = 'x'\n[[server]]\nname = 'b'\nstats_directory = 'x'",
            "server.stats_directory = \"x\": the folder of server a, too: each needs its own (fullhold.toml, line 4)",
        ),
        (
            "ssh_enabled = true\n[[server]]\nname = 'a'",
            "SSH_ENABLED: true needs ssh_host in at least one [[server]] table (fullhold.toml, line 1)",
        ),
        (
            "ssh_enabled = true\nssh_host = 'h'\nssh_user = 'u'",
            "REMOTE_STATS_PATH: needed, because SSH_ENABLED is true (fullhold.toml, line 1)",
        ),
        ("server = 'a'", "server: tables that start with a line [[server]] (fullhold.toml, line 1)"),
    ];
    for (text, expected) in cases {
        assert_eq!(problems(&Inputs { toml: toml(text), ..Inputs::default() }), [expected], "{text}");
    }
}

/// Another allowed value than the default, for any key.
fn other_value(key: &fullhold_settings::Key) -> String {
    let default = key.default.unwrap_or_default();
    match key.kind {
        Kind::Integer(least, most) => if default == most.to_string() { least } else { most }.to_string(),
        Kind::Boolean => (default != "true").to_string(),
        Kind::Id | Kind::Ids => "4711".to_owned(),
        Kind::OneOf(words) => (*words.iter().find(|word| **word != default).unwrap()).to_owned(),
        Kind::TimeZone => "Europe/Ljubljana".to_owned(),
        Kind::DatabaseUrl => "sqlite://other.db".to_owned(),
        Kind::Url(schemes) => format!("{}://other", schemes[0]),
        Kind::DayStart => "05:30".to_owned(),
        Kind::SocketAddress => "9100".to_owned(),
        Kind::Text | Kind::Path | Kind::Words => "other".to_owned(),
    }
}

#[test]
fn every_key_reaches_the_settings() {
    let base = pairs(&[("POSTGRES_HOST", "h"), ("POSTGRES_DATABASE", "d"), ("POSTGRES_USER", "u"), ("SSH_HOST", "h")]);
    let load_with = |extra: Option<(&str, String)>| {
        let mut values: BTreeMap<String, String> = base.iter().cloned().collect();
        let ssh = pairs(&[("SSH_USER", "u"), ("REMOTE_STATS_PATH", "/r")]);
        values.extend(ssh);
        // A certificate and its key belong together.
        values.extend(pairs(&[("POSTGRES_SSL_CERT", "c"), ("POSTGRES_SSL_KEY", "k")]));
        values.extend(extra.map(|(key, value)| (key.to_owned(), value)));
        let environment = values.into_iter().collect();
        let mut settings =
            load(&Inputs { environment, read_file: |_| Ok("t".to_owned()), ..Inputs::default() }).unwrap();
        settings.effective.clear();
        let passphrase = settings.servers[0].ssh.as_ref().and_then(|ssh| ssh.key_passphrase.clone());
        let token = settings.discord.token.clone();
        let secrets = [passphrase, token].map(|secret| secret.map(|secret| secret.expose().to_owned()));
        format!("{settings:?} {:?} {secrets:?}", settings.database.url)
    };
    let defaults = load_with(None);
    for key in KEYS {
        assert_ne!(load_with(Some((key.name, other_value(key)))), defaults, "{} has no effect", key.name);
    }
}

#[test]
fn a_guild_table_says_what_holds_in_a_discord_server() {
    let text = "[[guild]]\nid = 77\nservers = [\"alpha\", \"beta\"]\nadmin_users = [5, 6]\nprefix = \"?\"\n";
    let settings = load(&Inputs { toml: toml(text), ..Inputs::default() }).unwrap();
    let guild = &settings.guilds[0];
    assert_eq!((settings.guilds.len(), guild.id), (1, 77));
    let mut said = guild.settings.clone();
    said.sort();
    assert_eq!(said, pairs(&[("admin_users", "5,6"), ("prefix", "?"), ("servers", "alpha,beta")]));
}

#[test]
fn what_is_wrong_with_a_guild_table_is_said_with_its_place() {
    let said = |text: &str| problems(&Inputs { toml: toml(text), ..Inputs::default() });
    assert_eq!(
        said("[[guild]]\nprefix = \"?\"\n"),
        ["guild.id: needed in every [[guild]] table (fullhold.toml, line 1)"]
    );
    let twice = said("[[guild]]\nid = 7\n[[guild]]\nid = 7\n");
    assert_eq!(twice, ["guild.id = \"7\": the id of two [[guild]] tables (fullhold.toml, line 3)"]);
    let unknown = said("[[guild]]\nid = 7\nprefx = \"?\"\n");
    assert_eq!(unknown, ["guild.prefx: unknown key; did you mean prefix? (fullhold.toml, line 3)"]);
    assert!(said("[[guild]]\nid = 7\nadmin_roles = \"x\"\n")[0].starts_with("guild.admin_roles = \"x\": Discord ids"));
    assert_eq!(said("guild = 7\n"), ["guild: tables that start with a line [[guild]] (fullhold.toml, line 1)"]);
}
