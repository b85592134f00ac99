//! Player identities as the file carries them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Longest guid accepted. Real files have 8 characters; the rest is room for the hash that tells
/// bots apart.
const CAPACITY: usize = 23;

/// A player's identity: the first 8 characters of the upper-cased client GUID.
///
/// Hexadecimal in all real files of people, but that is not enforced: bots share `OMNIBOT0`.
/// Stored inline, so that copying one costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid {
    bytes: [u8; CAPACITY],
    len: u8,
}

impl Guid {
    /// No guid.
    pub(crate) const EMPTY: Self = Self { bytes: [0; CAPACITY], len: 0 };

    /// Takes `text` as it is; `None` if it is longer than 23 bytes or has control characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if text.bytes().any(|b| b.is_ascii_control()) {
            return None;
        }
        let mut bytes = [0; CAPACITY];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, len: u8::try_from(text.len()).ok()? })
    }

    /// The text of the guid.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.bytes.get(..usize::from(self.len)).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default()
    }

    /// Whether the guid alone says that this is a bot (prefix `OMNIBOT`, any case).
    #[must_use]
    pub fn is_bot(&self) -> bool {
        self.as_str().get(..7).is_some_and(|prefix| prefix.eq_ignore_ascii_case("OMNIBOT"))
    }

    /// The identity that tells players with a shared guid apart: people keep their guid, bots and
    /// players without a guid get a hash (FNV-1a, 32 bits) of their clean name behind it.
    #[must_use]
    pub fn identity(&self, clean_name: &str) -> Self {
        if self.len > 0 && !self.is_bot() {
            return *self;
        }
        let hash = clean_name.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
        let prefix = self.as_str().get(..8).unwrap_or(self.as_str());
        Self::new(&format!("{prefix}-{hash:08X}")).unwrap_or(*self)
    }
}

/// A text that is no guid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{found:?} is no guid; allowed are at most {CAPACITY} bytes without control characters")]
pub struct NoGuid {
    /// The text.
    pub found: String,
}

impl FromStr for Guid {
    type Err = NoGuid;

    fn from_str(text: &str) -> Result<Self, NoGuid> {
        Self::new(text).ok_or_else(|| NoGuid { found: text.to_owned() })
    }
}

crate::stored_as_text!(Guid, as_str);

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guid({})", self.as_str())
    }
}
