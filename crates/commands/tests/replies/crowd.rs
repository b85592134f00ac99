//! An evening of 64 players with names of 40 characters that break what is careless.

use std::fs;
use std::path::Path;

use fullhold_commands::reply::{Terminal, csv, data, messages, width};
use fullhold_commands::{COMMANDS, Permission, answered};
use fullhold_testkit::each_backend;

use crate::cases::lines;
use crate::checks::check;
use crate::shared::samples;
use crate::worlds::{ask, of_folder, somebody};
use crate::worst::WORST;

const PLAYERS: usize = 64;
const LONG: usize = 40;

fn guid(player: usize) -> String {
    format!("{:08X}", 0xC0DE_0000_u32 + u32::try_from(player).unwrap())
}

/// A name as long as the game allows, without what separates columns of a file.
fn name(player: usize) -> String {
    let worst: String = WORST[player % WORST.len()].chars().filter(|c| !matches!(c, '\\' | '\n')).collect();
    let name: String = format!("{player}{worst}").chars().cycle().take(LONG).collect();
    if name.trim().is_empty() { "x".repeat(LONG) } else { name }
}

/// The last evening of the samples with 64 players, each with the numbers of somebody who was there.
fn write(folder: &Path) {
    let evening = samples().join("2025-11-14");
    let mut paths: Vec<_> = fs::read_dir(evening).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let first = text(&paths[0]);
    let models: Vec<&str> = first.lines().skip(1).filter_map(|line| line.split('\\').next()).collect();
    for path in &paths {
        let text = text(path);
        let mut lines: Vec<String> = text.lines().take(1).map(str::to_owned).collect();
        for player in 0..PLAYERS {
            let model = models[player % models.len()];
            let line = text.lines().find(|line| line.starts_with(model));
            let rest = line.and_then(|line| line.splitn(3, '\\').nth(2));
            lines.extend(rest.map(|rest| format!("{}\\{}\\{rest}", guid(player), name(player))));
        }
        fs::write(folder.join(path.file_name().unwrap()), lines.join("\n") + "\n").unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_players_with_the_worst_names_fit_every_platform() {
    each_backend(async |url| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path());
        let answerer = of_folder(url, folder.path()).await;
        let asker = somebody(Permission::Admin, false);
        let mut longest = 0;
        for command in COMMANDS.iter().filter(|command| answered().any(|name| name == command.name)) {
            for line in lines(command) {
                let line = line.replace("{a}", &format!("guid:{}", guid(3))).replace("{b}", &guid(4));
                let line =
                    line.replace("{map}", "te_escape2").replace("{round}", "2").replace("2025-11-12", "2025-11-14");
                let answer = ask(&answerer, asker, &line).await;
                let pages = messages(&answer.reply, &line);
                pages.iter().for_each(check);
                longest = longest.max(pages.len());
                let terminal = Terminal { columns: 80, has_colours: false, instant: &|_| "now".to_owned() };
                for shown in terminal.show(&answer.reply).lines() {
                    assert!(width(shown) <= 80, "{line}: {shown}");
                }
                drop((data(&answer.reply), csv(&answer.reply)));
            }
        }
        assert!(longest > 1, "nobody needed a second page");
        // Nobody is lost on the way to the pages.
        let answer = ask(&answerer, asker, "last players").await;
        assert_eq!(data(&answer.reply)["tables"]["players"]["rows"].as_array().unwrap().len(), PLAYERS);
    })
    .await;
}
