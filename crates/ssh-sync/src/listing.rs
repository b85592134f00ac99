//! What is in the directory: which names are taken, which are not and why, and when there are too many.
//! Pure.

use std::collections::HashMap;
use std::mem;

use crate::name::{check_name, other_name, shown};
use crate::sftp::Attributes;

/// Names in a directory; an evening leaves some sixty.
pub(crate) const MOST_NAMES: usize = 200_000;
/// Files of a directory that are wanted: what is known of each is kept in memory, several times for a while.
/// So many are the evenings of more than ten years.
pub(crate) const MOST_WANTED: usize = 100_000;
/// Bytes of their names.
pub(crate) const MOST_NAME_BYTES: usize = 6 << 20;
/// The allocator gives what is larger than this, and only that, back to the system at once, whichever thread had it;
/// and what is not used of it costs nothing. Of smaller pieces each thread's share of the allocator keeps some.
const MAPPED: usize = 33 << 20;
/// Bytes of a listing on the wire, where a name comes twice.
pub(crate) const MOST_LISTING: u64 = 128 << 20;
/// Refused names that are told one by one.
const MOST_REFUSED: usize = 100;

/// What tells one version of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Bytes.
    pub size: u64,
    /// Modification time by the server's clock, seconds since 1970.
    pub mtime: i64,
    /// Type and permissions, as in Unix.
    pub mode: u32,
}

impl Mark {
    /// Whether it is a regular file: neither directory nor link nor anything else.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    pub(crate) const fn is_directory(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }

    pub(crate) fn of(attributes: &Attributes) -> Self {
        Self {
            size: attributes.size.unwrap_or(0),
            mtime: attributes.mtime.map_or(0, i64::from),
            mode: attributes.mode.unwrap_or(0),
        }
    }
}

/// A file of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, good to be one here.
    pub name: String,
    /// Its size and time.
    pub mark: Mark,
}

/// A name that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refused {
    /// The name, escaped.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What is in the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Files that are wanted, by name.
    pub entries: Vec<Entry>,
    /// Files that may not be taken: the first hundred, and one line for all others.
    pub refused: Vec<Refused>,
    /// Files that are not wanted.
    pub others: usize,
}

/// A listing that is being made. Names stand one behind the other: two hundred thousand of their own would
/// cost several times as much memory, and be given back in pieces.
#[derive(Default)]
pub(crate) struct Lister {
    listing: Listing,
    text: String,
    found: Vec<Found>,
    names: usize,
}

/// A file that is wanted.
#[derive(Clone, Copy)]
struct Found {
    /// Where its name is in the text, and where the folder of an old Lua build in it ends.
    start: u32,
    end: u32,
    folder: u8,
    mark: Mark,
}

/// More names than can be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Lister {
    /// With room for more than there may be: growing would cost memory twice.
    pub(crate) fn new() -> Self {
        let (text, found) = (String::with_capacity(MAPPED), Vec::with_capacity(MAPPED / size_of::<Found>() + 1));
        Self { text, found, ..Self::default() }
    }

    /// Adds a name.
    pub(crate) fn add(
        &mut self,
        bytes: &[u8],
        attributes: &Attributes,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<(), TooMany> {
        self.names += 1;
        if self.names > MOST_NAMES {
            return Err(TooMany);
        }
        let mark = Mark::of(attributes);
        if bytes == b"." || bytes == b".." || mark.is_directory() {
            return Ok(());
        }
        match check_name(bytes) {
            Err(problem) => self.refuse(bytes, &problem.to_string()),
            Ok(name) if !wanted(name) => self.listing.others += 1,
            Ok(_) if !mark.is_file() => self.refuse(bytes, "it is not a regular file"),
            Ok(name) => {
                let place = |offset: usize| u32::try_from(offset).map_err(|_large| TooMany);
                let whole = other_name(bytes).unwrap_or(name);
                let start = place(self.text.len())?;
                let end = place(self.text.len() + whole.len())?;
                if self.found.len() >= MOST_WANTED || self.text.len() + whole.len() > MOST_NAME_BYTES {
                    return Err(TooMany);
                }
                // No name that is taken has more bytes than fit.
                let folder = u8::try_from(whole.len() - name.len()).map_err(|_large| TooMany)?;
                self.text.push_str(whole);
                self.found.push(Found { start, end, folder, mark });
            }
        }
        Ok(())
    }

    fn refuse(&mut self, name: &[u8], reason: &str) {
        let refused = &mut self.listing.refused;
        match refused.len() {
            ..MOST_REFUSED => refused.push(Refused { name: shown(name), reason: reason.to_owned() }),
            // Without a number, which would be news with every look.
            MOST_REFUSED => {
                let reason = format!("more than {MOST_REFUSED} names are not, and the others are not told");
                refused.push(Refused { name: "…".to_owned(), reason });
            }
            _ => {}
        }
    }

    /// The listing, in the order of the names; and of names that differ here and there, the one there.
    pub(crate) fn finish(mut self) -> (Listing, HashMap<String, String>) {
        let mut there = HashMap::new();
        // Stable: plain names come first, and of others the first one listed.
        self.found.sort_by_key(|found| found.folder > 0);
        let plain = self.found.partition_point(|found| found.folder == 0);
        let text = mem::take(&mut self.text);
        self.listing.entries.reserve_exact(self.found.len());
        for Found { start, end, folder, mark } in mem::take(&mut self.found) {
            let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
            let whole = text.get(range).unwrap_or_default();
            let name = whole.get(usize::from(folder)..).unwrap_or_default().to_owned();
            if folder > 0 {
                there.entry(name.clone()).or_insert_with(|| whole.to_owned());
            }
            self.listing.entries.push(Entry { name, mark });
        }
        drop(text);
        for entry in self.listing.entries.iter().take(plain) {
            // The plain name is the one that is meant.
            there.remove(&entry.name);
        }
        self.listing.entries.sort_by(|a, b| a.name.cmp(&b.name));
        let mut doubled = Vec::new();
        self.listing.entries.dedup_by(|later, first| {
            let same = later.name == first.name;
            if same {
                doubled.push(mem::take(&mut later.name));
            }
            same
        });
        for name in doubled {
            self.refuse(name.as_bytes(), "there is another file of that name");
        }
        (self.listing, there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: Attributes = Attributes { size: Some(7), mode: Some(0o100_644), mtime: Some(5) };

    fn lister(names: &[&str]) -> Lister {
        let mut lister = Lister::default();
        for name in names {
            lister.add(name.as_bytes(), &FILE, &|name| name.ends_with(".txt")).unwrap();
        }
        lister
    }

    #[test]
    fn names_are_taken_refused_or_not_wanted() {
        let mut lister = lister(&["b.txt", ".", "..", "a.txt", "other", "x\n.txt", "c\n"]);
        lister.add(b"folder.txt", &Attributes { mode: Some(0o040_755), ..FILE }, &|_| true).unwrap();
        lister.add(b"link.txt", &Attributes { mode: Some(0o120_777), ..FILE }, &|_| true).unwrap();
        lister.add(b"bare.txt", &Attributes::default(), &|_| true).unwrap();
        let (listing, there) = lister.finish();
        assert_eq!(listing.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["a.txt", "b.txt"]);
        assert_eq!(listing.entries.first().unwrap().mark, Mark { size: 7, mtime: 5, mode: 0o100_644 });
        assert_eq!((listing.others, listing.refused.len(), there.len()), (1, 4, 0));
    }

    #[test]
    fn a_file_of_an_old_build_has_its_own_name_here_unless_another_has_it() {
        let (listing, there) = lister(&["g\\a.txt", "a.txt", "g\\b.txt", "h\\b.txt"]).finish();
        assert_eq!(listing.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["a.txt", "b.txt"]);
        assert_eq!(there, HashMap::from([("b.txt".to_owned(), "g\\b.txt".to_owned())]));
        let refused: Vec<&str> = listing.refused.iter().map(|refused| refused.name.as_str()).collect();
        assert_eq!(refused, ["\"a.txt\"", "\"b.txt\""]);
    }

    #[test]
    fn names_have_an_end() {
        let mut lister = Lister::default();
        for number in 0..MOST_NAMES {
            lister.add(format!("{number}.").as_bytes(), &FILE, &|_| false).unwrap();
        }
        assert_eq!(lister.add(b"one more", &FILE, &|_| false), Err(TooMany));
        let mut lister = Lister::default();
        let added =
            (0..MOST_NAMES).take_while(|number| lister.add(format!("{number}.").as_bytes(), &FILE, &|_| true).is_ok());
        assert_eq!(added.count(), MOST_WANTED);
        let mut lister = Lister::default();
        let long = "x".repeat(255);
        let added = (0..MOST_NAMES).take_while(|_| lister.add(long.as_bytes(), &FILE, &|_| true).is_ok()).count();
        assert_eq!(added, MOST_NAME_BYTES / 255);
    }

    /// Memory of this process, in KiB.
    fn resident() -> usize {
        let text = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    #[test]
    fn what_a_listing_without_end_took_is_given_back_whichever_thread_had_it() {
        const THREADS: usize = 8;
        let fill = || {
            let mut lister = Lister::new();
            while lister.add(b"2025-01-07-200000-some-map-of-a-long-name-round-1.txt", &FILE, &|_| true).is_ok() {}
        };
        let before = resident();
        // They all live until the memory is read, so that each has a share of its own.
        let done = std::sync::Barrier::new(THREADS + 1);
        let kept = std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    // The second time the allocator knows the sizes.
                    fill();
                    fill();
                    done.wait();
                    done.wait();
                });
            }
            done.wait();
            let kept = resident().saturating_sub(before);
            done.wait();
            kept
        });
        assert!(kept < 16 * 1024, "{THREADS} threads have kept {kept} KiB");
    }

    #[test]
    fn of_refused_names_a_hundred_are_told_and_that_there_are_more() {
        let mut lister = Lister::default();
        for _ in 0..150 {
            lister.add(b".hidden", &FILE, &|_| true).unwrap();
        }
        let (listing, _) = lister.finish();
        assert_eq!(listing.refused.len(), 101);
        let reason = &listing.refused.last().unwrap().reason;
        assert_eq!(reason, "more than 100 names are not, and the others are not told");
    }
}
