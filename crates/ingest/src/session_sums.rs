//! The roll-ups of sessions, added up from the rounds in memory: lines of valid rounds, by person.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{
    MatchResult, Performance, RECORDS, RoundMark, SessionResult, Standing, Totals, record_holder,
};
use fullhold_differential::PlayerRound;
use fullhold_repository::{
    MapTotalsRow, PlayerRow, RecordRow, RoundId, SessionId, SessionSums, SessionTotalsRow, Span, WeaponLine,
    WeaponTotalsRow,
};
use fullhold_stats_file::{Guid, WEAPON_COUNT, Weapon, WeaponCounts};

use crate::batch::instant;
use crate::changes::{Context, Entry, session_key};
use crate::derive::Derived;
use crate::reference_round::LinesWithoutFile;

/// The roll-ups of all sessions that were derived.
pub(crate) fn session_sums(
    entries: &[Entry<'_>],
    derived: &Derived,
    context: &Context<'_>,
    session_ids: &[SessionId],
    round_ids: &[RoundId],
) -> Vec<SessionSums> {
    let mut found = Vec::with_capacity(session_ids.len());
    for (index, (session, id)) in derived.timeline.sessions.iter().zip(session_ids).enumerate() {
        let Some(first) = entries.get(session.first) else { continue };
        let mut adding = Adding::default();
        for &round in &session.members {
            adding.add_round(round, entries, derived, context);
        }
        let matches: Vec<&MatchResult> = derived.timeline.matches.iter().filter(|one| one.session == index).collect();
        for one in &matches {
            adding.add_result(one, session);
        }
        let records = adding.records(*id, &matches, |round| mark_of(round, derived, round_ids));
        let sums = SessionSums {
            session_id: *id,
            server_id: context.server_id,
            session_key: session_key(&first.file.name),
            started_at: instant(derived.ended_at.get(session.first).copied().unwrap_or_default()),
            players: Vec::new(),
            maps: Vec::new(),
            weapons: Vec::new(),
            records,
        };
        found.push(adding.finish(sums));
    }
    found
}

/// What is added up of one person in one session.
struct PersonSums<'a> {
    maps: BTreeMap<&'a str, Totals>,
    weapons: [WeaponSum; WEAPON_COUNT],
}

/// What is added up of one weapon.
#[derive(Clone, Copy, Default)]
struct WeaponSum {
    rounds: i32,
    /// The last round that was counted, as its position and 1.
    last_round: usize,
    counts: WeaponCounts,
}

/// A session that is being added up.
#[derive(Default)]
struct Adding<'a> {
    people: BTreeMap<Guid, PersonSums<'a>>,
    /// What everybody who has a line that counts did, by round.
    played: BTreeMap<usize, BTreeMap<Guid, Totals>>,
}

impl<'a> Adding<'a> {
    fn add_round(&mut self, round: usize, entries: &[Entry<'a>], derived: &Derived, context: &Context<'_>) {
        let is_valid = derived.timeline.rounds.get(round).is_some_and(|result| result.is_valid);
        let (Some(entry), Some(stats)) = (entries.get(round), derived.stats.get(round)) else { return };
        if !is_valid {
            return;
        }
        let ended_at = derived.ended_at.get(round).copied().unwrap_or_default();
        let place = Place { round, map: &entry.file.name.map, mark: RoundMark { ended_at, number: 0 } };
        match entry.taken {
            Some(taken) => self.add_taken(taken, place, context),
            None => {
                for player in stats.players.iter().filter(|player| !player.is_bot && player.side().is_some()) {
                    self.add_player(player, place, context);
                }
            }
        }
    }

    fn add_player(&mut self, player: &PlayerRound, place: Place<'a>, context: &Context<'_>) {
        let guid = context.people.person(player.guid);
        self.add(guid, Totals::of(player), place);
        let sums = self.person(guid);
        for (weapon, counts) in player.counters.used_weapons() {
            sums.add_weapon(weapon, counts, place.round);
        }
    }

    /// The lines of a round that are not those of its file.
    fn add_taken(&mut self, taken: &LinesWithoutFile, place: Place<'a>, context: &Context<'_>) {
        for line in taken.lines.iter().filter(|line| line.counts()) {
            let Some(guid) = Guid::new(&line.player_guid) else { continue };
            let guid = context.people.person(guid);
            let weapons: Vec<(Weapon, &WeaponLine)> = weapons_of(taken, line).collect();
            let grenade = weapons.iter().find(|(weapon, _)| *weapon == Weapon::Grenade).map(|(_, line)| *line);
            self.add(guid, line.totals(grenade), place);
            let sums = self.person(guid);
            for (weapon, line) in weapons {
                let WeaponLine { hits, shots, kills, deaths, headshots, .. } = *line;
                sums.add_weapon(weapon, WeaponCounts { hits, shots, kills, deaths, headshots }, place.round);
            }
        }
    }

    fn add(&mut self, guid: Guid, line: Totals, place: Place<'a>) {
        let mut line = line.in_round(place.mark);
        // Nobody is in a round twice, whatever number of guids they wear there.
        let in_round = self.played.entry(place.round).or_default();
        if in_round.contains_key(&guid) {
            line.rounds = 0;
        }
        let sum = in_round.entry(guid).or_default();
        *sum = *sum + line;
        let sum = self.person(guid).maps.entry(place.map).or_default();
        *sum = *sum + line;
    }

    fn person(&mut self, guid: Guid) -> &mut PersonSums<'a> {
        self.people
            .entry(guid)
            .or_insert_with(|| PersonSums { maps: BTreeMap::new(), weapons: [WeaponSum::default(); WEAPON_COUNT] })
    }

    /// A decided match, for those members of its teams who have a line that counts in it.
    fn add_result(&mut self, found: &MatchResult, session: &SessionResult) {
        // Where a round was ruled out, points are there all the same, but they do not count.
        if found.undecided.is_some() {
            return;
        }
        let (Some(a), Some(b)) = (found.points_a, found.points_b) else { return };
        let played: BTreeSet<Guid> = [found.r1, found.r2]
            .into_iter()
            .flatten()
            .filter_map(|round| self.played.get(&round))
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        for (team, own, theirs) in [(&session.team_a, a, b), (&session.team_b, b, a)] {
            let standing = Standing {
                won: i64::from(own > theirs),
                drawn: i64::from(own == theirs),
                lost: i64::from(own < theirs),
            };
            for guid in team.iter().filter(|guid| played.contains(guid)) {
                let Some(person) = self.people.get_mut(guid) else { continue };
                // He has a line on this map.
                if let Some(sum) = person.maps.get_mut(found.map.as_str()) {
                    sum.matches_won += standing.won;
                    sum.matches_drawn += standing.drawn;
                    sum.matches_lost += standing.lost;
                }
            }
        }
    }

    /// The best round, match and evening by each measure: valid rounds of complete matches.
    fn records(
        &self,
        session_id: SessionId,
        matches: &[&MatchResult],
        mark: impl Fn(usize) -> Option<RoundMark>,
    ) -> Vec<RecordRow> {
        let complete = matches.iter().filter_map(|one| Some((one.r1?, one.r2?)));
        let (mut rounds, mut sums) = (Vec::new(), Vec::new());
        let mut evening: BTreeMap<Guid, Performed> = BTreeMap::new();
        for (r1, r2) in complete {
            let played = |round: usize| self.played.get(&round);
            for (of_round, at) in [r1, r2].into_iter().filter_map(|round| Some((played(round)?, mark(round)?))) {
                rounds.extend(of_round.iter().map(|(guid, totals)| Performed { guid: *guid, totals: *totals, at }));
            }
            if let (Some(first), Some(second), Some(at)) = (played(r1), played(r2), mark(r2)) {
                let mut both = first.clone();
                for (guid, totals) in second {
                    let sum = both.entry(*guid).or_default();
                    *sum = *sum + *totals;
                }
                for (guid, totals) in &both {
                    let none = Performed { guid: *guid, totals: Totals::default(), at };
                    let sum = evening.entry(*guid).or_insert(none);
                    sum.totals = sum.totals + *totals;
                }
                // An evening ends for everybody with its last match.
                evening.values_mut().for_each(|one| one.at = at);
                sums.extend(both.into_iter().map(|(guid, totals)| Performed { guid, totals, at }));
            }
        }
        let evening: Vec<Performed> = evening.into_values().collect();
        let mut rows = records_of(session_id, Span::Evening, &evening);
        rows.extend(records_of(session_id, Span::Match, &sums));
        rows.extend(records_of(session_id, Span::Round, &rounds));
        rows
    }

    /// Fills in the rows of players.
    fn finish(self, mut rows: SessionSums) -> SessionSums {
        let session_id = rows.session_id;
        for (guid, person) in self.people {
            let all: Totals = person.maps.values().copied().sum();
            rows.players.push(SessionTotalsRow::new(session_id, guid.to_string(), &all));
            let maps = person.maps.iter();
            rows.maps.extend(
                maps.map(|(map, totals)| MapTotalsRow::new(session_id, guid.to_string(), (*map).to_owned(), totals)),
            );
            let used = Weapon::BY_NAME.into_iter().filter_map(|weapon| {
                let sum = person.weapons.get(weapon.slot()).filter(|sum| sum.rounds > 0)?;
                Some(WeaponTotalsRow {
                    session_id,
                    player_guid: guid.to_string(),
                    weapon_name: weapon.name().to_owned(),
                    rounds: sum.rounds,
                    kills: sum.counts.kills,
                    deaths: sum.counts.deaths,
                    headshots: sum.counts.headshots,
                    hits: sum.counts.hits,
                    shots: sum.counts.shots,
                })
            });
            rows.weapons.extend(used);
        }
        rows
    }
}

/// What somebody did in a round or match.
struct Performed {
    guid: Guid,
    totals: Totals,
    at: RoundMark,
}

/// A round's end and id.
fn mark_of(round: usize, derived: &Derived, round_ids: &[RoundId]) -> Option<RoundMark> {
    Some(RoundMark { ended_at: *derived.ended_at.get(round)?, number: i64::from(round_ids.get(round)?.0) })
}

/// Rows of the best by each measure, in the order of the key.
fn records_of(session_id: SessionId, span: Span, performed: &[Performed]) -> Vec<RecordRow> {
    let all: Vec<Performance<'_>> =
        performed.iter().map(|one| Performance { guid: one.guid, totals: &one.totals, at: one.at }).collect();
    let mut rows: Vec<RecordRow> = RECORDS
        .iter()
        .filter_map(|record| {
            let held = record_holder(record, &all)?;
            Some(RecordRow {
                session_id,
                span,
                metric: record.value.id.to_owned(),
                value: held.value,
                player_guid: held.guid.to_string(),
                round_id: RoundId(i32::try_from(held.at.number).ok()?),
            })
        })
        .collect();
    rows.sort_by(|a, b| a.metric.cmp(&b.metric));
    rows
}

/// Where a line belongs.
#[derive(Clone, Copy)]
struct Place<'a> {
    round: usize,
    map: &'a str,
    mark: RoundMark,
}

fn weapons_of<'t>(taken: &'t LinesWithoutFile, line: &PlayerRow) -> impl Iterator<Item = (Weapon, &'t WeaponLine)> {
    let guid = line.player_guid.clone();
    let own = taken.weapons.iter().filter(move |weapon| weapon.player_guid == guid);
    own.filter_map(|line| Some((Weapon::from_name(&line.weapon_name)?, line)))
}

impl PersonSums<'_> {
    fn add_weapon(&mut self, weapon: Weapon, counts: WeaponCounts, round: usize) {
        if counts.is_zero() {
            return;
        }
        let Some(sum) = self.weapons.get_mut(weapon.slot()) else { return };
        if sum.last_round != round + 1 {
            sum.last_round = round + 1;
            sum.rounds += 1;
        }
        let all = &mut sum.counts;
        all.hits = all.hits.saturating_add(counts.hits);
        all.shots = all.shots.saturating_add(counts.shots);
        all.kills = all.kills.saturating_add(counts.kills);
        all.deaths = all.deaths.saturating_add(counts.deaths);
        all.headshots = all.headshots.saturating_add(counts.headshots);
    }
}
