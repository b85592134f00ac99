//! Diesel's query words with the asynchronous `RunQueryDsl`: having both in scope is ambiguous.

pub(crate) use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _,
};
pub(crate) use diesel_async::RunQueryDsl as _;
