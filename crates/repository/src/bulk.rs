//! Rows in bulk. One declaration of a row gives both fast paths: on PostgreSQL one statement per
//! batch with an array per column (`unnest` beside `unnest`, which goes row by row to the table; in
//! FROM all rows would first be put aside), on SQLite prepared multi-row inserts in one hop.

use diesel::QueryResult;
use diesel::SqliteConnection;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

use crate::Cell;
use crate::conn::Conn;

/// Rows per SQLite statement: enough to spread the cost of a statement, few enough that 64
/// columns stay far below its limit of 32,766 parameters.
const CHUNK: usize = 50;

/// A row that can be written in bulk.
pub(crate) trait BulkRow: Sized + Send + Sync + 'static {
    /// All rows of a batch, column by column.
    type Columns: QueryFragment<diesel::pg::Pg> + QueryId + Send + Sync + 'static;

    /// Columns in database order.
    const NAMES: &'static [&'static str];
    /// Everything before the values on SQLite.
    const INSERT: &'static str;
    /// What follows the values on SQLite: nothing, or `ON CONFLICT …`.
    const CONFLICT: &'static str;

    /// Pushes `(?, ?, …)`.
    fn bind<'b>(&'b self, out: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()>;

    /// Turns rows into columns.
    fn columns(rows: Vec<Self>) -> Self::Columns;

    /// The values in the order of [`BulkRow::NAMES`].
    fn cells(&self) -> Vec<Cell>;

    /// Columns in which this row, as stored, is not what was expected: name, stored, expected.
    fn differences(&self, expected: &Self) -> Vec<(&'static str, String, String)>;
}

/// A value as people read it.
pub(crate) fn shown(value: &Cell) -> String {
    match value {
        Cell::Null => "NULL".to_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => format!("{number:?}"),
        Cell::Text(text) => format!("{text:?}"),
        Cell::Boolean(value) => value.to_string(),
    }
}

/// Exact, for fractions too: both databases give back the very double that was stored.
pub(crate) fn differs<T: PartialEq>(stored: &T, expected: &T) -> bool {
    stored != expected
}

/// Writes all rows; nothing for none.
pub(crate) async fn insert<R: BulkRow>(conn: &mut Conn, rows: Vec<R>) -> QueryResult<()> {
    use diesel_async::RunQueryDsl as _;
    if rows.is_empty() {
        return Ok(());
    }
    match conn {
        Conn::Postgres(conn) => R::columns(rows).execute(&mut ***conn).await.map(drop),
        Conn::Sqlite(conn) => conn.spawn_blocking(move |c| insert_chunks(c, &rows)).await,
    }
}

fn insert_chunks<R: BulkRow>(conn: &mut SqliteConnection, rows: &[R]) -> QueryResult<()> {
    use diesel::RunQueryDsl as _;
    let (full, rest) = rows.as_chunks::<CHUNK>();
    for rows in full {
        Chunk(rows).execute(conn)?;
    }
    for row in rest {
        Chunk(std::array::from_ref(row)).execute(conn)?;
    }
    Ok(())
}

/// `N` rows in one statement. Its text depends on the type alone, so Diesel finds the prepared
/// statement by type and never builds the text again.
struct Chunk<'a, R, const N: usize>(&'a [R; N]);

impl<R: BulkRow, const N: usize> QueryId for Chunk<'_, R, N> {
    type QueryId = Chunk<'static, R, N>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<R: BulkRow, const N: usize> QueryFragment<Sqlite> for Chunk<'_, R, N> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(R::INSERT);
        for (i, row) in self.0.iter().enumerate() {
            out.push_sql(if i == 0 { "(" } else { ", (" });
            row.bind(&mut out)?;
            out.push_sql(")");
        }
        out.push_sql(R::CONFLICT);
        Ok(())
    }
}

impl<R, const N: usize> diesel::RunQueryDsl<SqliteConnection> for Chunk<'_, R, N> {}

/// Declares a row, its columns in database order with their SQL types, and both ways to write it.
///
/// `on conflict` takes the clause for PostgreSQL and for SQLite.
macro_rules! bulk_row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $row:ident / $columns:ident in $table:literal {
            $( $(#[$field_meta:meta])* $name:ident : $ty:ty => $sql:ty, )*
        }
        $(on conflict $pg_conflict:literal, $sqlite_conflict:literal)?
    ) => {
        $(#[$meta])*
        $vis struct $row {
            $( $(#[$field_meta])* pub $name: $ty, )*
        }

        #[derive(diesel::query_builder::QueryId)]
        pub(crate) struct $columns {
            $( $name: Vec<$ty>, )*
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $columns {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                out.push_sql(concat!("INSERT INTO ", $table, " ("));
                out.push_sql($crate::bulk::column_list(&[$(stringify!($name)),*]).as_str());
                out.push_sql(") SELECT ");
                let mut separator = "";
                $(
                    out.push_sql(separator);
                    out.push_sql("unnest(");
                    out.push_bind_param::<diesel::sql_types::Array<$sql>, Vec<$ty>>(&self.$name)?;
                    out.push_sql(")");
                    separator = ", ";
                )*
                out.push_sql(separator.get(..0).unwrap_or_default());
                $( out.push_sql($pg_conflict); )?
                Ok(())
            }
        }

        impl $crate::bulk::BulkRow for $row {
            type Columns = $columns;

            const NAMES: &'static [&'static str] = &[$( $crate::bulk::column_name(stringify!($name)) ),*];
            const INSERT: &'static str = concat!("INSERT INTO ", $table, " VALUES ");
            const CONFLICT: &'static str = concat!("" $(, $sqlite_conflict)?);

            fn bind<'b>(
                &'b self,
                out: &mut diesel::query_builder::AstPass<'_, 'b, diesel::sqlite::Sqlite>,
            ) -> diesel::QueryResult<()> {
                let mut separator = "";
                $(
                    out.push_sql(separator);
                    out.push_bind_param::<$sql, $ty>(&self.$name)?;
                    separator = ", ";
                )*
                out.push_sql(separator.get(..0).unwrap_or_default());
                Ok(())
            }

            fn columns(rows: Vec<Self>) -> $columns {
                let mut columns = $columns { $( $name: Vec::with_capacity(rows.len()), )* };
                for row in rows {
                    $( columns.$name.push(row.$name); )*
                }
                columns
            }

            fn cells(&self) -> Vec<$crate::Cell> {
                vec![$( $crate::cell::IntoCell::cell(&self.$name) ),*]
            }

            fn differences(&self, expected: &Self) -> Vec<(&'static str, String, String)> {
                let mut found = Vec::new();
                $(
                    if $crate::bulk::differs(&self.$name, &expected.$name) {
                        use $crate::cell::IntoCell as _;
                        let texts =
                            ($crate::bulk::shown(&self.$name.cell()), $crate::bulk::shown(&expected.$name.cell()));
                        found.push((stringify!($name), texts.0, texts.1));
                    }
                )*
                found
            }
        }
    };
}
pub(crate) use bulk_row;

/// Column names, quoted.
pub(crate) fn column_list(names: &[&'static str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", column_name(name))).collect();
    quoted.join(", ")
}

/// The column behind a Rust name that had to differ from it.
pub(crate) const fn column_name(name: &'static str) -> &'static str {
    // `check` is a word of SQL and of Diesel.
    if matches!(name.as_bytes(), b"check_id") { "check" } else { name }
}
