//! The field table: what stands behind the TABs of a player line. Facts, no logic beyond look-up.

/// Canonical fields: those of the newest layout.
pub const FIELD_COUNT: usize = 38;

/// A TAB field, named as in the newest layout; its position there is its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "FIELDS has the meaning, unit and semantics of each")]
pub enum Field {
    DamageGiven,
    DamageReceived,
    TeamDamageGiven,
    TeamDamageReceived,
    Gibs,
    SelfKills,
    TeamKills,
    TeamGibs,
    TimePlayedPercent,
    Xp,
    KillingSpree,
    DeathSpree,
    KillAssists,
    KillSteals,
    HeadshotKills,
    ObjectivesStolen,
    ObjectivesReturned,
    DynamitesPlanted,
    DynamitesDefused,
    TimesRevived,
    BulletsFired,
    Dpm,
    TimePlayedMinutes,
    TankMeatshield,
    TimeDeadRatio,
    TimeDeadMinutes,
    KdRatio,
    UsefulKills,
    DeniedPlaytime,
    Multikill2x,
    Multikill3x,
    Multikill4x,
    Multikill5x,
    Multikill6x,
    UselessKills,
    FullSelfkills,
    RepairsConstructions,
    RevivesGiven,
}

impl Field {
    /// Position in the newest layout, 0–37.
    #[must_use]
    pub const fn position(self) -> usize {
        self as usize
    }

    /// The row of this field in [`FIELDS`].
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "FIELDS has a row for every field; a test proves it")]
    pub const fn spec(self) -> &'static FieldSpec {
        &FIELDS[self as usize]
    }
}

/// How a field of an R2 file relates to round 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semantics {
    /// Engine session counter, R1 + R2: subtract R1.
    Cumulative,
    /// This round only: take it as it is; sum it for a match.
    PerRound,
    /// This round only, and a maximum: take it as it is; the greater one for a match.
    Maximum,
    /// Computed by the writer from other numbers: recompute, never subtract.
    Derived,
}

/// Unit of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A plain count.
    Count,
    /// Hit points.
    HitPoints,
    /// Experience points; may be negative.
    Points,
    /// Whole seconds.
    Seconds,
    /// Minutes with one decimal, kept in tenths.
    TenthMinutes,
    /// Percent with one decimal, kept in tenths.
    TenthPercent,
    /// A ratio with one decimal, kept in tenths.
    Tenth,
}

impl Unit {
    /// Whether values of this unit are kept in tenths.
    #[must_use]
    pub const fn is_tenths(self) -> bool {
        matches!(self, Self::TenthMinutes | Self::TenthPercent | Self::Tenth)
    }
}

/// One row of the field table.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Which field.
    pub field: Field,
    /// Name in the file format's documentation.
    pub name: &'static str,
    /// Unit of the value.
    pub unit: Unit,
    /// Behaviour between rounds.
    pub semantics: Semantics,
    /// What it counts.
    pub meaning: &'static str,
}

const fn row(field: Field, name: &'static str, unit: Unit, semantics: Semantics, meaning: &'static str) -> FieldSpec {
    FieldSpec { field, name, unit, semantics, meaning }
}

/// All fields in the order of the newest layout. Drives parser, writer, subtraction, match totals and documentation.
#[rustfmt::skip]
pub static FIELDS: [FieldSpec; FIELD_COUNT] = {
    use Field::*;
    use Semantics::*;
    use Unit::*;
    [
        row(DamageGiven, "damage_given", HitPoints, Cumulative, "damage dealt to enemies"),
        row(DamageReceived, "damage_received", HitPoints, Cumulative, "damage taken from enemies"),
        row(TeamDamageGiven, "team_damage_given", HitPoints, Cumulative, "damage dealt to team mates"),
        row(TeamDamageReceived, "team_damage_received", HitPoints, Cumulative, "damage taken from team mates"),
        row(Gibs, "gibs", Count, Cumulative, "enemy bodies gibbed"),
        row(SelfKills, "self_kills", Count, Cumulative, "suicides and deaths by the world; not part of deaths"),
        row(TeamKills, "team_kills", Count, Cumulative, "team mates killed; not part of kills"),
        row(TeamGibs, "team_gibs", Count, Cumulative, "team mates' bodies gibbed"),
        row(TimePlayedPercent, "time_played_percent", TenthPercent, Derived, "share of the time on a team spent alive"),
        row(Xp, "xp", Points, PerRound, "score of this round; may be negative"),
        row(KillingSpree, "killing_spree", Count, Maximum, "best killing spree, 0 below 3"),
        row(DeathSpree, "death_spree", Count, Maximum, "worst death spree, 0 below 3"),
        row(KillAssists, "kill_assists", Count, PerRound, "damage to a victim within 1.5 s of another's kill"),
        row(KillSteals, "kill_steals", Count, PerRound, "kills of victims somebody else had damaged"),
        row(HeadshotKills, "headshot_kills", Count, PerRound, "fatal hits in the head"),
        row(ObjectivesStolen, "objectives_stolen", Count, PerRound, "objectives taken; always 0 since 2025"),
        row(ObjectivesReturned, "objectives_returned", Count, PerRound, "objectives returned; always 0 since 2025"),
        row(DynamitesPlanted, "dynamites_planted", Count, PerRound, "dynamites planted"),
        row(DynamitesDefused, "dynamites_defused", Count, PerRound, "dynamites defused"),
        row(TimesRevived, "times_revived", Count, PerRound, "times revived by a medic"),
        row(BulletsFired, "bullets_fired", Count, Derived, "sum of all shots; garbage before the 38-field era"),
        row(Dpm, "dpm", Tenth, Derived, "always 0.0 in the file"),
        row(TimePlayedMinutes, "time_played_minutes", TenthMinutes, Cumulative, "time on a team while playing, pauses excluded, dead time included"),
        row(TankMeatshield, "tank_meatshield", Tenth, Derived, "damage received per death / 130, only above 1000 damage and above 3"),
        row(TimeDeadRatio, "time_dead_ratio", TenthPercent, Derived, "time dead over time played; meaningless in R2 files"),
        row(TimeDeadMinutes, "time_dead_minutes", TenthMinutes, PerRound, "time dead as the writer counts it; over-counted before 2026-08"),
        row(KdRatio, "kd_ratio", Tenth, Derived, "kills / deaths; kills + 1 without deaths"),
        row(UsefulKills, "useful_kills", Count, PerRound, "kills that cost the victim at least half a limbo time"),
        row(DeniedPlaytime, "denied_playtime", Seconds, PerRound, "time victims stayed dead"),
        row(Multikill2x, "multikill_2x", Count, PerRound, "chains of exactly 2 kills, each within 3 s"),
        row(Multikill3x, "multikill_3x", Count, PerRound, "chains of exactly 3 kills"),
        row(Multikill4x, "multikill_4x", Count, PerRound, "chains of exactly 4 kills"),
        row(Multikill5x, "multikill_5x", Count, PerRound, "chains of exactly 5 kills"),
        row(Multikill6x, "multikill_6x", Count, PerRound, "chains of 6 or more kills"),
        row(UselessKills, "useless_kills", Count, PerRound, "kills of victims with less than 5 s to respawn"),
        row(FullSelfkills, "full_selfkills", Count, PerRound, "/kill with nearly full limbo time"),
        row(RepairsConstructions, "repairs_constructions", Count, PerRound, "repairs and constructions"),
        row(RevivesGiven, "revives_given", Count, PerRound, "revives given; equals syringe hits"),
    ]
};

/// Layout of the TAB fields. The number of fields decides it; there is no version marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Era {
    /// 33 fields, 2024: multikills directly behind `useful_kills`.
    Fields33,
    /// 36 fields, 2025-01 to 2025-05.
    Fields36,
    /// 37 fields, 2025-05 to 2025-10.
    Fields37,
    /// 38 fields, since 2025-10.
    Fields38,
    /// At least 28 fields, but none of the known numbers: only the common prefix is read.
    Prefix28,
}

impl Era {
    /// The known layouts, oldest first.
    pub const KNOWN: [Self; 4] = [Self::Fields33, Self::Fields36, Self::Fields37, Self::Fields38];

    /// The layout of a line with so many TAB fields; `None` below 28.
    #[must_use]
    pub const fn of_field_count(count: usize) -> Option<Self> {
        match count {
            33 => Some(Self::Fields33),
            36 => Some(Self::Fields36),
            37 => Some(Self::Fields37),
            38 => Some(Self::Fields38),
            0..28 => None,
            _ => Some(Self::Prefix28),
        }
    }

    /// How many TAB fields a line of this era has (28 are read of an unknown layout).
    #[must_use]
    pub const fn field_count(self) -> usize {
        match self {
            Self::Prefix28 => 28,
            Self::Fields33 => 33,
            Self::Fields36 => 36,
            Self::Fields37 => 37,
            Self::Fields38 => 38,
        }
    }

    /// The canonical position of the field at a TAB index of this era.
    #[must_use]
    pub const fn canonical(self, index: usize) -> usize {
        match self {
            // 2024 had no denied_playtime: multikills moved up by one.
            Self::Fields33 if index >= Field::DeniedPlaytime.position() => index + 1,
            _ => index,
        }
    }

    /// The fields of this era in the order of the file.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        (0..self.field_count()).filter_map(move |index| FIELDS.get(self.canonical(index)).map(|spec| spec.field))
    }

    /// Whether the era's `bullets_fired` can be trusted.
    #[must_use]
    pub const fn has_true_bullets_fired(self) -> bool {
        matches!(self, Self::Fields38)
    }
}
