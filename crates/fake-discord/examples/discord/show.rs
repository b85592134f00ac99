//! What a person sees, as HTML.

use std::fmt::Write as _;

use fullhold_fake_discord::{Channel, Person, Shown};
use serde_json::Value;

use crate::place::Place;

/// The messages of a channel, then a form, what is registered, and what was wrong.
pub(crate) fn view(place: &Place, person: &Person, channel: &Channel, form: Option<&Shown>) -> String {
    let mut html = String::new();
    for shown in channel.seen_by(person) {
        message(&mut html, &shown);
    }
    if let Some(modal) = form.and_then(Shown::modal) {
        form_html(&mut html, modal);
    }
    let commands: Vec<Value> = place.guild.commands().into_iter().chain(place.fake.commands()).collect();
    let line = |command: &Value| {
        let options = command["options"].as_array().cloned().unwrap_or_default();
        let options: Vec<String> = options.iter().map(|option| format!("{}:", text(&option["name"]))).collect();
        format!("/{} {}: {}", text(&command["name"]), options.join(" "), text(&command["description"]))
    };
    let commands: Vec<String> = commands.iter().map(line).map(|line| escaped(&line)).collect();
    let _fits =
        write!(html, "<details><summary>{} commands</summary>{}</details>", commands.len(), commands.join("<br>"));
    let violations: Vec<String> = place.fake.violations().iter().map(|violation| escaped(violation)).collect();
    if !violations.is_empty() {
        let _fits = write!(html, "<div class=wrong>violations:<br>{}</div>", violations.join("<br>"));
    }
    html
}

fn message(html: &mut String, shown: &Shown) {
    let private = if shown.is_private() { " <small>only you can see this</small>" } else { "" };
    let edited = if shown.is_edited() { " <small>(edited)</small>" } else { "" };
    let _fits =
        write!(html, "<div class=message data-id={}><b>{}</b>{private}{edited}", shown.id(), escaped(&shown.author()));
    if shown.is_thinking() {
        html.push_str("<p><i>is thinking…</i></p>");
    }
    let _fits = write!(html, "<p>{}</p>", marked(shown.content()));
    let files = shown.files();
    for embed in shown.embeds() {
        embed_html(html, embed);
    }
    for file in &files {
        let (url, alt) = (escaped(&file.url), escaped(&file.description));
        let is_picture = file.name.ends_with(".png");
        let _fits = if is_picture {
            write!(html, "<figure><img src=\"{url}\" alt=\"{alt}\"><figcaption>{alt}</figcaption></figure>")
        } else {
            write!(html, "<p><a href=\"{url}\">{}</a></p>", escaped(&file.name))
        };
    }
    for row in shown.components() {
        row_html(html, row);
    }
    for (emoji, count) in shown.reactions() {
        let _fits = write!(html, "<button data-what=react data-text=\"{0}\">{0} {count}</button>", escaped(&emoji));
    }
    html.push_str("</div>");
}

fn embed_html(html: &mut String, embed: &Value) {
    let colour = embed["color"].as_u64().unwrap_or(0x0020_2225);
    let _fits = write!(html, "<div class=embed style=\"border-color:#{colour:06x}\">");
    let _fits =
        write!(html, "<h4>{}</h4><p>{}</p>", marked(text(&embed["title"])), marked(text(&embed["description"])));
    html.push_str("<div class=fields>");
    for field in embed["fields"].as_array().into_iter().flatten() {
        let class = if field["inline"] == true { "inline" } else { "block" };
        let (name, value) = (marked(text(&field["name"])), marked(text(&field["value"])));
        let _fits = write!(html, "<div class={class}><b>{name}</b><br>{value}</div>");
    }
    let _fits = write!(html, "</div><small>{}</small></div>", escaped(text(&embed["footer"]["text"])));
}

fn row_html(html: &mut String, row: &Value) {
    html.push_str("<div class=row>");
    for component in row["components"].as_array().into_iter().flatten() {
        let disabled = if component["disabled"] == true { " disabled" } else { "" };
        if component["type"] == 3 {
            let _fits = write!(
                html,
                "<select data-what=select{disabled}><option>{}</option>",
                escaped(text(&component["placeholder"]))
            );
            for option in component["options"].as_array().into_iter().flatten() {
                let (value, label) = (escaped(text(&option["value"])), escaped(text(&option["label"])));
                let _fits = write!(html, "<option value=\"{value}\">{label}</option>");
            }
            html.push_str("</select>");
            continue;
        }
        let label = component["label"].as_str().unwrap_or_else(|| text(&component["emoji"]["name"]));
        let (id, label) = (escaped(text(&component["custom_id"])), escaped(label));
        let _fits = write!(html, "<button data-what=press data-text=\"{id}\"{disabled}>{label}</button>");
    }
    html.push_str("</div>");
}

fn form_html(html: &mut String, modal: &Value) {
    let _fits = write!(html, "<form class=modal><h3>{}</h3>", escaped(text(&modal["title"])));
    for part in modal["components"].as_array().into_iter().flatten() {
        let field = if part["type"] == 18 { &part["component"] } else { &part["components"][0] };
        let label = if part["type"] == 18 { &part["label"] } else { &field["label"] };
        let (id, value) = (escaped(text(&field["custom_id"])), escaped(text(&field["value"])));
        let _fits = write!(html, "<label>{} <input name=\"{id}\" value=\"{value}\"></label><br>", escaped(text(label)));
    }
    html.push_str("<button>send</button></form>");
}

/// Text with what of Discord's markdown is needed to read it: code blocks, bold, line ends.
fn marked(said: &str) -> String {
    let mut html = String::new();
    for (index, part) in escaped(said).split("```").enumerate() {
        if index % 2 == 1 {
            let _fits = write!(html, "<pre>{}</pre>", part.trim_start_matches('\n'));
            continue;
        }
        for (index, part) in part.split("**").enumerate() {
            let part = part.replace('\n', "<br>");
            let _fits = if index % 2 == 1 { write!(html, "<b>{part}</b>") } else { write!(html, "{part}") };
        }
    }
    html
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escaped(said: &str) -> String {
    said.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
