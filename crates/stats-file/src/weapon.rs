//! Weapon slots of the statistics mask.

/// Number of weapon slots; bits 28 and above do not exist.
pub const WEAPON_COUNT: usize = 28;

/// A weapon slot, in the order of its bit in the mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is the game's own name without the prefix WS_")]
pub enum Weapon {
    Knife,
    KnifeKbar,
    Luger,
    Colt,
    Mp40,
    Thompson,
    Sten,
    Fg42,
    Panzerfaust,
    Bazooka,
    Flamethrower,
    Grenade,
    Mortar,
    Mortar2,
    Dynamite,
    Airstrike,
    Artillery,
    Satchel,
    GrenadeLauncher,
    Landmine,
    Mg42,
    Browning,
    Carbine,
    Kar98,
    Garand,
    K43,
    Mp34,
    Syringe,
}

/// Names as the database and people see them, in slot order.
const NAMES: [&str; WEAPON_COUNT] = [
    "KNIFE",
    "KNIFE_KBAR",
    "LUGER",
    "COLT",
    "MP40",
    "THOMPSON",
    "STEN",
    "FG42",
    "PANZERFAUST",
    "BAZOOKA",
    "FLAMETHROWER",
    "GRENADE",
    "MORTAR",
    "MORTAR2",
    "DYNAMITE",
    "AIRSTRIKE",
    "ARTILLERY",
    "SATCHEL",
    "GRENADELAUNCHER",
    "LANDMINE",
    "MG42",
    "BROWNING",
    "CARBINE",
    "KAR98",
    "GARAND",
    "K43",
    "MP34",
    "SYRINGE",
];

impl Weapon {
    /// All weapons in slot order.
    pub const ALL: [Self; WEAPON_COUNT] = [
        Self::Knife,
        Self::KnifeKbar,
        Self::Luger,
        Self::Colt,
        Self::Mp40,
        Self::Thompson,
        Self::Sten,
        Self::Fg42,
        Self::Panzerfaust,
        Self::Bazooka,
        Self::Flamethrower,
        Self::Grenade,
        Self::Mortar,
        Self::Mortar2,
        Self::Dynamite,
        Self::Airstrike,
        Self::Artillery,
        Self::Satchel,
        Self::GrenadeLauncher,
        Self::Landmine,
        Self::Mg42,
        Self::Browning,
        Self::Carbine,
        Self::Kar98,
        Self::Garand,
        Self::K43,
        Self::Mp34,
        Self::Syringe,
    ];

    /// All weapons in the order of their names, which is the order of the database's keys.
    #[rustfmt::skip]
    pub const BY_NAME: [Self; WEAPON_COUNT] = [
        Self::Airstrike, Self::Artillery, Self::Bazooka, Self::Browning, Self::Carbine, Self::Colt, Self::Dynamite,
        Self::Fg42, Self::Flamethrower, Self::Garand, Self::Grenade, Self::GrenadeLauncher, Self::K43, Self::Kar98,
        Self::Knife, Self::KnifeKbar, Self::Landmine, Self::Luger, Self::Mg42, Self::Mortar, Self::Mortar2,
        Self::Mp34, Self::Mp40, Self::Panzerfaust, Self::Satchel, Self::Sten, Self::Syringe, Self::Thompson,
    ];

    /// Position in the mask and in weapon arrays, 0–27.
    #[must_use]
    pub const fn slot(self) -> usize {
        self as usize
    }

    /// The game's name without its prefix, e.g. `MP40`.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a slot is always below WEAPON_COUNT")]
    pub const fn name(self) -> &'static str {
        NAMES[self.slot()]
    }

    /// The weapon of a name as [`Weapon::name`] gives it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|weapon| weapon.name() == name)
    }

    /// Splash and call-in weapons: one shot may hit several times, so hits may exceed shots.
    #[must_use]
    pub const fn hits_may_exceed_shots(self) -> bool {
        matches!(
            self,
            Self::Grenade
                | Self::Artillery
                | Self::Airstrike
                | Self::Dynamite
                | Self::Panzerfaust
                | Self::Satchel
                | Self::Landmine
                | Self::Bazooka
                | Self::Mortar
                | Self::Mortar2
                | Self::GrenadeLauncher
                | Self::Flamethrower
        )
    }

    /// Weapons whose shots the engine may take back: a stab at a corpse, a cancelled call.
    #[must_use]
    pub const fn shots_may_decrease(self) -> bool {
        matches!(self, Self::Knife | Self::KnifeKbar | Self::Artillery)
    }

    /// Aimed weapons: those that count for accuracy (no knife, grenades, call-ins, mines, syringe).
    #[must_use]
    pub const fn is_aimed(self) -> bool {
        !self.hits_may_exceed_shots() && !matches!(self, Self::Knife | Self::KnifeKbar | Self::Syringe)
    }
}

/// The five numbers of a weapon tuple, in the order of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct WeaponCounts {
    /// Hits; successful revives for the syringe.
    pub hits: i32,
    /// Shots, throws, calls or uses.
    pub shots: i32,
    /// Enemies killed with it.
    pub kills: i32,
    /// Own deaths by it.
    pub deaths: i32,
    /// Hits in the head.
    pub headshots: i32,
}

impl WeaponCounts {
    /// Never touched.
    pub(crate) const ZERO: Self = Self { hits: 0, shots: 0, kills: 0, deaths: 0, headshots: 0 };

    /// All five are zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}
