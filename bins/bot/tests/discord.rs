//! The bot as somebody starts it who has no token yet, or a wrong setting.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use fullhold_fake_discord::FakeDiscord;
use fullhold_ingest::Importer;
use fullhold_repository::{Db, OpenMode};
use time::OffsetDateTime;

fn bot(environment: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut bot = Command::new(env!("CARGO_BIN_EXE_bot"));
    bot.current_dir(folder.path()).env_clear().envs(environment.iter().copied());
    bot.output().unwrap()
}

#[test]
fn without_a_token_it_says_how_to_get_one_and_what_works_without() {
    let output = bot(&[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for expected in ["DISCORD_TOKEN", "https://discord.com/developers/applications", "bot --demo", "bot --console"] {
        assert!(said.contains(expected), "{expected} is missing in\n{said}");
    }
}

#[test]
fn an_address_that_is_none_is_named_with_its_key() {
    let output = bot(&[("DISCORD_TOKEN", "secret-token"), ("DISCORD_API_URL", "nonsense")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("DISCORD_API_URL") && said.contains("nonsense"), "{said}");
    assert!(!said.contains("secret-token"), "{said}");
}

/// The samples in a database of this folder.
async fn fill(folder: &Path) {
    let url = format!("sqlite://{}", folder.join("fullhold.db").display());
    let config = fullhold_repository::Config::new(url.parse().unwrap());
    let db = Db::open(&config, OpenMode::Create).await.unwrap();
    let rules = fullhold_ingest::Config::default();
    let importer = Importer::new(db, "alpha", Some("UTC"), "UTC", rules, OffsetDateTime::now_utc).await.unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/good");
    importer.run(vec![samples], &()).await.unwrap();
}

/// The program in a folder, connected to a fake Discord.
fn connected(folder: &Path, fake: &FakeDiscord) -> Child {
    let mut bot = Command::new(env!("CARGO_BIN_EXE_bot"));
    bot.current_dir(folder).env_clear().env("LOG_LEVEL", "debug");
    bot.env("DISCORD_TOKEN", fake.token()).env("DISCORD_API_URL", fake.api_url());
    bot.env("DISCORD_GATEWAY_URL", fake.gateway_url());
    bot.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Ends it as a service manager does; what it said.
fn terminated(bot: Child) -> String {
    let pid = rustix::process::Pid::from_child(&bot);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let output = bot.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_ends_when_told_and_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path()).await;
    let fake = FakeDiscord::start().await;
    let guild = fake.guild("alpha");
    let (stats, carol) = (guild.text("stats"), fake.person("carol"));
    guild.join(&carol, &[]);
    let bot = connected(folder.path(), &fake);
    fake.gateway().ready().await;
    let shown = carol.slash(&stats, "list_players", &[]).answer().await;
    assert!(shown.text().contains("grashopper"), "{}", shown.text());
    let said = tokio::task::spawn_blocking(|| terminated(bot)).await.unwrap();
    assert!(!said.contains(fake.token()), "the token is in the log:\n{said}");
    // Asked while it is away.
    let asked = carol.says(&stats, "!list_players");
    let bot = connected(folder.path(), &fake);
    fake.gateway().resumed(1).await;
    assert_eq!(asked.answer().await.text(), shown.text());
    assert_eq!(fake.gateway().counts().identifies, 1);
    tokio::task::spawn_blocking(|| terminated(bot)).await.unwrap();
    fake.assert_no_violations();
}
