//! `export`.

use std::io::Write as _;

use fullhold_repository::{Cell, Export};
use fullhold_settings::Exit;
use serde_json::{Map, Value};

use crate::args::{ExportArg, Format};
use crate::context::{Context, Outcome, Stop};

pub(crate) async fn run(
    context: &Context,
    what: ExportArg,
    format: Format,
    from: Option<String>,
    to: Option<String>,
) -> Outcome {
    if let (Some(from), Some(to)) = (&from, &to)
        && from > to
    {
        return Err(Stop::usage(format!("--from {from} is after --to {to}")));
    }
    let what = match what {
        ExportArg::Rounds => Export::Rounds,
        ExportArg::Players => Export::Players,
        ExportArg::Weapons => Export::Weapons,
        ExportArg::Sessions => Export::Sessions,
        ExportArg::Aliases => Export::Aliases,
    };
    let db = context.open().await?;
    let columns = what.columns();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut gone = false;
    let mut write = |line: String| {
        // `dbadmin export … | head`: nobody reads any more, which is no failure.
        gone = gone || writeln!(out, "{line}").is_err();
    };
    // `--json` asks for what scripts read: an object per line.
    let json = context.json || matches!(format, Format::Jsonl);
    if !json {
        let header: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        write(header.join(","));
    }
    db.export::<Stop>(what, from.as_deref(), to.as_deref(), |cells| {
        write(if json { object(&columns, cells) } else { csv(&cells) });
        Ok(())
    })
    .await?;
    drop(out.flush());
    Ok(Exit::Fine)
}

fn object(columns: &[&str], cells: Vec<Cell>) -> String {
    let map: Map<String, Value> =
        columns.iter().map(|name| (*name).to_owned()).zip(cells.into_iter().map(value)).collect();
    Value::Object(map).to_string()
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(n) => Value::from(n),
        Cell::Real(n) => Value::from(n),
        Cell::Text(text) => Value::from(text),
        Cell::Boolean(yes) => Value::from(yes),
    }
}

/// RFC 4180: quoted where it must be, quotes doubled.
fn csv(cells: &[Cell]) -> String {
    let texts: Vec<String> = cells
        .iter()
        .map(|cell| match cell {
            Cell::Null => String::new(),
            Cell::Integer(n) => n.to_string(),
            Cell::Real(n) => n.to_string(),
            Cell::Boolean(yes) => yes.to_string(),
            Cell::Text(text) if text.contains([',', '"', '\n', '\r']) => format!("\"{}\"", text.replace('"', "\"\"")),
            Cell::Text(text) => text.clone(),
        })
        .collect();
    texts.join(",")
}
