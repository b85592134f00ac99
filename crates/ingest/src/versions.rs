//! Two files of one name: the same, the whole of what was a part, an older copy, or a conflict.

use std::collections::{BTreeMap, HashMap};

use fullhold_repository::{FileId, FileState, KnownFile, StoredFile};
use fullhold_stats_file::PARSER_VERSION;
use sha2::{Digest as _, Sha256};

use crate::reference_round::NO_PARSER;
use crate::{FileOutcome, Prepared, prepare};

/// What a file is to the stored file of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The same bytes.
    Same,
    /// It begins with the stored bytes and goes on: the same file, completed.
    Completed,
    /// The stored bytes are damaged, and this is what was imported.
    Healed,
    /// The stored bytes begin with it and go on: a copy made before the file was complete.
    OlderCopy,
    /// Something else.
    Other,
    /// The stored bytes are damaged, and this is not what was imported.
    NotTheDamaged,
}

/// Compares a file with the stored one. Takes some ten microseconds: unpacking and hashing.
pub fn of_stored(stored: &StoredFile, new: &Prepared) -> Version {
    let Some(new_bytes) = unpacked(new) else { return Version::Other };
    let bytes = stored.unpack();
    let usable = new.holds_no_round || new.parsed.is_ok();
    let damaged = !bytes.as_ref().is_ok_and(|bytes| is_hash_of(&stored.sha256, bytes));
    match bytes {
        _ if damaged && usable && new.sha256 == stored.sha256 => Version::Healed,
        // What is recorded beside the bytes is wrong, not the bytes.
        Ok(bytes) if damaged && bytes == new_bytes && usable => Version::Healed,
        Ok(bytes) if !damaged => between(&bytes, &new_bytes, usable),
        _ => Version::NotTheDamaged,
    }
}

/// Compares two files of a batch, of which the first came first.
pub(crate) fn in_batch(first: &Prepared, second: &Prepared) -> Version {
    match (unpacked(first), unpacked(second)) {
        (Some(a), Some(b)) => between(&a, &b, second.parsed.is_ok()),
        _ => Version::Other,
    }
}

/// Whether the hash recorded for stored bytes is theirs.
pub fn is_hash_of(sha256: &str, bytes: &[u8]) -> bool {
    prepare::hex(&Sha256::digest(bytes)) == sha256
}

fn between(stored: &[u8], bytes: &[u8], usable: bool) -> Version {
    if stored == bytes {
        Version::Same
    } else if bytes.starts_with(stored) && usable {
        Version::Completed
    } else if stored.starts_with(bytes) {
        Version::OlderCopy
    } else {
        Version::Other
    }
}

fn unpacked(file: &Prepared) -> Option<Vec<u8>> {
    fullhold_repository::decompress(FileId(0), &file.content, file.size_bytes).ok()
}

/// What is to be done with a file.
pub(crate) enum Decision {
    /// Its row is to be written; if it is imported, the outcome's counts are not known yet.
    Write(FileOutcome),
    /// Nothing.
    Leave(FileOutcome),
}

/// Says what is to be done with a file that is alone of its name in a batch.
pub(crate) fn decide(file: &Prepared, known: Option<&KnownFile>, stored: Option<&StoredFile>) -> Decision {
    let Some(known) = known else { return write(file) };
    match known.state {
        // A raw file takes the place of the round that was taken over from the reference bot.
        FileState::Imported if known.parser_version == NO_PARSER && known.sha256 != file.sha256 => match &file.parsed {
            Ok(_) => write(file),
            Err(reason) => Decision::Leave(FileOutcome::Rejected(reason.clone())),
        },
        FileState::Imported => match stored.map(|stored| of_stored(stored, file)) {
            None if known.sha256 == file.sha256 => Decision::Leave(FileOutcome::Duplicate),
            Some(Version::Same) => Decision::Leave(FileOutcome::Duplicate),
            Some(Version::Completed) => Decision::Write(FileOutcome::Completed { players: 0, weapons: 0, findings: 0 }),
            Some(Version::Healed) => Decision::Write(FileOutcome::Healed { players: 0, weapons: 0, findings: 0 }),
            Some(Version::OlderCopy) => Decision::Leave(FileOutcome::OlderCopy),
            Some(Version::Other | Version::NotTheDamaged) | None => Decision::Leave(conflict(file)),
        },
        FileState::Ignored => Decision::Leave(FileOutcome::Ignored(known.error_message.clone().unwrap_or_default())),
        // The same bytes read by the same parser fail in the same way.
        FileState::Failed if failed_like_this(known, file) => {
            Decision::Leave(FileOutcome::Rejected(known.error_message.clone().unwrap_or_default()))
        }
        FileState::Failed => write(file),
    }
}

fn write(file: &Prepared) -> Decision {
    Decision::Write(match &file.parsed {
        Ok(_) => FileOutcome::Imported { players: 0, weapons: 0, findings: 0 },
        Err(reason) => FileOutcome::Rejected(reason.clone()),
    })
}

fn conflict(file: &Prepared) -> FileOutcome {
    FileOutcome::Conflict(format!(
        "conflict: {} was imported before with other bytes; the stored file is kept (this one has SHA-256 {})",
        file.filename, file.sha256
    ))
}

/// Whether the same file failed before.
pub(crate) fn failed_like_this(known: &KnownFile, file: &Prepared) -> bool {
    known.state == FileState::Failed && known.sha256 == file.sha256 && known.parser_version == PARSER_VERSION
}

/// A batch, sorted by what is to be done.
pub(crate) struct Sorted {
    /// By file. What is imported has counts of nothing yet.
    pub(crate) outcomes: Vec<FileOutcome>,
    /// Positions of files whose rows are to be written: one per name.
    pub(crate) chosen: Vec<usize>,
}

/// Says what is to be done with each file of a batch. Of several files of one name the whole one is
/// taken, whichever comes first.
pub(crate) fn sort(
    files: &[Prepared],
    known: &HashMap<String, KnownFile>,
    stored: &HashMap<FileId, StoredFile>,
) -> Sorted {
    let mut outcomes: Vec<FileOutcome> = Vec::with_capacity(files.len());
    let mut chosen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let known = known.get(&file.filename);
        let alone = || decide(file, known, known.and_then(|known| stored.get(&known.id)));
        let first = chosen.get(file.filename.as_str()).copied();
        let decision = match first.and_then(|first| files.get(first)) {
            None => alone(),
            Some(earlier) => match beside(earlier, file) {
                Some(outcome) => Decision::Leave(outcome),
                None => alone(),
            },
        };
        match decision {
            Decision::Leave(outcome) => outcomes.push(outcome),
            Decision::Write(outcome) => {
                outcomes.push(outcome);
                chosen.insert(&file.filename, index);
                if let Some(slot) = first.and_then(|first| outcomes.get_mut(first)) {
                    *slot = match slot {
                        FileOutcome::Rejected(reason) => FileOutcome::Rejected(std::mem::take(reason)),
                        _ => FileOutcome::OlderCopy,
                    };
                }
            }
        }
    }
    Sorted { outcomes, chosen: chosen.into_values().collect() }
}

/// What is to be said of a file when another of its name came before it in the batch; `None`: it
/// takes that one's place.
fn beside(earlier: &Prepared, file: &Prepared) -> Option<FileOutcome> {
    match in_batch(earlier, file) {
        Version::Same | Version::Healed => Some(FileOutcome::Duplicate),
        Version::OlderCopy => Some(FileOutcome::OlderCopy),
        Version::Completed => None,
        Version::Other if earlier.parsed.is_err() && file.parsed.is_ok() => None,
        Version::Other | Version::NotTheDamaged => Some(conflict(file)),
    }
}
