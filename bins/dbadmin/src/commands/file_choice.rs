//! Which files a person means: names, patterns, paths of files and folders, on one server or all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fullhold_ingest::AskedFile;
use fullhold_repository::{Db, FileInfo, LeftOutFileRow, RemoteFileRow, ServerRow};

use super::rounds;
use crate::context::{Context, Stop, counted};

/// Files named in a message.
const SHOWN: usize = 10;

/// Everything that is known of files that are not as they should be, of the servers that are asked for.
pub(crate) struct Files {
    /// The servers.
    pub(crate) servers: Vec<ServerRow>,
    /// Files with their bytes.
    pub(crate) stored: Vec<FileInfo>,
    /// Files on disk that are left out.
    pub(crate) left_out: Vec<LeftOutFileRow>,
    /// Files on the game servers that the watcher has not stored.
    pub(crate) remote: Vec<RemoteFileRow>,
}

impl Files {
    /// Reads them; all that are imported, too, if asked.
    pub(crate) async fn read(db: &Db, server: Option<&str>, imported: bool) -> Result<Self, Stop> {
        let wanted = rounds::server_id(db, server).await?;
        let mut servers = db.servers().await?;
        servers.retain(|one| wanted.is_none_or(|id| one.id == id));
        let is_wanted = |id: i32| servers.iter().any(|one| one.id == id);
        let mut stored = if imported { db.all_files().await? } else { db.files_in(&NOT_IMPORTED).await? };
        stored.retain(|file| is_wanted(file.server_id));
        let mut left_out = db.left_out_files().await?;
        left_out.retain(|file| is_wanted(file.server_id));
        let mut remote = Vec::new();
        for one in &servers {
            remote.extend(db.remote_files(one.id).await?);
        }
        Ok(Self { servers, stored, left_out, remote })
    }

    /// What a server is called.
    pub(crate) fn server_of(&self, id: i32) -> &str {
        self.servers.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str())
    }

    /// Keeps files that fit one of the words; all if there is none.
    pub(crate) fn retain(&mut self, words: &[String]) {
        if words.is_empty() {
            return;
        }
        let words: Vec<Word> = words.iter().map(|word| Word::of(word)).collect();
        let fits = |name: &str| words.iter().any(|word| word.fits(name));
        self.stored.retain(|file| fits(&file.filename));
        self.left_out.retain(|file| fits(&file.filename));
        self.remote.retain(|file| fits(&file.filename));
    }
}

/// States of files with bytes that are not imported.
const NOT_IMPORTED: [&str; 3] = ["failed", "waiting", "ignored"];

/// What a person typed.
enum Word {
    /// A name, and where the file is on this disk if a path was typed.
    Name(String, Option<PathBuf>),
    /// With `*` and `?`.
    Pattern(String),
    /// The files in a folder, by name.
    Folder(BTreeMap<String, PathBuf>),
}

impl Word {
    fn of(word: &str) -> Self {
        let path = Path::new(word);
        if path.is_dir() {
            let found = fullhold_ingest::find(&[path.to_owned()]);
            return Self::Folder(found.files.into_iter().map(|path| (name_of(&path), path)).collect());
        }
        if path.symlink_metadata().is_ok() || word.contains('/') {
            return Self::Name(name_of(path), Some(path.to_owned()).filter(|path| path.symlink_metadata().is_ok()));
        }
        if word.contains(['*', '?']) { Self::Pattern(word.to_owned()) } else { Self::Name(word.to_owned(), None) }
    }

    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Name(wanted, _) => wanted == name,
            Self::Pattern(pattern) => matches(pattern, name),
            Self::Folder(files) => files.contains_key(name),
        }
    }

    /// Where a file of that name is, if the word says it.
    fn path_of(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Name(_, path) => path.clone(),
            Self::Pattern(_) => None,
            Self::Folder(files) => files.get(name).cloned(),
        }
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    fullhold_stats_file::FileName::strip_directory(&name).to_owned()
}

/// Whether a name fits a pattern: `*` is any text, `?` any character.
fn matches(pattern: &str, name: &str) -> bool {
    let mut pattern = pattern.chars();
    match pattern.next() {
        None => name.is_empty(),
        Some('*') => {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| matches(pattern.as_str(), name.get(at..).unwrap_or_default()))
        }
        Some(wanted) => {
            let mut name = name.chars();
            name.next().is_some_and(|found| wanted == '?' || wanted == found)
                && matches(pattern.as_str(), name.as_str())
        }
    }
}

/// What is to be done with the files that are chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Retry,
    Ignore,
}

impl Purpose {
    /// Whether files in that state are meant by a pattern, a folder or `--all`: what somebody set aside is not tried
    /// again unless it is named.
    fn takes(self, state: &str) -> bool {
        match self {
            Self::Retry => matches!(state, "failed" | "open" | "dead"),
            Self::Ignore => matches!(state, "failed" | "waiting" | "open"),
        }
    }
}

/// Files that a person means.
#[derive(Default)]
pub(crate) struct Choice {
    /// Each with its server, and with its place on disk if that is known.
    pub(crate) files: Vec<AskedFile>,
    /// Words that fit nothing.
    pub(crate) unknown: Vec<String>,
}

/// The files that are meant by these words, or all in trouble if there are none.
pub(crate) async fn chosen(
    context: &Context,
    db: &Db,
    words: &[String],
    server: Option<&str>,
    purpose: Purpose,
) -> Result<Choice, Stop> {
    let known = Files::read(db, server, false).await?;
    let mut choice = Choice::default();
    let mut seen = BTreeSet::new();
    let mut add = |choice: &mut Choice, server: &ServerRow, name: &str, path: Option<PathBuf>| {
        if seen.insert((server.id, name.to_owned())) {
            let path = path.or_else(|| known.place_of(context, server, name));
            choice.files.push(AskedFile { server: server.clone(), name: name.to_owned(), path });
        }
    };
    if words.is_empty() {
        for (server, name) in known.in_trouble(purpose) {
            add(&mut choice, server, &name, None);
        }
        return Ok(choice);
    }
    for text in words {
        let word = Word::of(text);
        if let Word::Name(name, path) = &word {
            match known.having(db, name).await?.as_slice() {
                [] => choice.unknown.push(text.clone()),
                [(server, _)] => add(&mut choice, server, name, path.clone()),
                several => return Err(ambiguous(name, several)),
            }
            continue;
        }
        let fitting: Vec<_> = known.in_trouble(purpose).into_iter().filter(|(_, name)| word.fits(name)).collect();
        if fitting.is_empty() {
            choice.unknown.push(text.clone());
        }
        let names: BTreeSet<&str> = fitting.iter().map(|(_, name)| name.as_str()).collect();
        // The file on disk is that of one server: nobody but the person knows of which.
        let on_disk_of_several = matches!(word, Word::Folder(_)) && names.len() < fitting.len();
        if let (true, Some(name)) = (on_disk_of_several, first_twice(&fitting)) {
            return Err(ambiguous(&name, &known.having(db, &name).await?));
        }
        for (server, name) in &fitting {
            add(&mut choice, server, name, word.path_of(name));
        }
    }
    Ok(choice)
}

fn first_twice(fitting: &[(&ServerRow, String)]) -> Option<String> {
    let mut names = BTreeSet::new();
    fitting.iter().map(|(_, name)| name).find(|name| !names.insert(name.as_str())).cloned()
}

impl Files {
    /// Files that a pattern or `--all` may mean, by server and name.
    fn in_trouble(&self, purpose: Purpose) -> Vec<(&ServerRow, String)> {
        let stored = self.stored.iter().map(|file| (file.server_id, &file.filename, &file.state));
        let left_out = self.left_out.iter().map(|file| (file.server_id, &file.filename, &file.state));
        let remote = self.remote.iter().map(|file| (file.server_id, &file.filename, &file.state));
        let taken = stored.chain(left_out).filter(|(_, _, state)| purpose.takes(state));
        // The watcher's files are not here to be set aside.
        let taken = taken.chain(remote.filter(|(_, _, state)| purpose == Purpose::Retry && purpose.takes(state)));
        let names: BTreeSet<(i32, String)> = taken.map(|(server, name, _)| (server, name.clone())).collect();
        let server = |id: i32| self.servers.iter().find(|one| one.id == id);
        names.into_iter().filter_map(|(id, name)| Some((server(id)?, name))).collect()
    }

    /// Servers that have a file of that name, and what it is there.
    async fn having(&self, db: &Db, name: &str) -> Result<Vec<(ServerRow, String)>, Stop> {
        let mut found: BTreeMap<i32, Vec<String>> = BTreeMap::new();
        for file in db.files_named(name).await? {
            found.entry(file.server_id).or_default().push(file.state);
        }
        for file in self.left_out.iter().filter(|file| file.filename == name) {
            found.entry(file.server_id).or_default().push(format!("left out ({})", file.kind));
        }
        for file in self.remote.iter().filter(|file| file.filename == name) {
            found.entry(file.server_id).or_default().push(format!("{} on the server", file.state));
        }
        let servers = self.servers.iter();
        Ok(servers.filter_map(|one| Some((one.clone(), found.get(&one.id)?.join(", ")))).collect())
    }

    /// Where a file of that name may be on this disk: where it was found, or where the watcher keeps it.
    fn place_of(&self, context: &Context, server: &ServerRow, name: &str) -> Option<PathBuf> {
        let mine = |file: &&LeftOutFileRow| file.server_id == server.id && file.filename == name;
        if let Some(file) = self.left_out.iter().find(mine) {
            return Some(PathBuf::from(&file.path));
        }
        let configured = context.settings.servers.iter().find(|one| one.name == server.name)?;
        Some(configured.stats_directory.join(name)).filter(|path| path.is_file())
    }
}

fn ambiguous(name: &str, several: &[(ServerRow, String)]) -> Stop {
    let mut list: Vec<String> =
        several.iter().take(SHOWN).map(|(server, state)| format!("  --server {}  {state}", server.name)).collect();
    if several.len() > SHOWN {
        list.push(format!("  and {} more", several.len() - SHOWN));
    }
    Stop::usage(format!(
        "{} have a file {name}: say which with --server\n{}",
        counted(several.len(), "server"),
        list.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_fit_names() {
        for (pattern, name, fits) in [
            ("2025-*", "2025-11-03-201500-supply-round-1.txt", true),
            ("*supply*", "2025-11-03-201500-supply-round-1.txt", true),
            ("*-round-?.txt", "2025-11-03-201500-supply-round-1.txt", true),
            ("*-round-?.txt", "2025-11-03-201500-supply-round-12.txt", false),
            ("2024-*", "2025-11-03-201500-supply-round-1.txt", false),
            ("*", "", true),
            ("?", "", false),
            ("\u{e4}*", "\u{e4}\u{f6}", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
