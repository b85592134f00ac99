//! Taking over from a database of the reference bot: links, names, teams, and the rounds whose raw
//! files are gone.

mod pairs;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fullhold_ingest::recompute::{NO_PARSER, ReferenceRound, hex};
use fullhold_ingest::{Rejected, Zone};
use fullhold_maintenance::{Error, Maintenance, Rebuilt, Roster, Selection};
use fullhold_repository::{
    AuditEntry, Changes, FileId, FileRow, FileState, KnownFile, LinkRow, ReferenceAliasRow, ReferenceTables, RoundKey,
    ServerRow, SessionTeamRow, StoredKind, Team, TeamSource, Transaction,
};
use fullhold_stats_file::{FileName, Seconds};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use time::{Date, Month, PrimitiveDateTime, Time};

use crate::context::Stop;
use pairs::{Half, Sums};

type Row = BTreeMap<String, Value>;

/// What was taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReferenceSummary {
    /// Discord accounts linked.
    pub(crate) links: usize,
    /// Links that were there already, or contradict one that is.
    pub(crate) links_known: usize,
    /// Names.
    pub(crate) aliases: usize,
    /// Team members set.
    pub(crate) team_members: usize,
    /// Rounds whose raw files are gone.
    pub(crate) rounds: usize,
    /// Their player lines.
    pub(crate) players: usize,
    /// Rounds taken over before, and now read in another way.
    pub(crate) rounds_renewed: usize,
    /// Rounds left out because the raw file is here, or they were taken over before.
    pub(crate) rounds_known: usize,
    /// Sums of matches (round 0): they name the pairs and their winners, and are no rounds.
    pub(crate) totals: usize,
    /// Marks `cancelled`, which the reference bot makes by a rule of its own: our rule decides instead.
    pub(crate) marks_left_out: usize,
    /// Tables that are not there.
    pub(crate) missing_tables: Vec<String>,
    /// Rows that could not be taken over, with reasons.
    pub(crate) rejected: Vec<Rejected>,
}

/// Takes over into a database that is kept right.
pub(crate) struct TakeOver<'a>(pub(crate) &'a Maintenance);

impl TakeOver<'_> {
    /// Takes over everything, in one transaction. What is here already stays as it is, so that it
    /// can be done again.
    ///
    /// # Errors
    /// One of the databases failed; nothing was changed then.
    pub(crate) async fn take_over(
        &self,
        source: &ReferenceTables,
        server: &ServerRow,
        actor: &str,
    ) -> Result<ReferenceSummary, Stop> {
        if source.is_fullhold().await? {
            return Err(no_reference("it is a database of Fullhold (`dbadmin copy` copies one)"));
        }
        let mut done = ReferenceSummary::default();
        let mut tables: HashMap<&str, Vec<Row>> = HashMap::new();
        for table in ["player_links", "player_aliases", "session_teams", "rounds", "player_comprehensive_stats"] {
            match source.rows(table).await? {
                None => done.missing_tables.push(table.to_owned()),
                Some(lines) => {
                    let rows = lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
                    tables.insert(table, rows);
                }
            }
        }
        if tables.is_empty() {
            let reason = format!("none of its tables is there ({})", done.missing_tables.join(", "));
            return Err(no_reference(&reason));
        }
        let (before, tables) = (&done, &tables);
        let take_over = self.0.db().write(|tx, _| {
            Box::pin(async move {
                let mut done = before.clone();
                self.take_over_in(tx, tables, server, actor, &mut done).await?;
                Ok::<_, Error>(done)
            })
        });
        Ok(take_over.await?)
    }

    async fn take_over_in(
        &self,
        tx: &mut Transaction,
        tables: &HashMap<&str, Vec<Row>>,
        server: &ServerRow,
        actor: &str,
        done: &mut ReferenceSummary,
    ) -> Result<(), Error> {
        let rows = |table: &str| tables.get(table).cloned().unwrap_or_default();
        let links: Vec<LinkRow> = rows("player_links").iter().filter_map(|row| self.link(row, done)).collect();
        let offered = links.len();
        done.links = tx.add_links(links).await?.len();
        done.links_known = offered - done.links;
        let (rounds, stats) = (rows("rounds"), rows("player_comprehensive_stats"));
        self.rounds(tx, rounds, stats, server, done).await?;
        let names = names(&rows("player_aliases"), done);
        done.aliases = names.len();
        tx.add_reference_names(names).await?;
        self.teams(tx, &rows("session_teams"), server, done).await?;
        let result = format!(
            "{} links, {} names, {} team members, {} rounds",
            done.links, done.aliases, done.team_members, done.rounds
        );
        let entry = AuditEntry { by: actor, action: "import-reference", detail: &server.name, result: &result };
        tx.audit(self.0.now(), entry).await?;
        Ok(())
    }

    fn link(&self, row: &Row, done: &mut ReferenceSummary) -> Option<LinkRow> {
        let guid = text(row, "player_guid");
        let link = guid.zip(whole(row, "discord_id")).map(|(player_guid, discord_user_id)| LinkRow {
            discord_user_id,
            player_guid,
            linked_at: moment(row, "linked_at").unwrap_or_else(|| self.0.now()),
            proof: "taken over from the reference bot".to_owned(),
        });
        if link.is_none() {
            reject(done, "player_links", row, "player_guid or discord_id is missing or no number");
        }
        link
    }

    /// Stores the rounds whose raw files are gone, and derives their evenings.
    async fn rounds(
        &self,
        tx: &mut Transaction,
        rounds: Vec<Row>,
        stats: Vec<Row>,
        server: &ServerRow,
        done: &mut ReferenceSummary,
    ) -> Result<(), Error> {
        let mut lines: HashMap<String, Vec<Row>> = HashMap::new();
        for line in stats {
            lines.entry(key_of_line(&line)).or_default().push(line);
        }
        let zone = Zone::new(&server.timezone)?;
        let window = self.0.standing(tx, server).await?.config(self.0.config()).match_window;
        let found = halves(&rounds, &mut lines, done, &zone, window);
        let names: Vec<String> = found.keys().cloned().collect();
        let mut known: HashMap<String, KnownFile> = HashMap::new();
        for names in names.chunks(1_000) {
            known.extend(tx.known_files(server.id, names).await?.into_iter().map(|file| (file.filename.clone(), file)));
        }
        let mut next = tx.next_ids().await?.file;
        let now = self.0.now();
        let mut changes = Changes::default();
        for (filename, half) in found {
            let players = half.taken.players.len();
            let mut row = file_row(next, server, filename, &half.taken.bytes(), now)?;
            match known.get(&row.filename) {
                None => {
                    done.rounds += 1;
                    done.players += players;
                    next = next.next();
                    changes.new_files.push(row);
                }
                Some(old) if old.parser_version == NO_PARSER && old.sha256 != row.sha256 => {
                    done.rounds_renewed += 1;
                    row.id = old.id;
                    row.first_seen_at = old.first_seen_at;
                    changes.updated_files.push(row);
                }
                Some(_) => done.rounds_known += 1,
            }
        }
        let mut ids: Vec<FileId> = changes.new_files.iter().chain(&changes.updated_files).map(|file| file.id).collect();
        tx.write(changes).await?;
        ids.extend(self.withdraw_marks(tx, server).await?);
        if !ids.is_empty() {
            let mut rebuilt = Rebuilt::default();
            self.0.rebuild_in(tx, &Selection::Files(ids), &(), &mut rebuilt).await?;
            done.rejected.extend(rebuilt.failed);
        }
        Ok(())
    }

    /// Earlier versions made a verdict of each mark `cancelled`. Nobody gave those, so they go.
    ///
    /// Returns the files whose rounds are to be judged anew.
    async fn withdraw_marks(&self, tx: &mut Transaction, server: &ServerRow) -> Result<Vec<FileId>, Error> {
        let marks = tx.remove_overrides_by(server.id, "import-reference").await?;
        let names: Vec<String> = marks
            .iter()
            .map(|mark| format!("{}-{}-round-{}.txt", mark.server_stamp, mark.map_name, mark.round_number))
            .collect();
        let mut ids = Vec::with_capacity(names.len());
        for names in names.chunks(1_000) {
            ids.extend(tx.known_files(server.id, names).await?.into_iter().map(|file| file.id));
        }
        Ok(ids)
    }
}

/// The rounds by the names of the files they stand for, in pairs as the bot made them.
fn halves(
    rounds: &[Row],
    lines: &mut HashMap<String, Vec<Row>>,
    done: &mut ReferenceSummary,
    zone: &Zone,
    window: Seconds,
) -> BTreeMap<String, Half> {
    let mut found = BTreeMap::new();
    let mut sums = Vec::new();
    for row in rounds {
        match whole(row, "round_number") {
            Some(0) => {
                done.totals += 1;
                // Without a name they say nothing, and nothing is lost: they are no round.
                sums.extend(sums_of(row));
            }
            Some(1 | 2) => match round(row, lines) {
                Ok(half) => {
                    done.marks_left_out += usize::from(text(row, "round_status").as_deref() == Some("cancelled"));
                    found.insert(half.name.to_string(), half);
                }
                Err(reason) => reject(done, "rounds", row, &reason),
            },
            _ => reject(done, "rounds", row, "round_number is not 0, 1 or 2"),
        }
    }
    pairs::join(&mut found, &sums, zone, window);
    found
}

fn file_row(
    id: FileId,
    server: &ServerRow,
    filename: String,
    bytes: &[u8],
    now: PrimitiveDateTime,
) -> Result<FileRow, Error> {
    let packed = fullhold_repository::compress(bytes).map_err(|e| Error::Thread(e.to_string()))?;
    Ok(FileRow {
        id,
        server_id: server.id,
        filename,
        kind: StoredKind::Stats,
        sha256: hex(&Sha256::digest(bytes)),
        size_bytes: i32::try_from(bytes.len()).unwrap_or(i32::MAX),
        mtime: None,
        content: Some(packed),
        state: FileState::Imported,
        attempts: 1,
        success: true,
        error_message: None,
        parser_version: NO_PARSER,
        first_seen_at: now,
        processed_at: Some(now),
    })
}

fn no_reference(reason: &str) -> Stop {
    Stop::failed(format!("this is no database of the reference bot: {reason}"))
}

fn sums_of(row: &Row) -> Option<Sums> {
    let winner = side(row, "winner_team").filter(|side| (1..=2).contains(side)).unwrap_or(0);
    Some(Sums { name: file_name(row, 2).ok()?, match_id: text(row, "match_id"), winner })
}

fn side(row: &Row, name: &str) -> Option<u8> {
    whole(row, name).and_then(|number| u8::try_from(number).ok())
}

/// The name of the file that a row was made from, if its round had this number.
fn file_name(row: &Row, number: i64) -> Result<FileName, String> {
    let need = |name: &str| text(row, name).ok_or_else(|| format!("{name} is missing"));
    let (date, time, map) = (need("round_date")?, need("round_time")?, need("map_name")?);
    let time: String = time.chars().filter(char::is_ascii_digit).collect();
    let name = format!("{}-{time:0>6}-{map}-round-{number}.txt", date.get(..10).unwrap_or(&date));
    name.parse().map_err(|e| format!("{name} is no stats file name: {e}"))
}

/// A row of `rounds` as the file it stands for.
fn round(row: &Row, lines: &mut HashMap<String, Vec<Row>>) -> Result<Half, String> {
    let number = whole(row, "round_number").unwrap_or_default();
    let name = file_name(row, number)?;
    let limit = seconds(row, "time_limit").unwrap_or(0);
    let actual = seconds(row, "actual_time");
    let outcome = text(row, "round_outcome").unwrap_or_default().to_lowercase();
    let defender = side(row, "defender_team").unwrap_or(0).clamp(1, 2);
    let mut winner = side(row, "winner_team").unwrap_or(0);
    // The outcome says who won where the winner is missing.
    if winner == 0 {
        winner = match outcome.as_str() {
            "fullhold" => defender,
            "completed" => 3 - defender,
            _ => 0,
        };
    }
    let mut players = Vec::new();
    if let Some(id) = row.get("id").map(Value::to_string) {
        players = lines.remove(&format!("id {id}")).unwrap_or_default();
    }
    if players.is_empty() {
        let part = |name: &str| text(row, name).unwrap_or_default();
        let key = format!("{} {} {number}", part("round_date"), part("map_name"));
        players = lines.remove(&key).unwrap_or_default();
    }
    let taken = ReferenceRound {
        fullhold_reference: 1,
        defender,
        winner,
        time_limit_seconds: limit,
        next_time_limit_seconds: if number == 1 && winner != defender { actual.unwrap_or(limit) } else { limit },
        actual_time_seconds: actual,
        first_half: None,
        players,
    };
    Ok(Half { name, match_id: text(row, "match_id"), taken })
}

/// Which round a line belongs to: by id, or by date, map and number in older tables.
fn key_of_line(line: &Row) -> String {
    match line.get("round_id").filter(|id| !id.is_null()) {
        Some(id) => format!("id {id}"),
        None => {
            let part = |name: &str| text(line, name).unwrap_or_default();
            format!("{} {} {}", part("round_date"), part("map_name"), whole(line, "round_number").unwrap_or_default())
        }
    }
}

fn names(rows: &[Row], done: &mut ReferenceSummary) -> Vec<ReferenceAliasRow> {
    let mut names: BTreeMap<(String, String), ReferenceAliasRow> = BTreeMap::new();
    for row in rows {
        let (guid, alias) = (text(row, "guid"), text(row, "alias"));
        let (Some(guid), Some(alias)) = (guid, alias) else {
            reject(done, "player_aliases", row, "guid or alias is missing");
            continue;
        };
        let first = moment(row, "first_seen").or_else(|| moment(row, "last_seen"));
        let last = moment(row, "last_seen").or(first);
        let (Some(first), Some(last)) = (first, last) else {
            reject(done, "player_aliases", row, "first_seen and last_seen are no instants");
            continue;
        };
        let alias = fullhold_stats_file::strip_colours(&alias).into_owned();
        let seen = whole(row, "times_seen").and_then(|n| i32::try_from(n).ok()).unwrap_or(1).max(1);
        let new = ReferenceAliasRow {
            guid: guid.clone(),
            alias: alias.clone(),
            times_seen: seen,
            first_seen: first.min(last),
            last_seen: first.max(last),
        };
        names
            .entry((guid, alias))
            .and_modify(|known| {
                known.times_seen = known.times_seen.saturating_add(seen);
                known.first_seen = known.first_seen.min(new.first_seen);
                known.last_seen = known.last_seen.max(new.last_seen);
            })
            .or_insert(new);
    }
    names.into_values().collect()
}

impl TakeOver<'_> {
    /// A day's two teams, set for the evenings of that day unless people here set others. Which is A
    /// is seen by who was found in it.
    async fn teams(
        &self,
        tx: &mut Transaction,
        rows: &[Row],
        server: &ServerRow,
        done: &mut ReferenceSummary,
    ) -> Result<(), Error> {
        let mut days: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for row in rows {
            let (day, name) = (text(row, "session_start_date"), text(row, "team_name"));
            let guids = list(row, "player_guids");
            let (Some(day), Some(name), false) = (day, name, guids.is_empty()) else {
                reject(done, "session_teams", row, "session_start_date, team_name or player_guids is missing");
                continue;
            };
            let day = day.get(..10).unwrap_or(&day).to_owned();
            days.entry(day).or_default().entry(name).or_default().extend(guids);
        }
        let mut files = Vec::new();
        for (day, teams) in days {
            let evenings = tx.teams_of_day(server.id, &day).await?;
            if evenings.is_empty() {
                let reason = "no evening of that day is in the database".to_owned();
                done.rejected.push(Rejected { file: format!("session_teams {day}"), reason });
            }
            for (key, known) in evenings {
                let Some(round) = RoundKey::of_session(server.id, &key) else { continue };
                // Taken over before, even if stale, or set by people here.
                let kept = tx.manual_teams(server.id, &round.server_stamp, &round.server_stamp).await?;
                if !kept.is_empty() || known.iter().any(|row| row.source == TeamSource::Manual) {
                    continue;
                }
                done.team_members += self.0.record_roster(tx, &round, &roster(&known, &teams)).await?;
                files.extend(tx.file_of_round(&round).await?);
            }
        }
        self.0.sessions_of(tx, &files).await.map(drop)
    }
}

fn roster(known: &[SessionTeamRow], teams: &BTreeMap<String, BTreeSet<String>>) -> Roster {
    let in_a = |guids: &BTreeSet<String>| {
        let votes = known.iter().filter(|row| guids.contains(&row.player_guid));
        votes.fold(0_i32, |sum, row| match row.team {
            Team::A => sum + 1,
            Team::B => sum - 1,
            Team::Ambiguous => sum,
        })
    };
    let mut sides: Vec<(&String, &BTreeSet<String>)> = teams.iter().collect();
    sides.sort_by_key(|(_, guids)| std::cmp::Reverse(in_a(guids)));
    let mut roster = Roster::default();
    let mut sides = sides.into_iter();
    if let Some((name, guids)) = sides.next() {
        roster.team_a = guids.clone();
        roster.name_a = Some(name.clone());
    }
    if let Some((name, guids)) = sides.next() {
        roster.team_b = guids.difference(&roster.team_a).cloned().collect();
        roster.name_b = Some(name.clone());
    }
    roster
}

fn reject(done: &mut ReferenceSummary, table: &str, row: &Row, reason: &str) {
    let shown = serde_json::to_string(row).unwrap_or_default();
    let shown: String = shown.chars().take(160).collect();
    done.rejected.push(Rejected { file: format!("{table} {shown}"), reason: reason.to_owned() });
}

fn text(row: &Row, name: &str) -> Option<String> {
    match row.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn whole(row: &Row, name: &str) -> Option<i64> {
    match row.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Texts of a JSON list, which may itself be kept as text.
fn list(row: &Row, name: &str) -> Vec<String> {
    let parsed = match row.get(name) {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(value) => value.clone(),
        None => Value::Null,
    };
    let items = parsed.as_array().cloned().unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// `12:30` is minutes and seconds; a number alone is seconds, or minutes if no round is so short.
#[expect(clippy::cast_possible_truncation, reason = "hours of play are far below")]
fn seconds(row: &Row, name: &str) -> Option<i32> {
    let text = text(row, name)?;
    if let Some((minutes, seconds)) = text.split_once(':') {
        let (minutes, seconds): (i32, i32) = (minutes.trim().parse().ok()?, seconds.trim().parse().ok()?);
        return minutes.checked_mul(60)?.checked_add(seconds).filter(|n| *n >= 0);
    }
    let number: f64 = text.trim().parse().ok()?;
    let number = if number <= 60.0 { number * 60.0 } else { number };
    (0.0..=86_400.0).contains(&number).then(|| number.round() as i32)
}

/// `2025-11-03 20:15:00`, with `T`, fraction and zone or without; UTC.
fn moment(row: &Row, name: &str) -> Option<PrimitiveDateTime> {
    let text = text(row, name)?;
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let small = |from: usize| number(from, from + 2).and_then(|n| u8::try_from(n).ok());
    let month = Month::try_from(small(5)?).ok()?;
    let date = Date::from_calendar_date(i32::from(number(0, 4)?), month, small(8)?).ok()?;
    let time = match (small(11), small(14), small(17)) {
        (Some(hour), Some(minute), Some(second)) => Time::from_hms(hour, minute, second).ok()?,
        _ => Time::MIDNIGHT,
    };
    Some(PrimitiveDateTime::new(date, time))
}
