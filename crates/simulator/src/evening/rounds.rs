//! The rounds of a match: play, disturb, write, remember the truth.

use fullhold_stats_file::{
    Field, FileName, Header, PlayerLine, RoundNumber, Seconds, Side, Slot, StatsFile, Weapon, write,
};

use super::{Fate, Host, Member, Played, Record};
use crate::engine::{Session, told};
use crate::play::{Deeds, Fighter, play};
use crate::simulation::SimulatedFile;
use crate::truth::{TrueMatch, TruePlayer, TrueRound, told_fields};

/// A round's frame.
#[derive(Clone, Copy)]
struct Frame {
    map: &'static str,
    /// Number in the file name.
    number: RoundNumber,
    /// Number it really has.
    really: u8,
    defender: Side,
    winner: Option<Side>,
    limit: i32,
    next_limit: i32,
    /// Seconds played.
    length: i32,
    /// Team of people on Axis.
    axis: usize,
}

/// So many players are always there from the begin of a match to its end, two of each team: the round's length shows
/// in their time.
const STEADY: usize = 4;

/// A player who is in the file.
struct Player {
    member: Member,
    session: Session,
    deeds: Deeds,
    class: &'static str,
    slot: Slot,
    /// Time of round 1 as its file says it.
    r1_tenths: i32,
    /// Gone before the round was over.
    has_quit: bool,
}

impl Host<'_> {
    /// A match, with `rounds` as the counter everybody begins with (the same map again goes on).
    pub(super) fn match_of(&mut self, map: &'static str, limit: i32, fate: Fate, rounds: i32) {
        let axis = self.random.index(2);
        let defender = if self.random.permille(850) { Side::Axis } else { Side::Allies };
        self.decide(if defender == Side::Axis { 1 - axis } else { axis });
        if fate == Fate::AbortedR1 {
            let length = self.random.between(60, limit / 2);
            let frame = Frame {
                map,
                number: RoundNumber::Two,
                really: 1,
                defender,
                winner: None,
                limit,
                next_limit: 0,
                length,
                axis,
            };
            self.now += i64::from(length);
            let players = self.first_round(&frame, 0);
            self.record(&frame, &players, "orphan_r2", "aborted", None);
            return;
        }
        if matches!(fate, Fate::Restart | Fate::Substitution) {
            // Short enough to be played again within a quarter of an hour.
            let (mut frame, _) = self.frame_of_first(map, limit.min(300), defender, axis);
            frame.limit = limit;
            if frame.winner == Some(defender) {
                frame.next_limit = limit;
            }
            self.now += i64::from(frame.length);
            let players = self.first_round(&frame, rounds);
            self.record(&frame, &players, "abandoned_r1", "completed", None);
            if fate == Fate::Substitution {
                self.replace_one();
            }
            self.now += i64::from(self.random.between(20, 60));
        }
        let (frame, _) = self.frame_of_first(map, limit, defender, axis);
        self.now += i64::from(frame.length) + 3;
        let players = self.first_round(&frame, rounds);
        let (state, keep) = match fate {
            Fate::Abandoned | Fate::AbortedR2 => ("abandoned_r1", true),
            Fate::LostR1 => ("", false),
            _ => ("complete", true),
        };
        let first_stamp = self.schedule.stamp(self.now);
        let first_index = self.records.len();
        if keep {
            self.record(&frame, &players, state, "completed", None);
        }
        if fate == Fate::Abandoned {
            return;
        }
        self.second(&frame, players, fate, (format!("{first_stamp}-{map}"), first_index));
    }

    fn second(&mut self, first: &Frame, players: Vec<Player>, fate: Fate, (match_id, first_index): (String, usize)) {
        let mut frame = self.frame_of_second(first);
        if fate == Fate::AbortedR2 {
            frame.number = RoundNumber::One;
            frame.winner = None;
            frame.next_limit = 0;
            frame.length = self.random.between(20, frame.length.max(30));
        }
        self.now += i64::from(self.random.between(60, 150)) + i64::from(frame.length);
        let undisturbed = fate == Fate::AbortedR2;
        let players = self.second_round(&frame, players, undisturbed);
        match fate {
            Fate::AbortedR2 => self.record(&frame, &players, "abandoned_r1", "aborted", None),
            Fate::LostR1 => self.record(&frame, &players, "orphan_r2", "orphan_r2", None),
            _ => {
                let halves = [first_index, self.records.len()];
                self.record(&frame, &players, "complete", "completed", Some(match_id.clone()));
                let held = |f: &Frame| f.winner == Some(f.defender);
                let points = match (held(first), held(&frame)) {
                    (_, false) => (0, 2),
                    (false, true) => (2, 0),
                    (true, true) => (1, 1),
                };
                let chance = self.plan.map(|plan| plan.chance);
                let truth = TrueMatch { match_id, points, chance };
                self.matches.push(Played { truth, halves, guests: self.guests, tags: self.tags });
            }
        }
    }

    fn frame_of_first(&mut self, map: &'static str, limit: i32, defender: Side, axis: usize) -> (Frame, bool) {
        let held = match self.plan {
            Some(plan) => plan.first_held,
            None => self.random.permille(300),
        };
        let (length, winner, next_limit) = if held {
            let gave_up = self.random.permille(self.chances.surrender);
            let length = if gave_up { self.random.between(limit / 2, limit - 30) } else { limit };
            (length, defender, limit)
        } else {
            let length = self.random.between(limit / 4, limit - 10);
            (length, defender.other(), length)
        };
        let winner = Some(winner);
        let number = RoundNumber::One;
        (Frame { map, number, really: 1, defender, winner, limit, next_limit, length, axis }, held)
    }

    fn frame_of_second(&mut self, first: &Frame) -> Frame {
        let limit = first.next_limit;
        let held = match self.plan {
            Some(plan) => plan.second_held,
            None => self.random.permille(450),
        };
        let (length, winner, next_limit) = if held {
            let gave_up = self.random.permille(self.chances.surrender);
            let length = if gave_up { self.random.between(limit / 2, limit) } else { limit };
            let next = if self.random.permille(500) { 0 } else { limit };
            (length, first.defender, next)
        } else {
            let length = self.random.between(limit / 3, limit - 1);
            (length, first.defender.other(), length)
        };
        let winner = Some(winner);
        Frame { number: RoundNumber::Two, really: 2, winner, limit, next_limit, length, axis: 1 - first.axis, ..*first }
    }

    fn fighters(&mut self, frame: &Frame, members: &[Member]) -> Vec<Fighter> {
        members
            .iter()
            .enumerate()
            .map(|(index, member)| {
                let late = index > 1 && self.random.permille(self.chances.late);
                let from = if late { self.random.between(10, frame.length / 2) } else { 0 };
                let quits = index >= STEADY && !member.person.is_bot && self.random.permille(self.chances.quit);
                let until = if quits { self.random.between(frame.length / 2 + 1, frame.length) } else { frame.length };
                Fighter {
                    is_axis: member.team == frame.axis,
                    skill: member.person.skill,
                    from,
                    until,
                    deeds: Deeds::default(),
                }
            })
            .collect()
    }

    fn first_round(&mut self, frame: &Frame, rounds: i32) -> Vec<Player> {
        let members = self.line_up.clone();
        let mut fighters = self.fighters(frame, &members);
        play(self.random, &mut fighters, frame.length);
        members
            .into_iter()
            .zip(fighters)
            .map(|(member, fighter)| {
                let mut session = Session::begin(rounds);
                session.add(&fighter.deeds);
                let slot = Slot::Playing(side_of(&member, frame));
                let has_quit = fighter.until < frame.length;
                Player { member, session, deeds: fighter.deeds, class: "round1", slot, r1_tenths: 0, has_quit }
            })
            .collect()
    }

    /// Who plays round 2, and how his counters stand.
    fn second_round(&mut self, frame: &Frame, before: Vec<Player>, undisturbed: bool) -> Vec<Player> {
        let mut watching = Vec::new();
        let mut players = Vec::new();
        let chances = if undisturbed { crate::Disturbances::none() } else { self.chances };
        for (index, mut player) in before.into_iter().enumerate() {
            player.r1_tenths = player.session.tenths();
            player.class = "ok";
            let steady = index < STEADY;
            if player.has_quit && (undisturbed || self.random.permille(500)) {
                continue;
            }
            if !steady && !player.has_quit && self.random.permille(chances.watch) {
                player.slot = Slot::Spectator;
                player.deeds = Deeds::default();
                watching.push(player);
                continue;
            }
            if !steady && self.random.permille(chances.leave) {
                continue;
            }
            if player.has_quit || !steady && self.random.permille(chances.reconnect) {
                player.session = Session::default();
                player.class = "reset";
            } else {
                player.session.rounds += 1;
            }
            if !player.member.person.is_bot && self.random.permille(chances.rename) {
                player.member.person.name = format!("^{}{}^7.", index % 8, player.member.person.name);
            }
            players.push(player);
        }
        if self.random.permille(chances.join)
            && let Some(person) = self.bench.pop()
        {
            let team = self.random.index(2);
            let member = Member { person, team };
            let slot = Slot::Playing(side_of(&member, frame));
            let session = Session::default();
            let (deeds, class) = (Deeds::default(), "joined");
            players.push(Player { member, session, deeds, class, slot, r1_tenths: 0, has_quit: false });
        }
        let members: Vec<Member> = players.iter().map(|p| p.member.clone()).collect();
        let mut fighters = self.fighters(frame, &members);
        play(self.random, &mut fighters, frame.length);
        for (player, mut fighter) in players.iter_mut().zip(fighters) {
            if self.random.permille(chances.stab)
                && let Some(knife) = fighter.deeds.weapons.get_mut(Weapon::Knife.slot())
            {
                // Over both rounds never below the hits: the engine takes back what it has counted.
                let most = (player.session.knife_misses() + knife.shots - knife.hits).clamp(0, 3);
                knife.shots -= self.random.between(0, most);
            }
            player.session.add(&fighter.deeds);
            player.deeds = fighter.deeds;
            player.slot = Slot::Playing(side_of(&player.member, frame));
        }
        players.extend(watching);
        players
    }

    /// A file with only a header, or with one player who does nothing.
    pub(super) fn idle(&mut self, map: &'static str, limit: i32) {
        let defender = Side::Axis;
        let frame = Frame {
            map,
            number: RoundNumber::One,
            really: 1,
            defender,
            winner: Some(defender),
            limit,
            next_limit: limit,
            length: limit,
            axis: 0,
        };
        self.now += i64::from(limit);
        let mut players = Vec::new();
        if self.random.permille(500)
            && let Some(member) = self.line_up.first().cloned()
        {
            let deeds = Deeds { seconds: limit, alive: limit, ..Deeds::default() };
            let mut session = Session::default();
            session.add(&deeds);
            let slot = Slot::Playing(side_of(&member, &frame));
            players.push(Player { member, session, deeds, class: "round1", slot, r1_tenths: 0, has_quit: false });
        }
        self.record(&frame, &players, "abandoned_r1", "completed", None);
    }

    /// Writes the file and remembers the truth.
    fn record(
        &mut self,
        frame: &Frame,
        players: &[Player],
        match_state: &'static str,
        status: &'static str,
        match_id: Option<String>,
    ) {
        let name = FileName { stamp: self.schedule.stamp(self.now), map: frame.map.to_owned(), round: frame.number };
        // Only a measured length goes into the header; the shutdown path has none.
        let measured = self.play_time && frame.winner.is_some();
        let mut lines: Vec<PlayerLine> =
            players.iter().map(|p| p.session.line(&p.member.person, &p.deeds, p.slot, self.era)).collect();
        self.random.shuffle(&mut lines);
        let file = StatsFile {
            header: Header {
                server_name: self.config.server_name.clone(),
                map: frame.map.to_owned(),
                config: format!("legacy{}", (players.len() / 2).clamp(3, 6)),
                round: frame.number,
                defender: frame.defender,
                winner: frame.winner,
                time_limit: Seconds(frame.limit),
                next_time_limit: Seconds(frame.next_limit),
                play_time: measured.then_some(Seconds(frame.length)),
                has_play_time: self.play_time,
            },
            players: lines,
            rejected: Vec::new(),
            name,
        };
        let orphan = status == "orphan_r2";
        let aborted_second = status == "aborted" && frame.number == RoundNumber::One;
        let raw = orphan || aborted_second;
        let duration = length(frame, players, measured, orphan, raw);
        let truth = TrueRound {
            file: file.name.to_string(),
            ended_at: self.now,
            match_id: match_id.unwrap_or_else(|| format!("{}-{}", file.name.stamp, frame.map)),
            match_state,
            status,
            is_valid: status == "completed" && !players.is_empty() && !mostly_bots(players),
            outcome: match frame.winner {
                None => "unknown",
                Some(winner) if winner == frame.defender => "fullhold",
                Some(_) => "completed",
            },
            duration,
            true_duration: frame.length,
            players: players
                .iter()
                .filter(|p| raw || p.slot != Slot::Spectator)
                .map(|p| self.true_player(p, duration, orphan, raw))
                .collect(),
        };
        self.files.push(SimulatedFile { name: file.name.to_string(), bytes: write(&file) });
        let Frame { map, really, defender, axis, .. } = *frame;
        let bots_alone = !players.is_empty() && players.iter().all(|player| player.member.person.is_bot);
        self.records.push(Record { truth, map, number: really, defender, axis, bots_alone });
    }

    fn true_player(&self, player: &Player, duration: Option<i32>, orphan: bool, raw: bool) -> TruePlayer {
        let tenths = written_tenths(player, raw);
        let own = tenths * 6;
        let seconds = match duration {
            Some(length) if !orphan && (own - length).abs() <= 6 => length,
            _ => own,
        };
        let carried: Vec<Field> = self.era.fields().collect();
        let value = |field: Field| match (raw, field) {
            (true, _) => player.session.raw(&player.deeds, field),
            (false, Field::TimePlayedMinutes) => tenths,
            (false, _) => told(&player.deeds, field),
        };
        let mut weapons = if raw { player.session.weapons() } else { player.deeds.weapons };
        if let Some(knife) = weapons.get_mut(Weapon::Knife.slot()) {
            knife.shots = knife.shots.max(0);
        }
        let used = Weapon::ALL.into_iter().zip(weapons).filter(|(_, counts)| !counts.is_zero());
        TruePlayer {
            guid: player.member.person.identity().to_string(),
            name: player.member.person.name.clone(),
            class: if orphan {
                "orphan"
            } else if raw {
                "round1"
            } else {
                player.class
            },
            team: player.slot.number(),
            values: told_fields().map(|field| (field, carried.contains(&field).then(|| value(field)))).collect(),
            weapons: used.collect(),
            seconds,
            true_seconds: if raw { player.session.seconds() } else { player.deeds.seconds },
        }
    }
}

fn side_of(member: &Member, frame: &Frame) -> Side {
    if member.team == frame.axis { Side::Axis } else { Side::Allies }
}

/// Tenths of minutes of this round as the two files tell them.
fn written_tenths(player: &Player, raw: bool) -> i32 {
    let total = player.session.tenths();
    if !raw && player.class == "ok" { total - player.r1_tenths } else { total }
}

/// The length as the files can tell it.
fn length(frame: &Frame, players: &[Player], measured: bool, orphan: bool, raw: bool) -> Option<i32> {
    if measured {
        return Some(frame.length);
    }
    if frame.winner == Some(frame.defender.other()) {
        return Some(frame.length);
    }
    if orphan {
        return None;
    }
    let seen = players.iter().filter(|p| raw || matches!(p.class, "round1" | "ok") && p.slot != Slot::Spectator);
    let longest = seen.map(|p| written_tenths(p, raw)).max().filter(|t| *t > 0)? * 6;
    Some(if (longest - frame.limit).abs() <= 6 { frame.limit } else { longest })
}

fn mostly_bots(players: &[Player]) -> bool {
    let took_part = || players.iter().filter(|p| p.slot != Slot::Spectator);
    let bots = took_part().filter(|p| p.member.person.is_bot).count();
    bots > 0 && bots * 2 > took_part().count()
}

#[cfg(test)]
mod tests {
    use crate::engine::tenths_of_minutes;

    #[test]
    fn minutes_round_as_the_lua_prints_them() {
        assert_eq!([0, 2, 3, 8, 9, 15, 21, 27, 60, 63].map(tenths_of_minutes), [0, 0, 1, 1, 1, 2, 3, 5, 10, 11]);
    }
}
