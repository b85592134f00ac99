//! `backup`, and the backup that other commands take first.

use std::path::{Path, PathBuf};

use fullhold_settings::Exit;
use serde_json::json;

use crate::context::{Context, Outcome, Stop, size};

/// Names of backups begin so; what else is in the folder is never touched.
const PREFIX: &str = "fullhold-";

pub(crate) async fn run(
    context: &Context,
    file: Option<PathBuf>,
    keep: Option<u32>,
    folder: Option<PathBuf>,
) -> Outcome {
    let file = save(context, file, folder).await?;
    let bytes = std::fs::metadata(&file).map_or(0, |meta| i64::try_from(meta.len()).unwrap_or(i64::MAX));
    let removed = match keep {
        Some(keep) => rotate(&file, keep as usize)?,
        None => Vec::new(),
    };
    let mut text = format!("saved to {} ({})\n", file.display(), size(bytes));
    for old in &removed {
        text.push_str(&format!("removed {}\n", old.display()));
    }
    let removed: Vec<String> = removed.iter().map(|path| path.display().to_string()).collect();
    context.show(&text, &json!({ "file": file.display().to_string(), "size_bytes": bytes, "removed": removed }));
    Ok(Exit::Fine)
}

/// Saves the database; says where.
pub(crate) async fn save(context: &Context, file: Option<PathBuf>, folder: Option<PathBuf>) -> Result<PathBuf, Stop> {
    let file = file.unwrap_or_else(|| folder.unwrap_or_else(|| default_folder(context)).join(name(context)));
    let (config, target) = (context.config(), file.clone());
    let saving = tokio::task::spawn_blocking(move || fullhold_repository::backup(&config, &target));
    saving.await.map_err(|e| Stop::failed(e.to_string()))??;
    Ok(file)
}

fn sqlite_file(context: &Context) -> Option<&Path> {
    context.settings.database.url.sqlite_path()
}

fn default_folder(context: &Context) -> PathBuf {
    sqlite_file(context).and_then(Path::parent).unwrap_or(Path::new("")).join("backups")
}

/// To the millisecond, so that names sort by age and never meet.
fn name(context: &Context) -> String {
    let now = context.now();
    let ((year, month, day), (hour, minute, second, milli)) = (now.to_calendar_date(), now.as_hms_milli());
    let extension = if sqlite_file(context).is_some() { "db" } else { "dump" };
    format!("{PREFIX}{year:04}{:02}{day:02}-{hour:02}{minute:02}{second:02}-{milli:03}.{extension}", u8::from(month))
}

/// Removes all but the newest backups of this kind in the folder of this one.
fn rotate(newest: &Path, keep: usize) -> Result<Vec<PathBuf>, Stop> {
    let folder = newest.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let trouble = |e: std::io::Error| Stop::failed(format!("{}: {e}", folder.display()));
    let mut ours: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with(PREFIX) && path.extension() == newest.extension() {
            ours.push(path);
        }
    }
    ours.sort();
    let surplus = ours.len().saturating_sub(keep);
    ours.truncate(surplus);
    for old in &ours {
        std::fs::remove_file(old).map_err(|e| Stop::failed(format!("removing {}: {e}", old.display())))?;
    }
    Ok(ours)
}
