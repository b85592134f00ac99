//! The steps of a history, chosen by chance.

use std::fmt::Write as _;
use std::path::PathBuf;

use fullhold_ingest::Selection;
use fullhold_repository::dump;

use super::Kept;
use super::decisions::Decision;
use super::live::Live;
use super::world::{Chance, Delivery, World};
use crate::support::{asked, open};

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What comes next.
    Import,
    /// As `Import`, and files also come in pieces.
    Pieces,
    Repeat,
    Verdict,
    Merge,
    Unmerge,
    Retry,
    Ignore,
    Rebuild,
    FixRange,
    RebuildSessions,
    Backup,
    Restore,
    Copy,
}

impl Kind {
    pub const ALL: [Self; 14] = [
        Self::Import,
        Self::Pieces,
        Self::Repeat,
        Self::Verdict,
        Self::Merge,
        Self::Unmerge,
        Self::Retry,
        Self::Ignore,
        Self::Rebuild,
        Self::FixRange,
        Self::RebuildSessions,
        Self::Backup,
        Self::Restore,
        Self::Copy,
    ];
}

/// What has happened so far: a restore goes back to what it was.
#[derive(Clone)]
struct Past {
    /// Deliveries still to come, in order of arrival.
    pending: Vec<usize>,
    done: Vec<usize>,
    decisions: Vec<Decision>,
}

struct Saved {
    file: PathBuf,
    sqlite: bool,
    past: Past,
}

/// Plays one history.
pub struct Player<'a> {
    world: &'a World,
    chance: Chance,
    sqlite: bool,
    kinds: &'a [Kind],
    past: Past,
    saved: Vec<Saved>,
    folder: tempfile::TempDir,
    /// What was done.
    pub log: Vec<String>,
}

impl<'a> Player<'a> {
    pub fn new(world: &'a World, seed: u64, sqlite: bool, kinds: &'a [Kind]) -> Self {
        let comes = |index: &usize| world.deliveries[*index].is_whole || kinds.contains(&Kind::Pieces);
        let pending = (0..world.deliveries.len()).filter(comes).collect();
        Self {
            world,
            chance: Chance(seed ^ 0x5eed),
            sqlite,
            kinds,
            past: Past { pending, done: Vec::new(), decisions: Vec::new() },
            saved: Vec::new(),
            folder: tempfile::tempdir().unwrap(),
            log: Vec::new(),
        }
    }

    /// Plays so many steps, delivers what is left, and compares.
    pub async fn play(&mut self, steps: usize) -> Result<(), String> {
        let mut live = Live::open(Kept::create(self.sqlite), self.world).await;
        // In each step about as much as leaves something for the last.
        let share = (self.world.deliveries.len() * 3 / (steps * 2).max(1)).max(2);
        for _ in 0..steps {
            let kind = match self.chance.one_in(2) {
                true => Kind::Import,
                false => *self.chance.pick(self.kinds).unwrap(),
            };
            live = self.step(kind, live, share).await?;
            live.validate().await?;
        }
        while !self.past.pending.is_empty() {
            self.import(&live, 20).await?;
            live.validate().await?;
        }
        self.compare(&live).await
    }

    async fn step(&mut self, kind: Kind, live: Live, share: usize) -> Result<Live, String> {
        match kind {
            Kind::Import | Kind::Pieces => self.import(&live, share).await?,
            Kind::Repeat => self.repeat(&live).await?,
            Kind::Verdict | Kind::Merge | Kind::Unmerge | Kind::Ignore => self.decide(kind, &live).await?,
            Kind::Retry => {
                let failed = live.query("SELECT filename FROM processed_files WHERE state = 'failed'").await;
                let mut names: Vec<String> = failed.into_iter().map(|row| row[0].clone()).collect();
                names.dedup();
                self.log.push(format!("retry {} files", names.len()));
                live.maintenance
                    .retry(&asked(&live.db, &names).await, "tester")
                    .await
                    .map_err(|e| format!("retry: {e:?}"))?;
            }
            Kind::Rebuild => self.rebuild(&live, Selection::Everything, "rebuild").await?,
            Kind::FixRange => {
                if let Some(day) = self.some_day() {
                    self.rebuild(&live, Selection::Dates(day.clone(), day.clone()), &format!("fix-range {day}"))
                        .await?;
                }
            }
            Kind::RebuildSessions => {
                self.log.push("rebuild-sessions".to_owned());
                live.maintenance.rebuild_sessions(&()).await.map_err(|e| format!("rebuild-sessions: {e:?}"))?;
            }
            Kind::Backup => self.backup(&live).await?,
            Kind::Restore => return self.restore(live).await,
            Kind::Copy => return self.copy(live).await,
        }
        Ok(live)
    }

    fn some_day(&mut self) -> Option<String> {
        let done = *self.chance.pick(&self.past.done)?;
        self.world.deliveries[done].name.get(..10).map(str::to_owned)
    }

    async fn rebuild(&mut self, live: &Live, selection: Selection, what: &str) -> Result<(), String> {
        self.log.push(what.to_owned());
        live.maintenance.rebuild(selection, &()).await.map_err(|e| format!("{what}: {e:?}"))?;
        Ok(())
    }

    /// Some of what arrives next, not quite in order.
    async fn import(&mut self, live: &Live, share: usize) -> Result<(), String> {
        let mut chosen = Vec::new();
        for _ in 0..=self.chance.below(share) {
            let ahead = self.past.pending.len().min(6);
            if ahead > 0 {
                chosen.push(self.past.pending.remove(self.chance.below(ahead)));
            }
        }
        let batch = 1 + self.chance.below(8);
        self.deliver(live, &chosen, batch, "import").await?;
        self.past.done.extend(chosen);
        Ok(())
    }

    /// Files, or parts of them, that came before.
    async fn repeat(&mut self, live: &Live) -> Result<(), String> {
        let count = 1 + self.chance.below(5);
        let again: Vec<usize> = (0..count).filter_map(|_| self.chance.pick(&self.past.done).copied()).collect();
        self.deliver(live, &again, 3, "import again").await
    }

    async fn deliver(&mut self, live: &Live, chosen: &[usize], batch: usize, what: &str) -> Result<(), String> {
        let files: Vec<&Delivery> = chosen.iter().map(|index| &self.world.deliveries[*index]).collect();
        let mut text = format!("{what} in batches of {batch}:");
        for file in &files {
            let part = if file.is_whole { "" } else { " (a part)" };
            let _ = write!(text, " {}/{}{part}", file.server + 1, file.name);
        }
        self.log.push(text);
        live.import(&files, batch).await
    }

    async fn decide(&mut self, kind: Kind, live: &Live) -> Result<(), String> {
        let people = "SELECT guid FROM players WHERE NOT is_bot ORDER BY guid";
        let merged = "SELECT guid FROM players WHERE guid <> canonical_guid ORDER BY guid";
        let rounds = "SELECT s.name, f.filename FROM rounds r JOIN processed_files f ON f.id = r.file_id
             JOIN servers s ON s.id = r.server_id ORDER BY 1, 2";
        let decision = match kind {
            Kind::Verdict => {
                let rounds = live.query(rounds).await;
                let Some(round) = self.chance.pick(&rounds) else { return Ok(()) };
                let verdict = [None, Some("valid"), Some("cancelled"), Some("ignore")][self.chance.below(4)];
                Decision::Verdict { server: round[0].clone(), file: round[1].clone(), verdict }
            }
            Kind::Merge => {
                let people = live.query(people).await;
                let (Some(from), Some(into)) = (self.chance.pick(&people), self.chance.pick(&people)) else {
                    return Ok(());
                };
                let both = format!("guid IN ('{}', '{}')", from[0], into[0]);
                let canonical = live.query(&format!("SELECT canonical_guid FROM players WHERE {both}")).await;
                if from == into || canonical[0] == canonical[1] {
                    return Ok(());
                }
                Decision::Merge { from: from[0].clone(), into: into[0].clone() }
            }
            Kind::Unmerge => {
                let merged = live.query(merged).await;
                let Some(guid) = self.chance.pick(&merged) else { return Ok(()) };
                Decision::Unmerge { guid: guid[0].clone() }
            }
            _ => {
                let name = "2025-03-05-120000-junk-round-1.txt";
                let there = live.query(&format!("SELECT 1 FROM processed_files WHERE filename = '{name}'")).await;
                if there.len() < self.world.servers.len() {
                    return Ok(());
                }
                Decision::Ignore { file: name.to_owned() }
            }
        };
        self.log.push(decision.to_string());
        decision.say(live).await?;
        self.past.decisions.push(decision);
        Ok(())
    }

    async fn backup(&mut self, live: &Live) -> Result<(), String> {
        let file = self.folder.path().join(format!("backup{}", self.saved.len()));
        self.log.push(format!("backup {}", self.saved.len()));
        live.backup(&file).await?;
        self.saved.push(Saved { file, sqlite: self.sqlite, past: self.past.clone() });
        Ok(())
    }

    async fn restore(&mut self, live: Live) -> Result<Live, String> {
        let fit: Vec<usize> = (0..self.saved.len()).filter(|at| self.saved[*at].sqlite == self.sqlite).collect();
        let Some(&number) = self.chance.pick(&fit) else { return Ok(live) };
        self.log.push(format!("restore {number}"));
        let Saved { file, past, .. } = &self.saved[number];
        self.past = past.clone();
        live.restore(file.clone(), self.world).await
    }

    /// Into an empty database of either kind, with which it goes on.
    async fn copy(&mut self, live: Live) -> Result<Live, String> {
        let sqlite = self.chance.one_in(2);
        self.log.push(format!("copy to {}", if sqlite { "SQLite" } else { "PostgreSQL" }));
        let target = Kept::create(sqlite);
        let to = open(&target.url()).await;
        fullhold_repository::copy(&live.db, &to).await.map_err(|e| format!("copy: {e:?}"))?;
        drop(to);
        let copy = Live::open(target, self.world).await;
        same(&dumped(&live).await?, &dumped(&copy).await?, "the copy")?;
        self.sqlite = sqlite;
        Ok(copy)
    }

    /// One clean import, each file once and whole, and the same decisions.
    async fn compare(&mut self, live: &Live) -> Result<(), String> {
        let clean = Live::open(Kept::create(true), self.world).await;
        let mut files: Vec<&Delivery> = self.world.deliveries.iter().filter(|file| file.is_whole).collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        clean.import(&files, usize::MAX).await?;
        for decision in &self.past.decisions {
            decision.say(&clean).await?;
        }
        clean.validate().await?;
        same(&dumped(&clean).await?, &dumped(live).await?, "the end")
    }
}

/// Everything but ids and times of import, with what people said of rounds.
async fn dumped(live: &Live) -> Result<Vec<String>, String> {
    let mut lines = dump(&live.db).await.map_err(|error| format!("dump: {error:?}"))?;
    let said = live
        .query(
            "SELECT s.name || ' ' || o.server_stamp || ' ' || o.map_name || ' ' || o.round_number || ' ' || o.verdict
             FROM round_overrides o JOIN servers s ON s.id = o.server_id",
        )
        .await;
    lines.extend(said.into_iter().map(|row| format!("round_overrides|{}", row[0])));
    lines.sort();
    Ok(lines)
}

/// Fails with the first lines that differ.
fn same(expected: &[String], found: &[String], what: &str) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    let gone: Vec<&String> = expected.iter().filter(|line| found.binary_search(line).is_err()).collect();
    let new: Vec<&String> = found.iter().filter(|line| expected.binary_search(line).is_err()).collect();
    let mut text = format!("{what}: {} lines gone, {} new\n", gone.len(), new.len());
    for (mark, line) in gone.iter().take(8).map(|l| ('-', l)).chain(new.iter().take(8).map(|l| ('+', l))) {
        let _ = writeln!(text, "{mark} {line}");
    }
    Err(text)
}
