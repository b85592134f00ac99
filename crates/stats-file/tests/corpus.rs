//! Every real file, against values that scripts independent of this parser computed. Skips with a
//! visible line where the corpus is absent: it is not part of the repository.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "test support")]

use std::fs;
use std::path::{Path, PathBuf};

use fullhold_stats_file::{Field, FileKind, FileName, StatsFile, parse, strip_colours, write};

const FILES: usize = 195;

/// The corpus, or `None` after a line that says so.
fn corpus(test: &str) -> Option<PathBuf> {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus"));
    if root.is_dir() {
        return Some(root);
    }
    eprintln!("SKIPPED {test}: no corpus at ../shared/corpus");
    None
}

fn files(root: &Path) -> Vec<(FileName, Vec<u8>)> {
    let mut all: Vec<(FileName, Vec<u8>)> = fs::read_dir(root.join("gamestats"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            (name.parse().unwrap(), fs::read(&path).unwrap())
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(all.len(), FILES);
    all
}

/// A file's row in the form of `expected/files.csv`, from `tab_fields` to `defender/winner`.
fn row(file: &StatsFile) -> Vec<String> {
    let weapons = |of: fn(&fullhold_stats_file::WeaponCounts) -> i32| {
        file.players.iter().map(|p| p.weapon_sum(of)).sum::<i32>().to_string()
    };
    let fields = |field| file.players.iter().map(|p| p.count(field)).sum::<i32>().to_string();
    let mut eras: Vec<String> = file.players.iter().map(|p| p.era.field_count().to_string()).collect();
    eras.dedup();
    let header = &file.header;
    vec![
        eras.join("/"),
        file.players.len().to_string(),
        weapons(|w| w.kills),
        weapons(|w| w.deaths),
        weapons(|w| w.hits),
        weapons(|w| w.shots),
        weapons(|w| w.headshots),
        fields(Field::DamageGiven),
        fields(Field::Xp),
        header.time_limit.to_string(),
        header.next_time_limit.to_string(),
        format!("{}/{}", header.defender.number(), header.winner.map_or(0, |w| w.number())),
    ]
}

#[test]
fn every_real_file_says_what_the_scripts_read_in_it() {
    let Some(root) = corpus("every_real_file_says_what_the_scripts_read_in_it") else { return };
    let csv = fs::read_to_string(root.join("expected/files.csv")).unwrap();
    let expected: std::collections::BTreeMap<&str, Vec<&str>> = csv
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[0], cells[3..15].to_vec())
        })
        .collect();
    assert_eq!(expected.len(), FILES);
    for (name, bytes) in files(&root) {
        let file = parse(&name, &bytes).unwrap();
        let mut found = row(&file);
        let mut wanted: Vec<String> = expected[name.to_string().as_str()].iter().map(|&s| s.to_owned()).collect();
        if file.players.is_empty() {
            // A header without players has no layout and no sums.
            found.drain(..9);
            wanted.drain(..9);
        }
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn no_line_of_a_real_file_is_rejected() {
    let Some(root) = corpus("no_line_of_a_real_file_is_rejected") else { return };
    let mut lines = 0;
    for (name, bytes) in files(&root) {
        let file = parse(&name, &bytes).unwrap();
        assert_eq!(file.rejected, [], "{name}");
        assert_eq!(file.players.len() + 1, bytes.iter().filter(|b| **b == b'\n').count(), "{name}");
        lines += file.players.len();
    }
    assert!(lines > 1000, "only {lines} lines");
}

#[test]
fn a_real_file_written_again_reads_equal() {
    let Some(root) = corpus("a_real_file_written_again_reads_equal") else { return };
    for (name, bytes) in files(&root) {
        let file = parse(&name, &bytes).unwrap();
        assert_eq!(parse(&name, &write(&file)).unwrap(), file, "{name}");
    }
}

#[test]
fn the_writer_writes_real_player_lines_to_the_byte() {
    let Some(root) = corpus("the_writer_writes_real_player_lines_to_the_byte") else { return };
    let (mut same, mut all) = (0, 0);
    for (name, bytes) in files(&root) {
        let written = write(&parse(&name, &bytes).unwrap());
        let (real, ours) = (bytes.split(|b| *b == b'\n').skip(1), written.split(|b| *b == b'\n').skip(1));
        for (real, ours) in real.zip(ours).filter(|(real, _)| !real.is_empty()) {
            all += 1;
            same += usize::from(real == ours);
        }
    }
    assert_eq!(same, all, "lines that differ");
}

#[test]
fn real_files_satisfy_what_the_format_promises_of_a_line() {
    let Some(root) = corpus("real_files_satisfy_what_the_format_promises_of_a_line") else { return };
    for (name, bytes) in files(&root) {
        for player in parse(&name, &bytes).unwrap().players {
            let at = format!("{name} {}", player.guid);
            for (weapon, w) in player.listed_weapons() {
                assert!(w.headshots <= w.hits && w.kills <= w.hits, "{at} {}", weapon.name());
                assert!(weapon.hits_may_exceed_shots() || w.hits <= w.shots, "{at} {}", weapon.name());
            }
            assert!((0..=1000).contains(&player.count(Field::TimePlayedPercent)), "{at}");
            assert!(player.count(Field::KillingSpree) <= player.weapon_sum(|w| w.kills), "{at}");
            assert!(!player.is_bot() && player.identity() == player.guid, "{at}");
            assert!(player.name.chars().count() <= 35, "{at}");
            assert!(!strip_colours(&player.name).is_empty(), "{at}");
            if player.era.has_true_bullets_fired() {
                assert_eq!(player.count(Field::BulletsFired), player.weapon_sum(|w| w.shots), "{at}");
            }
        }
    }
}

#[test]
fn every_real_name_is_a_stats_file_and_prints_as_it_was() {
    let Some(root) = corpus("every_real_name_is_a_stats_file_and_prints_as_it_was") else { return };
    for entry in fs::read_dir(root.join("gamestats")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let FileKind::Stats(parsed) = FileKind::of(&name) else { unreachable_name(&name) };
        assert_eq!(parsed.to_string(), name);
    }
}

#[expect(clippy::panic, reason = "test support")]
fn unreachable_name(name: &str) -> ! {
    panic!("{name} is not taken for a stats file")
}
