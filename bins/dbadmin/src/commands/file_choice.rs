//! Which files a person means: names, patterns, paths of files and folders, on one server or all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fullhold_maintenance::{AskedFile, Purpose, Troubles};
use fullhold_repository::{Db, LeftOutFileRow, ServerRow};

use super::rounds;
use crate::context::{Context, Stop, counted};

/// Files named in a message.
const SHOWN: usize = 10;

/// Everything that is known of files that are not as they should be, of the servers that are asked for; all that are
/// imported, too, if asked.
pub(crate) async fn troubles(db: &Db, server: Option<&str>, imported: bool) -> Result<Troubles, Stop> {
    let wanted = rounds::server_id(db, server).await?;
    let mut servers = db.servers().await?;
    servers.retain(|one| wanted.is_none_or(|id| one.id == id));
    Ok(Troubles::read(db, servers, imported).await?)
}

/// Keeps files that fit one of the words; all if there is none.
pub(crate) fn retain(files: &mut Troubles, words: &[String]) {
    if words.is_empty() {
        return;
    }
    let words: Vec<Word> = words.iter().map(|word| Word::of(word)).collect();
    files.retain(|name| words.iter().any(|word| word.fits(name)));
}

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
    let known = troubles(db, server, false).await?;
    let mut choice = Choice::default();
    let mut seen = BTreeSet::new();
    let mut add = |choice: &mut Choice, server: &ServerRow, name: &str, path: Option<PathBuf>| {
        if seen.insert((server.id, name.to_owned())) {
            let path = path.or_else(|| place_of(&known, context, server, name));
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

/// Where a file of that name may be on this disk: where it was found, or where the watcher keeps it.
fn place_of(known: &Troubles, context: &Context, server: &ServerRow, name: &str) -> Option<PathBuf> {
    let mine = |file: &&LeftOutFileRow| file.server_id == server.id && file.filename == name;
    if let Some(file) = known.left_out.iter().find(mine) {
        return Some(PathBuf::from(&file.path));
    }
    let configured = context.settings.servers.iter().find(|one| one.name == server.name)?;
    Some(configured.stats_directory.join(name)).filter(|path| path.is_file())
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
