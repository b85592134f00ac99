//! Embeds: lengths, the sum over a message, and pictures that are sent with it.

use serde_json::Value;

use super::{check_count, check_length, length, list};

/// Characters over all embeds of a message.
const TOTAL: usize = 6_000;

pub(super) fn check_embeds(findings: &mut Vec<String>, embeds: &[Value], files: &[&str]) {
    check_count(findings, "embeds", embeds.len(), 10);
    for (index, embed) in embeds.iter().enumerate() {
        check_embed(findings, &format!("embeds[{index}]"), embed, files);
    }
    let total: usize = embeds.iter().map(characters).sum();
    check_count(findings, "characters over all embeds", total, TOTAL);
}

fn check_embed(findings: &mut Vec<String>, at: &str, embed: &Value, files: &[&str]) {
    for (key, most) in [("title", 256), ("description", 4_096)] {
        check_length(findings, &format!("{at}.{key}"), &embed[key], 0, most);
    }
    check_length(findings, &format!("{at}.footer.text"), &embed["footer"]["text"], 0, 2_048);
    check_length(findings, &format!("{at}.author.name"), &embed["author"]["name"], 0, 256);
    let fields = list(&embed["fields"]);
    check_count(findings, &format!("{at}.fields"), fields.len(), 25);
    for (index, field) in fields.iter().enumerate() {
        check_length(findings, &format!("{at}.fields[{index}].name"), &field["name"], 1, 256);
        check_length(findings, &format!("{at}.fields[{index}].value"), &field["value"], 1, 1_024);
    }
    let has_text = ["title", "description"].iter().any(|key| length(&embed[*key]) > 0) || !fields.is_empty();
    let has_more = ["footer", "author", "image", "thumbnail", "timestamp"].iter().any(|key| !embed[*key].is_null());
    if !has_text && !has_more {
        findings.push(format!("{at} is empty"));
    }
    for place in ["image", "thumbnail", "footer", "author"] {
        let key = if matches!(place, "image" | "thumbnail") { "url" } else { "icon_url" };
        check_address(findings, &format!("{at}.{place}.{key}"), &embed[place][key], files);
    }
    if !embed["url"].is_null() && !is_web(&embed["url"]) {
        findings.push(format!("{at}.url is no address of the web"));
    }
}

/// An address is of the web, or of a file that is sent along.
fn check_address(findings: &mut Vec<String>, at: &str, url: &Value, files: &[&str]) {
    let Some(text) = url.as_str() else { return };
    match text.strip_prefix("attachment://") {
        Some(name) if files.contains(&name) => {}
        Some(name) => findings.push(format!("{at}: there is no file \"{name}\" in the message, only {files:?}")),
        None if is_web(url) => {}
        None => findings.push(format!("{at}: \"{text}\" is neither of the web nor a file of the message")),
    }
}

fn is_web(url: &Value) -> bool {
    url.as_str().is_some_and(|url| url.starts_with("https://") || url.starts_with("http://"))
}

fn characters(embed: &Value) -> usize {
    let fields = list(&embed["fields"]).iter().map(|field| length(&field["name"]) + length(&field["value"]));
    length(&embed["title"])
        + length(&embed["description"])
        + length(&embed["footer"]["text"])
        + length(&embed["author"]["name"])
        + fields.sum::<usize>()
}
