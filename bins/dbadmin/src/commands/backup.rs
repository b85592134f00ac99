//! `backup`, and the backup that other commands take first.

use std::path::{Path, PathBuf};

use fullhold_repository::{BackupFolder, SafetyBackup};
use fullhold_settings::Exit;
use serde_json::json;

use crate::context::{Context, Outcome, Stop, size};

/// Where to, and what happens to files that are there.
pub(crate) struct Wanted {
    /// A file of one's own choice.
    pub(crate) file: Option<PathBuf>,
    /// Whether it may replace one.
    pub(crate) overwrite: bool,
    /// How many backups stay in the folder.
    pub(crate) keep: Option<u32>,
    /// The folder.
    pub(crate) folder: Option<PathBuf>,
}

pub(crate) async fn run(context: &Context, wanted: Wanted) -> Outcome {
    let Wanted { file, overwrite, keep, folder } = wanted;
    let folder = BackupFolder::of(&context.settings.database.url, folder);
    // Of a backup that was killed: room for this one.
    let leftovers = folder.remove_leftovers()?;
    let file = file.unwrap_or_else(|| folder.file(context.now(), None));
    save(context, file.clone(), overwrite).await?;
    let bytes = std::fs::metadata(&file).map_or(0, |meta| i64::try_from(meta.len()).unwrap_or(i64::MAX));
    let removed = match keep {
        Some(keep) => folder.rotate(&file, keep as usize)?,
        None => Vec::new(),
    };
    let mut text = format!("saved to {} ({})\n", file.display(), size(bytes));
    for old in &removed {
        text.push_str(&format!("removed {}\n", old.display()));
    }
    for leftover in &leftovers {
        text.push_str(&format!("removed {}, which a killed backup had left\n", leftover.display()));
    }
    let json = json!({
        "file": file.display().to_string(),
        "size_bytes": bytes,
        "removed": shown(&removed),
        "leftovers_removed": shown(&leftovers),
    });
    context.show(&text, &json);
    Ok(Exit::Fine)
}

fn shown(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

async fn save(context: &Context, file: PathBuf, overwrite: bool) -> Result<(), Stop> {
    let config = context.config();
    let saving = tokio::task::spawn_blocking(move || fullhold_repository::backup(&config, &file, overwrite));
    saving.await.map_err(|e| Stop::failed(e.to_string()))??;
    Ok(())
}

/// The file of a backup that is taken before a command replaces something.
pub(crate) fn file_before(context: &Context, folder: Option<PathBuf>, command: &str) -> PathBuf {
    BackupFolder::of(&context.settings.database.url, folder).file(context.now(), Some(command))
}

/// Saves the database before a command replaces something, and says where at once: whatever happens then, the person
/// knows the file.
pub(crate) async fn save_before(context: &Context, folder: Option<PathBuf>, command: &str) -> Result<PathBuf, Stop> {
    let file = file_before(context, folder, command);
    save(context, file.clone(), false).await?;
    context.tell(&told(&file));
    Ok(file)
}

/// The same for what is replaced under the same lock that the backup is taken under.
pub(crate) fn safety(context: &Context, file: PathBuf) -> SafetyBackup {
    let json = context.json;
    let saved = move |file: &Path| crate::context::tell(json, &told(file));
    SafetyBackup { file, only_with_rows: false, saved: Box::new(saved) }
}

fn told(file: &Path) -> String {
    format!("backup: {}\n", file.display())
}
