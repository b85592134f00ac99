//! The one sum of everything that can be added: of a round, a match, an evening, a career. It knows no database,
//! no formula and no order: `+` is associative and commutative, and [`Totals::default`] changes nothing.

use std::iter::Sum;
use std::ops::Add;

use fullhold_differential::PlayerRound;
use fullhold_stats_file::{Field, Weapon};

/// A player's additive counters over some rounds.
///
/// A counter that an era's files do not carry is `None`: unknown, not 0. A sum is over the rounds that carry it.
/// A ratio may count only rounds that carry both parts; so the other part of such a ratio is summed a second time,
/// over those rounds alone (`…_beside_…`).
///
/// Sources are the fields of `fullhold_stats_file::FIELDS`, after the subtraction of round 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rounds played: 1 per player line.
    pub rounds: i64,
    /// Seconds on a team while playing (`Counters::played`).
    pub seconds: i64,
    /// Enemies killed: sum over weapons.
    pub kills: i64,
    /// Deaths by enemies: sum over weapons. Self kills are not among them.
    pub deaths: i64,
    /// Hits with all weapons.
    pub hits: i64,
    /// Shots, throws and calls with all weapons.
    pub shots: i64,
    /// Hits in the head with all weapons.
    pub head_hits: i64,
    /// Hits with aimed weapons (`Weapon::is_aimed`).
    pub aimed_hits: i64,
    /// Shots with aimed weapons.
    pub aimed_shots: i64,
    /// Hits in the head with aimed weapons.
    pub aimed_head_hits: i64,
    /// Enemies killed with hand grenades.
    pub grenade_kills: i64,
    /// Hits with hand grenades; one throw may hit several.
    pub grenade_hits: i64,
    /// Hand grenades thrown.
    pub grenade_throws: i64,
    /// Rounds in which any number of the hand grenade is not 0.
    pub grenade_rounds: i64,
    /// Hit points taken from enemies: `damage_given`.
    pub damage_given: i64,
    /// Hit points lost to enemies: `damage_received`.
    pub damage_received: i64,
    /// Hit points taken from team mates: `team_damage_given`.
    pub team_damage_given: i64,
    /// Hit points lost to team mates: `team_damage_received`.
    pub team_damage_received: i64,
    /// Enemy bodies gibbed: `gibs`.
    pub gibs: i64,
    /// Suicides and deaths by the world: `self_kills`.
    pub self_kills: i64,
    /// Team mates killed: `team_kills`.
    pub team_kills: i64,
    /// Team mates' bodies gibbed: `team_gibs`.
    pub team_gibs: i64,
    /// Score, may be negative: `xp`.
    pub xp: Option<i64>,
    /// Milliseconds alive while on a team (`Counters::alive_ms`).
    pub alive_ms: Option<i64>,
    /// Seconds played in the rounds that carry the time alive.
    pub seconds_beside_alive: i64,
    /// Assists: `kill_assists`.
    pub kill_assists: Option<i64>,
    /// Kills of victims that somebody else had damaged: `kill_steals`.
    pub kill_steals: Option<i64>,
    /// Fatal hits in the head: `headshot_kills`. Not the same as head hits.
    pub headshot_kills: Option<i64>,
    /// Kills in the rounds that carry `headshot_kills`.
    pub kills_beside_headshot_kills: i64,
    /// Objectives taken: `objectives_stolen`.
    pub objectives_stolen: Option<i64>,
    /// Objectives returned: `objectives_returned`.
    pub objectives_returned: Option<i64>,
    /// Dynamites planted: `dynamites_planted`.
    pub dynamites_planted: Option<i64>,
    /// Dynamites defused: `dynamites_defused`.
    pub dynamites_defused: Option<i64>,
    /// Repairs and constructions: `repairs_constructions`.
    pub constructions: Option<i64>,
    /// Times revived by a medic: `times_revived`.
    pub times_revived: Option<i64>,
    /// Revives given: `revives_given`.
    pub revives_given: Option<i64>,
    /// Rounds that carry `revives_given`.
    pub rounds_beside_revives: i64,
    /// Kills that cost the victim at least half a limbo time: `useful_kills`.
    pub useful_kills: Option<i64>,
    /// Kills in the rounds that carry `useful_kills`.
    pub kills_beside_useful: i64,
    /// Kills of victims who were about to respawn: `useless_kills`.
    pub useless_kills: Option<i64>,
    /// /kill with nearly full limbo time: `full_selfkills`.
    pub full_selfkills: Option<i64>,
    /// Seconds that victims stayed dead: `denied_playtime`.
    pub denied_seconds: Option<i64>,
    /// Seconds played in the rounds that carry `denied_playtime`.
    pub seconds_beside_denied: i64,
    /// Chains of exactly 2 kills: `multikill_2x`.
    pub multikills_2: Option<i64>,
    /// Chains of exactly 3 kills: `multikill_3x`.
    pub multikills_3: Option<i64>,
    /// Chains of exactly 4 kills: `multikill_4x`.
    pub multikills_4: Option<i64>,
    /// Chains of exactly 5 kills: `multikill_5x`.
    pub multikills_5: Option<i64>,
    /// Chains of 6 or more kills: `multikill_6x`.
    pub multikills_6: Option<i64>,
    /// Best killing spree in kills and its round: `killing_spree`; 0 below 3.
    pub best_spree: Option<Peak>,
    /// Worst death spree in deaths and its round: `death_spree`; 0 below 3.
    pub worst_spree: Option<Peak>,
    /// Evenings: 1 in the sum of an evening ([`Totals::as_evening`]), 0 in that of a round.
    pub evenings: i64,
    /// Matches won. Lines of rounds know of no match, so this and the next two come from [`Standing`].
    pub matches_won: i64,
    /// Matches that neither team won.
    pub matches_drawn: i64,
    /// Matches lost.
    pub matches_lost: i64,
}

/// Which round a maximum was reached in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoundMark {
    /// End of the round, seconds since 1970 UTC.
    pub ended_at: i64,
    /// Any number that tells apart rounds that ended in the same second, such as the id of the round.
    pub number: i64,
}

/// A maximum and the round it was reached in: of equal ones the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Peak {
    /// The value.
    pub value: i64,
    /// Its round.
    pub round: RoundMark,
}

impl Peak {
    fn or(self, other: Self) -> Self {
        let is_other = (other.value, std::cmp::Reverse(other.round)) > (self.value, std::cmp::Reverse(self.round));
        if is_other { other } else { self }
    }
}

/// What the matches of one evening were for one player.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Matches that his team won.
    pub won: i64,
    /// Matches that neither team won.
    pub drawn: i64,
    /// Matches that his team lost.
    pub lost: i64,
}

impl Totals {
    /// The sum of one line: one player in one round. Maxima get their round by [`Totals::in_round`].
    #[must_use]
    pub fn of(player: &PlayerRound) -> Self {
        let counters = &player.counters;
        let get = |field| counters.get(field).map(i64::from);
        let count = |field| i64::from(counters.count(field));
        // A part of a ratio counts where the other part is known.
        let beside = |is_known: bool, part: i64| if is_known { part } else { 0 };
        let peak = |field| get(field).map(|value| Peak { value, round: RoundMark::default() });
        let all = counters.weapon_sums();
        let (kills, seconds) = (i64::from(all.kills), i64::from(counters.played.0));
        let grenade = counters.weapon(Weapon::Grenade);
        let mut totals = Self {
            rounds: 1,
            seconds,
            kills,
            deaths: i64::from(all.deaths),
            hits: i64::from(all.hits),
            shots: i64::from(all.shots),
            head_hits: i64::from(all.headshots),
            grenade_kills: i64::from(grenade.kills),
            grenade_hits: i64::from(grenade.hits),
            grenade_throws: i64::from(grenade.shots),
            grenade_rounds: i64::from(!grenade.is_zero()),
            damage_given: count(Field::DamageGiven),
            damage_received: count(Field::DamageReceived),
            team_damage_given: count(Field::TeamDamageGiven),
            team_damage_received: count(Field::TeamDamageReceived),
            gibs: count(Field::Gibs),
            self_kills: count(Field::SelfKills),
            team_kills: count(Field::TeamKills),
            team_gibs: count(Field::TeamGibs),
            xp: get(Field::Xp),
            alive_ms: counters.alive_ms.map(i64::from),
            seconds_beside_alive: beside(counters.alive_ms.is_some(), seconds),
            kill_assists: get(Field::KillAssists),
            kill_steals: get(Field::KillSteals),
            headshot_kills: get(Field::HeadshotKills),
            kills_beside_headshot_kills: beside(get(Field::HeadshotKills).is_some(), kills),
            objectives_stolen: get(Field::ObjectivesStolen),
            objectives_returned: get(Field::ObjectivesReturned),
            dynamites_planted: get(Field::DynamitesPlanted),
            dynamites_defused: get(Field::DynamitesDefused),
            constructions: get(Field::RepairsConstructions),
            times_revived: get(Field::TimesRevived),
            revives_given: get(Field::RevivesGiven),
            rounds_beside_revives: beside(get(Field::RevivesGiven).is_some(), 1),
            useful_kills: get(Field::UsefulKills),
            kills_beside_useful: beside(get(Field::UsefulKills).is_some(), kills),
            useless_kills: get(Field::UselessKills),
            full_selfkills: get(Field::FullSelfkills),
            denied_seconds: get(Field::DeniedPlaytime),
            seconds_beside_denied: beside(get(Field::DeniedPlaytime).is_some(), seconds),
            multikills_2: get(Field::Multikill2x),
            multikills_3: get(Field::Multikill3x),
            multikills_4: get(Field::Multikill4x),
            multikills_5: get(Field::Multikill5x),
            multikills_6: get(Field::Multikill6x),
            best_spree: peak(Field::KillingSpree),
            worst_spree: peak(Field::DeathSpree),
            ..Self::default()
        };
        for (_, counts) in counters.used_weapons().filter(|(weapon, _)| weapon.is_aimed()) {
            totals.aimed_hits += i64::from(counts.hits);
            totals.aimed_shots += i64::from(counts.shots);
            totals.aimed_head_hits += i64::from(counts.headshots);
        }
        totals
    }

    /// The same with this round for the maxima.
    #[must_use]
    pub fn in_round(self, round: RoundMark) -> Self {
        let marked = |peak: Option<Peak>| peak.map(|peak| Peak { round, ..peak });
        Self { best_spree: marked(self.best_spree), worst_spree: marked(self.worst_spree), ..self }
    }

    /// The same as the sum of a whole evening: counts it, and the matches of the player's team.
    #[must_use]
    pub const fn as_evening(self, matches: Standing) -> Self {
        Self { evenings: 1, matches_won: matches.won, matches_drawn: matches.drawn, matches_lost: matches.lost, ..self }
    }

    /// Objectives taken and returned, dynamites planted and defused, constructions; without the parts that are not
    /// known. `None` when no part is.
    #[must_use]
    pub fn objectives(&self) -> Option<i64> {
        known([
            self.objectives_stolen,
            self.objectives_returned,
            self.dynamites_planted,
            self.dynamites_defused,
            self.constructions,
        ])
    }

    /// Milliseconds dead while on a team: played without alive. The time alive is written in shares of tenths of
    /// minutes, so over few rounds it may be longer than the time played: then nobody was dead.
    #[must_use]
    pub fn dead_ms(&self) -> Option<i64> {
        self.alive_ms.map(|alive| self.seconds_beside_alive.saturating_mul(1000).saturating_sub(alive).max(0))
    }

    /// Dynamites planted and defused.
    #[must_use]
    pub fn dynamites(&self) -> Option<i64> {
        known([self.dynamites_planted, self.dynamites_defused])
    }

    /// Chains of two and more kills.
    #[must_use]
    pub fn multikills(&self) -> Option<i64> {
        known([self.multikills_2, self.multikills_3, self.multikills_4, self.multikills_5, self.multikills_6])
    }

    /// Matches won, drawn or lost.
    #[must_use]
    pub const fn matches(&self) -> i64 {
        self.matches_won.saturating_add(self.matches_drawn).saturating_add(self.matches_lost)
    }
}

fn known<const N: usize>(parts: [Option<i64>; N]) -> Option<i64> {
    parts.into_iter().fold(None, sum)
}

/// The sum of those that are known.
fn sum(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    }
}

fn higher(a: Option<Peak>, b: Option<Peak>) -> Option<Peak> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (a, b) => a.or(b),
    }
}

impl Add for Totals {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        let (a, b) = (self, more);
        Self {
            rounds: a.rounds.saturating_add(b.rounds),
            seconds: a.seconds.saturating_add(b.seconds),
            kills: a.kills.saturating_add(b.kills),
            deaths: a.deaths.saturating_add(b.deaths),
            hits: a.hits.saturating_add(b.hits),
            shots: a.shots.saturating_add(b.shots),
            head_hits: a.head_hits.saturating_add(b.head_hits),
            aimed_hits: a.aimed_hits.saturating_add(b.aimed_hits),
            aimed_shots: a.aimed_shots.saturating_add(b.aimed_shots),
            aimed_head_hits: a.aimed_head_hits.saturating_add(b.aimed_head_hits),
            grenade_kills: a.grenade_kills.saturating_add(b.grenade_kills),
            grenade_hits: a.grenade_hits.saturating_add(b.grenade_hits),
            grenade_throws: a.grenade_throws.saturating_add(b.grenade_throws),
            grenade_rounds: a.grenade_rounds.saturating_add(b.grenade_rounds),
            damage_given: a.damage_given.saturating_add(b.damage_given),
            damage_received: a.damage_received.saturating_add(b.damage_received),
            team_damage_given: a.team_damage_given.saturating_add(b.team_damage_given),
            team_damage_received: a.team_damage_received.saturating_add(b.team_damage_received),
            gibs: a.gibs.saturating_add(b.gibs),
            self_kills: a.self_kills.saturating_add(b.self_kills),
            team_kills: a.team_kills.saturating_add(b.team_kills),
            team_gibs: a.team_gibs.saturating_add(b.team_gibs),
            xp: sum(a.xp, b.xp),
            alive_ms: sum(a.alive_ms, b.alive_ms),
            seconds_beside_alive: a.seconds_beside_alive.saturating_add(b.seconds_beside_alive),
            kill_assists: sum(a.kill_assists, b.kill_assists),
            kill_steals: sum(a.kill_steals, b.kill_steals),
            headshot_kills: sum(a.headshot_kills, b.headshot_kills),
            kills_beside_headshot_kills: a.kills_beside_headshot_kills.saturating_add(b.kills_beside_headshot_kills),
            objectives_stolen: sum(a.objectives_stolen, b.objectives_stolen),
            objectives_returned: sum(a.objectives_returned, b.objectives_returned),
            dynamites_planted: sum(a.dynamites_planted, b.dynamites_planted),
            dynamites_defused: sum(a.dynamites_defused, b.dynamites_defused),
            constructions: sum(a.constructions, b.constructions),
            times_revived: sum(a.times_revived, b.times_revived),
            revives_given: sum(a.revives_given, b.revives_given),
            rounds_beside_revives: a.rounds_beside_revives.saturating_add(b.rounds_beside_revives),
            useful_kills: sum(a.useful_kills, b.useful_kills),
            kills_beside_useful: a.kills_beside_useful.saturating_add(b.kills_beside_useful),
            useless_kills: sum(a.useless_kills, b.useless_kills),
            full_selfkills: sum(a.full_selfkills, b.full_selfkills),
            denied_seconds: sum(a.denied_seconds, b.denied_seconds),
            seconds_beside_denied: a.seconds_beside_denied.saturating_add(b.seconds_beside_denied),
            multikills_2: sum(a.multikills_2, b.multikills_2),
            multikills_3: sum(a.multikills_3, b.multikills_3),
            multikills_4: sum(a.multikills_4, b.multikills_4),
            multikills_5: sum(a.multikills_5, b.multikills_5),
            multikills_6: sum(a.multikills_6, b.multikills_6),
            best_spree: higher(a.best_spree, b.best_spree),
            worst_spree: higher(a.worst_spree, b.worst_spree),
            evenings: a.evenings.saturating_add(b.evenings),
            matches_won: a.matches_won.saturating_add(b.matches_won),
            matches_drawn: a.matches_drawn.saturating_add(b.matches_drawn),
            matches_lost: a.matches_lost.saturating_add(b.matches_lost),
        }
    }
}

impl Sum for Totals {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}
