//! The steps of a history, chosen by chance.

use std::fmt::Write as _;
use std::path::PathBuf;

use fullhold_maintenance::Selection;
use fullhold_repository::dump;

use fullhold_simulator::{World, WorldFile};

use super::Kept;
use super::decisions::Decision;
use super::live::Live;
use super::world::{Chance, RULES, rules};
use crate::keeping::asked;
use crate::support::open;

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
    Teams,
    ClearTeams,
    Retry,
    Ignore,
    /// Other rules are set, and the programs started again.
    Rules,
    Rebuild,
    /// A rebuild that first takes in files from a folder.
    FromFiles,
    /// A server has a wrong zone for a while.
    WrongZone,
    /// A server is removed with everything, and its files come again.
    RemoveServer,
    FixRange,
    RebuildSessions,
    Backup,
    Restore,
    Copy,
}

impl Kind {
    pub const ALL: [Self; 20] = [
        Self::Import,
        Self::Pieces,
        Self::Repeat,
        Self::Verdict,
        Self::Merge,
        Self::Unmerge,
        Self::Teams,
        Self::ClearTeams,
        Self::Retry,
        Self::Ignore,
        Self::Rules,
        Self::Rebuild,
        Self::FromFiles,
        Self::WrongZone,
        Self::RemoveServer,
        Self::FixRange,
        Self::RebuildSessions,
        Self::Backup,
        Self::Restore,
        Self::Copy,
    ];
}

/// What has happened so far: a restore goes back to what it was.
#[derive(Clone)]
pub(super) struct Past {
    /// Deliveries still to come, in order of arrival.
    pending: Vec<usize>,
    done: Vec<usize>,
    pub(super) decisions: Vec<Decision>,
    /// By server: the rules that its rounds are computed with, once it has a round.
    rules: Vec<Option<usize>>,
}

struct Saved {
    file: PathBuf,
    sqlite: bool,
    past: Past,
}

/// Plays one history.
pub struct Player<'a> {
    pub(super) world: &'a World,
    pub(super) chance: Chance,
    sqlite: bool,
    kinds: &'a [Kind],
    /// Which rules are set.
    set: usize,
    pub(super) past: Past,
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
            set: 0,
            past: Past { pending, done: Vec::new(), decisions: Vec::new(), rules: vec![None; world.servers.len()] },
            saved: Vec::new(),
            folder: tempfile::tempdir().unwrap(),
            log: Vec::new(),
        }
    }

    /// Plays so many steps, delivers what is left, and compares.
    pub async fn play(&mut self, steps: usize) -> Result<(), String> {
        let kept = Kept::create(self.sqlite);
        self.shift_ids(&kept).await;
        let mut live = Live::open(kept, self.world, &self.settings()).await;
        // In each step about as much as leaves something for the last.
        let share = (self.world.deliveries.len() * 3 / (steps * 2).max(1)).max(2);
        for _ in 0..steps {
            let kind = match self.chance.one_in(2) {
                true => Kind::Import,
                false => *self.chance.pick(self.kinds).unwrap(),
            };
            live = self.step(kind, live, share).await?;
            self.notice_rules(&live).await;
            live.validate().await?;
        }
        while !self.past.pending.is_empty() {
            self.import(&live, 20).await?;
            self.notice_rules(&live).await;
            live.validate().await?;
        }
        self.compare(&live).await
    }

    async fn step(&mut self, kind: Kind, live: Live, share: usize) -> Result<Live, String> {
        match kind {
            Kind::Import | Kind::Pieces => self.import(&live, share).await?,
            Kind::Repeat => self.repeat(&live).await?,
            Kind::Verdict | Kind::Merge | Kind::Unmerge | Kind::Teams | Kind::Ignore => {
                self.decide(kind, &live).await?;
            }
            Kind::ClearTeams => self.clear_teams(&live).await?,
            Kind::Rules => {
                self.set = self.chance.below(RULES);
                self.log.push(format!("rules {} are set", self.set));
                return Ok(live.reopen(self.world, &self.settings()).await);
            }
            Kind::FromFiles => self.take_in_files(&live, share).await?,
            Kind::WrongZone => self.wrong_zone(&live).await?,
            Kind::RemoveServer => return self.remove_server(live).await,
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
            Kind::Rebuild => {
                self.rebuild(&live, Selection::Everything, "rebuild").await?;
                self.adopt_rules(&live, None).await;
            }
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
        let files: Vec<&WorldFile> = chosen.iter().map(|index| &self.world.deliveries[*index]).collect();
        let mut text = format!("{what} in batches of {batch}:");
        for file in &files {
            let part = if file.is_whole { "" } else { " (a part)" };
            let _ = write!(text, " {}/{}{part}", file.server + 1, file.name);
        }
        self.log.push(text);
        live.import(&files, batch).await
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
        live.restore(file.clone(), self.world, &self.settings()).await
    }

    /// Into an empty database of either kind, with which it goes on.
    async fn copy(&mut self, live: Live) -> Result<Live, String> {
        let sqlite = self.chance.one_in(2);
        self.log.push(format!("copy to {}", if sqlite { "SQLite" } else { "PostgreSQL" }));
        let target = Kept::create(sqlite);
        let to = open(&target.url()).await;
        fullhold_repository::copy(&live.db, &to).await.map_err(|e| format!("copy: {e:?}"))?;
        drop(to);
        let copy = Live::open(target, self.world, &self.settings()).await;
        same(&dumped(&live).await?, &dumped(&copy).await?, "the copy")?;
        self.sqlite = sqlite;
        Ok(copy)
    }

    /// One clean import, each file once and whole, and the same decisions.
    async fn compare(&mut self, live: &Live) -> Result<(), String> {
        let rules: Vec<_> = self.past.rules.iter().map(|number| rules(number.unwrap_or(self.set))).collect();
        let clean = Live::open(Kept::create(true), self.world, &rules).await;
        clean.import(&self.world.files(), usize::MAX).await?;
        for decision in &self.past.decisions {
            decision.say(&clean).await?;
        }
        clean.validate().await?;
        same(&dumped(&clean).await?, &dumped(live).await?, "the end")
    }

    /// The rules that are set: the same for every server.
    fn settings(&self) -> Vec<fullhold_ingest::Config> {
        vec![rules(self.set); self.world.servers.len()]
    }

    /// Ids begin somewhere, each table's elsewhere: a wrong one never fits by accident.
    async fn shift_ids(&mut self, kept: &Kept) {
        let db = open(&kept.url()).await;
        for column in ["last_server", "last_file", "last_session", "last_round"] {
            let last = self.chance.below(5) * 1_000 + self.chance.below(50);
            db.execute_raw(&format!("UPDATE database_state SET {column} = {last}")).await.unwrap();
        }
    }

    /// Servers with a first round: what is set counts for them from now on.
    async fn notice_rules(&mut self, live: &Live) {
        for (server, rules) in self.world.servers.iter().zip(&mut self.past.rules) {
            if rules.is_none() && has_rounds(live, &server.name).await {
                *rules = Some(self.set);
            }
        }
    }

    /// All servers, or one, were computed with the rules that are set.
    async fn adopt_rules(&mut self, live: &Live, only: Option<usize>) {
        for (number, (server, rules)) in self.world.servers.iter().zip(&mut self.past.rules).enumerate() {
            if only.is_none_or(|only| only == number) && has_rounds(live, &server.name).await {
                *rules = Some(self.set);
            }
        }
    }

    /// Some of what arrives next from one server, from a folder.
    async fn take_in_files(&mut self, live: &Live, share: usize) -> Result<(), String> {
        let server = self.chance.below(self.world.servers.len());
        let folder = tempfile::tempdir().unwrap();
        let next: Vec<usize> = self.past.pending.iter().take(share * 2).copied().collect();
        let mut names = Vec::new();
        for index in next {
            let file = &self.world.deliveries[index];
            // A copy on disk always has a time.
            let Some(at) = file.written_at.filter(|_| file.server == server && !names.contains(&file.name)) else {
                continue;
            };
            let path = folder.path().join(&file.name);
            std::fs::write(&path, &file.bytes).unwrap();
            let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(at).unwrap());
            std::fs::File::options().write(true).open(&path).unwrap().set_modified(at).unwrap();
            names.push(file.name.clone());
            self.past.pending.retain(|other| *other != index);
            self.past.done.push(index);
        }
        let row = live.db.servers().await.unwrap();
        let row = row.into_iter().find(|row| row.name == self.world.servers[server].name).unwrap();
        let what = format!("rebuild from files of {}: {names:?}", row.name);
        self.rebuild(live, Selection::FromFiles(vec![folder.path().to_owned()], row), &what).await?;
        self.adopt_rules(live, None).await;
        Ok(())
    }

    async fn wrong_zone(&mut self, live: &Live) -> Result<(), String> {
        let number = self.chance.below(self.world.servers.len());
        let server = &self.world.servers[number];
        self.log.push(format!("{} is in a wrong zone, and back", server.name));
        for zone in ["Asia/Kathmandu", &server.timezone] {
            let done = live.maintenance.set_timezone(&server.name, zone, &()).await;
            done.map_err(|e| format!("zone {zone}: {e:?}"))?;
            live.validate().await?;
        }
        self.adopt_rules(live, Some(number)).await;
        Ok(())
    }

    async fn remove_server(&mut self, live: Live) -> Result<Live, String> {
        // A file set aside is so on every server: it could not be said again of one.
        if self.past.decisions.iter().any(|one| matches!(one, Decision::Ignore { .. })) {
            return Ok(live);
        }
        let number = self.chance.below(self.world.servers.len());
        let name = &self.world.servers[number].name;
        self.log.push(format!("{name} is removed, and its files come again"));
        let ids = |rows: Vec<Vec<String>>| rows.iter().filter_map(|row| row[0].parse().ok()).max().unwrap_or(0);
        let before: i32 = ids(live.query("SELECT max(id) FROM rounds").await);
        live.maintenance.remove_server(name).await.map_err(|e| format!("remove {name}: {e:?}"))?;
        live.validate().await?;
        self.past.decisions.retain(|one| one.server() != Some(name));
        self.past.rules[number] = None;
        let again = self.past.done.extract_if(.., |index| self.world.deliveries[*index].server == number);
        let again: Vec<usize> = again.collect();
        self.past.pending.splice(0..0, again.iter().copied());
        let live = live.reopen(self.world, &self.settings()).await;
        let first: Vec<usize> = again.into_iter().take(2).collect();
        let known: Vec<i32> =
            live.query("SELECT id FROM rounds").await.iter().map(|row| row[0].parse().unwrap()).collect();
        self.deliver(&live, &first, 2, "import again").await?;
        self.past.pending.retain(|index| !first.contains(index));
        self.past.done.extend(first);
        let new = live.query("SELECT id FROM rounds").await;
        let new = new.iter().map(|row| row[0].parse::<i32>().unwrap()).filter(|id| !known.contains(id));
        match new.min().filter(|id| *id <= before) {
            Some(id) => Err(format!("a new round has the id {id}, which one before had: the last was {before}")),
            None => Ok(live),
        }
    }
}

async fn has_rounds(live: &Live, server: &str) -> bool {
    let sql = format!("SELECT 1 FROM rounds r JOIN servers s ON s.id = r.server_id WHERE s.name = '{server}' LIMIT 1");
    !live.query(&sql).await.is_empty()
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
