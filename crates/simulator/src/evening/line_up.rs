//! Who plays at the moment: substitutes, bots, guests, and what they wear before their names.

use super::{Host, Kind, Member};
use crate::people::bot;

/// Tags of clans, with colour codes.
const TAGS: [&str; 6] = ["^1[^7fh^1]^7", "slo|", "^4mix^7.", "(^3ET^7)", "^2aa^7-", "x7_"];

/// Bots of a team when they are among themselves.
const BOTS: usize = 3;

impl Host<'_> {
    /// Somebody goes for good, somebody comes in for him.
    pub(super) fn substitute(&mut self) {
        // The first match shows the teams.
        if self.records.is_empty() || !self.random.permille(self.chances.substitute) {
            return;
        }
        self.replace_one();
    }

    pub(super) fn replace_one(&mut self) {
        let leaving = self.random.index(self.line_up.len());
        // Nobody comes in for a bot.
        if self.line_up.get(leaving).is_some_and(|member| member.person.is_bot) {
            return;
        }
        if let (Some(person), Some(member)) = (self.bench.pop(), self.line_up.get_mut(leaving)) {
            member.person = person;
            let tag = self.tags.get(member.team).copied().unwrap_or("");
            member.person.wear(tag);
        }
    }

    /// Bots for both teams; sometimes more of them than people.
    pub(super) fn bots(&mut self) -> usize {
        let people = self.line_up.len();
        let each = if self.random.permille(500) { 1 } else { people / 2 + 1 };
        for number in 0..each * 2 {
            // A bot of a number always plays for the same team.
            self.line_up.extend(bot(number).map(|person| Member { person, team: number % 2 }));
        }
        self.line_up.len() - people
    }

    /// Bots for both teams and nobody else.
    pub(super) fn only_bots(&mut self) {
        self.line_up =
            (0..BOTS * 2).filter_map(|number| Some(Member { person: bot(number)?, team: number % 2 })).collect();
    }

    /// Both teams may be clans.
    pub(super) fn dress(&mut self) {
        for team in 0..2 {
            self.choose_tag(team);
        }
    }

    /// The guests go, others come, with a tag of their own.
    pub(super) fn next_guests(&mut self) {
        let needed = self.line_up.iter().filter(|member| member.team == 1).count();
        if self.bench.len() < needed {
            return;
        }
        self.guests += 1;
        for member in self.line_up.iter_mut().filter(|member| member.team == 1) {
            if let Some(person) = self.bench.pop() {
                member.person = person;
            }
        }
        self.choose_tag(1);
    }

    fn choose_tag(&mut self, team: usize) {
        if !self.random.maybe(self.config.habits.clan_tags) {
            if let Some(tag) = self.tags.get_mut(team) {
                *tag = "";
            }
            return;
        }
        let others = self.tags;
        let free: Vec<&'static str> = TAGS.into_iter().filter(|tag| !others.contains(tag)).collect();
        let Some(chosen) = self.random.pick(&free) else { return };
        if let Some(tag) = self.tags.get_mut(team) {
            *tag = chosen;
        }
        for member in self.line_up.iter_mut().filter(|member| member.team == team) {
            member.person.wear(chosen);
        }
    }

    /// Whether the evening is one of guests.
    pub(super) fn has_guests(&self) -> bool {
        self.kind == Kind::Guests
    }
}
