//! A statement put together from constant texts and bound values, for both databases: where Diesel has no words, as
//! for sums of columns that are chosen when it runs. Nothing from outside ever becomes part of a text.

use std::marker::PhantomData;

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Integer, Text, Timestamp};
use time::PrimitiveDateTime;

/// A piece of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Sql(&'static str),
    Text(String),
    Integer(i32),
    BigInt(i64),
    Instant(PrimitiveDateTime),
}

/// A statement whose rows have the SQL types `ST`.
#[derive(Clone, Debug)]
pub(crate) struct Statement<ST> {
    pieces: Vec<Piece>,
    /// How many values there are differs from call to call: keeping it prepared would fill the cache.
    has_lists: bool,
    row: PhantomData<ST>,
}

impl<ST> Statement<ST> {
    pub(crate) fn new(sql: &'static str) -> Self {
        Self { pieces: vec![Piece::Sql(sql)], has_lists: false, row: PhantomData }
    }

    pub(crate) fn sql(&mut self, sql: &'static str) -> &mut Self {
        self.pieces.push(Piece::Sql(sql));
        self
    }

    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.pieces.push(Piece::Text(value.to_owned()));
        self
    }

    pub(crate) fn integer(&mut self, value: impl Into<i32>) -> &mut Self {
        self.pieces.push(Piece::Integer(value.into()));
        self
    }

    pub(crate) fn big(&mut self, value: i64) -> &mut Self {
        self.pieces.push(Piece::BigInt(value));
        self
    }

    pub(crate) fn instant(&mut self, value: PrimitiveDateTime) -> &mut Self {
        self.pieces.push(Piece::Instant(value));
        self
    }

    /// ` AND column IN (…)`; nothing for no values.
    pub(crate) fn and_text_in(&mut self, column: &'static str, values: &[String]) -> &mut Self {
        if !values.is_empty() {
            self.sql(" AND ").sql(column);
            let mut separator = " IN (";
            for value in values {
                self.sql(separator).text(value);
                separator = ", ";
            }
            self.sql(")");
            self.has_lists = true;
        }
        self
    }

    /// As [`Statement::and_text_in`].
    pub(crate) fn and_integer_in(&mut self, column: &'static str, values: &[impl Copy + Into<i32>]) -> &mut Self {
        if !values.is_empty() {
            self.sql(" AND ").sql(column);
            let mut separator = " IN (";
            for value in values {
                self.sql(separator).integer(*value);
                separator = ", ";
            }
            self.sql(")");
            self.has_lists = true;
        }
        self
    }

    /// The constant texts, without values.
    #[cfg(feature = "testing")]
    pub(crate) fn texts(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Sql(sql) => *sql,
            _ => " ? ",
        };
        self.pieces.iter().map(text).collect()
    }

    /// The same statement behind a word such as `EXPLAIN`, with rows of other types.
    #[cfg(feature = "testing")]
    pub(crate) fn behind<Other>(mut self, word: &'static str) -> Statement<Other> {
        self.pieces.insert(0, Piece::Sql(word));
        Statement { pieces: self.pieces, has_lists: self.has_lists, row: PhantomData }
    }
}

impl<ST> QueryId for Statement<ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST> Query for Statement<ST> {
    type SqlType = ST;
}

impl<ST, DB> QueryFragment<DB> for Statement<ST>
where
    DB: Backend + HasSqlType<Integer> + HasSqlType<BigInt> + HasSqlType<Text> + HasSqlType<Timestamp>,
    i32: ToSql<Integer, DB>,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
    PrimitiveDateTime: ToSql<Timestamp, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        if self.has_lists {
            out.unsafe_to_cache_prepared();
        }
        for piece in &self.pieces {
            match piece {
                Piece::Sql(sql) => out.push_sql(sql),
                Piece::Text(value) => out.push_bind_param::<Text, _>(value)?,
                Piece::Integer(value) => out.push_bind_param::<Integer, _>(value)?,
                Piece::BigInt(value) => out.push_bind_param::<BigInt, _>(value)?,
                Piece::Instant(value) => out.push_bind_param::<Timestamp, _>(value)?,
            }
        }
        Ok(())
    }
}

impl<ST, Conn> diesel::RunQueryDsl<Conn> for Statement<ST> {}
