//! The tables and views as Diesel sees them; one definition serves both databases.

diesel::table! {
    servers (id) {
        id -> Integer,
        name -> Text,
        timezone -> Text,
    }
}

diesel::table! {
    processed_files (id) {
        id -> Integer,
        server_id -> Integer,
        filename -> Text,
        kind -> Text,
        sha256 -> Text,
        size_bytes -> Integer,
        mtime -> Nullable<Timestamp>,
        content -> Nullable<Binary>,
        state -> Text,
        attempts -> Integer,
        success -> Bool,
        error_message -> Nullable<Text>,
        parser_version -> Integer,
        first_seen_at -> Timestamp,
        processed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    gaming_sessions (id) {
        id -> Integer,
        server_id -> Integer,
        session_key -> Text,
        started_at -> Timestamp,
        ended_at -> Timestamp,
        rounds -> Integer,
        valid_rounds -> Integer,
        matches -> Integer,
        players -> Integer,
        score_a -> Integer,
        score_b -> Integer,
        team_confidence -> Text,
        mvp_guid -> Nullable<Text>,
    }
}

diesel::table! {
    rounds (id) {
        id -> Integer,
        server_id -> Integer,
        file_id -> Integer,
        server_stamp -> Text,
        round_date -> Text,
        round_time -> Text,
        ended_at -> Timestamp,
        match_id -> Text,
        map_name -> Text,
        config_name -> Text,
        round_number -> Integer,
        gaming_session_id -> Integer,
        defender_team -> Integer,
        winner_team -> Nullable<Integer>,
        round_outcome -> Text,
        time_limit_seconds -> Integer,
        next_time_limit_seconds -> Integer,
        actual_time_seconds -> Nullable<Integer>,
        duration_source -> Text,
        match_state -> Text,
        round_status -> Text,
        is_valid -> Bool,
        invalid_reasons -> Text,
        mvp_guid -> Nullable<Text>,
        player_count -> Integer,
        created_at -> Timestamp,
        source -> Text,
    }
}

diesel::table! {
    player_comprehensive_stats (round_id, player_guid) {
        round_id -> Integer,
        player_guid -> Text,
        player_name -> Text,
        clean_name -> Text,
        is_bot -> Bool,
        team -> Integer,
        differential_class -> Text,
        kills -> Integer,
        deaths -> Integer,
        headshots -> Integer,
        headshot_kills -> Nullable<Integer>,
        shots -> Integer,
        hits -> Integer,
        accuracy -> Double,
        kd_ratio -> Double,
        efficiency -> Double,
        dpm -> Double,
        damage_given -> Integer,
        damage_received -> Integer,
        team_damage_given -> Integer,
        team_damage_received -> Integer,
        gibs -> Integer,
        self_kills -> Integer,
        team_kills -> Integer,
        team_gibs -> Integer,
        time_played_seconds -> Integer,
        time_played_minutes -> Double,
        alive_seconds -> Nullable<Double>,
        time_dead_seconds -> Nullable<Double>,
        time_dead_ratio -> Nullable<Double>,
        time_dead_minutes -> Nullable<Double>,
        xp -> Nullable<Integer>,
        killing_spree_best -> Nullable<Integer>,
        death_spree_worst -> Nullable<Integer>,
        kill_assists -> Nullable<Integer>,
        kill_steals -> Nullable<Integer>,
        objectives_stolen -> Nullable<Integer>,
        objectives_returned -> Nullable<Integer>,
        dynamites_planted -> Nullable<Integer>,
        dynamites_defused -> Nullable<Integer>,
        times_revived -> Nullable<Integer>,
        revives_given -> Nullable<Integer>,
        bullets_fired -> Integer,
        tank_meatshield -> Double,
        most_useful_kills -> Nullable<Integer>,
        useless_kills -> Nullable<Integer>,
        denied_playtime -> Nullable<Integer>,
        double_kills -> Nullable<Integer>,
        triple_kills -> Nullable<Integer>,
        quad_kills -> Nullable<Integer>,
        multi_kills -> Nullable<Integer>,
        mega_kills -> Nullable<Integer>,
        full_selfkills -> Nullable<Integer>,
        constructions -> Nullable<Integer>,
        aimed_hits -> Nullable<Integer>,
        aimed_shots -> Nullable<Integer>,
        aimed_head_hits -> Nullable<Integer>,
    }
}

diesel::table! {
    weapon_stats (round_id, weapon_name, player_guid) {
        round_id -> Integer,
        player_guid -> Text,
        weapon_name -> Text,
        kills -> Integer,
        deaths -> Integer,
        headshots -> Integer,
        hits -> Integer,
        shots -> Integer,
        accuracy -> Double,
    }
}

diesel::table! {
    matches (server_id, match_id) {
        server_id -> Integer,
        match_id -> Text,
        map_name -> Text,
        gaming_session_id -> Integer,
        r1_round_id -> Nullable<Integer>,
        r2_round_id -> Nullable<Integer>,
        match_state -> Text,
        points_r1_attackers -> Nullable<Integer>,
        points_r2_attackers -> Nullable<Integer>,
        team_a_r1_side -> Nullable<Integer>,
        points_a -> Nullable<Integer>,
        points_b -> Nullable<Integer>,
        undecided_reason -> Nullable<Text>,
    }
}

diesel::table! {
    session_teams (session_id, player_guid, source) {
        session_id -> Integer,
        player_guid -> Text,
        team -> Text,
        source -> Text,
        team_name -> Nullable<Text>,
    }
}

diesel::table! {
    players (guid) {
        guid -> Text,
        canonical_guid -> Text,
        display_name -> Text,
        chosen_name -> Nullable<Text>,
        privacy -> Text,
        is_bot -> Bool,
        first_seen -> Timestamp,
        last_seen -> Timestamp,
        anonymous_number -> Nullable<Integer>,
        erased -> Bool,
    }
}

diesel::table! {
    player_aliases (guid, alias) {
        guid -> Text,
        alias -> Text,
        times_seen -> Integer,
        first_seen -> Timestamp,
        last_seen -> Timestamp,
    }
}

diesel::table! {
    reference_aliases (guid, alias) {
        guid -> Text,
        alias -> Text,
        times_seen -> Integer,
        first_seen -> Timestamp,
        last_seen -> Timestamp,
    }
}

diesel::table! {
    player_links (discord_user_id) {
        discord_user_id -> BigInt,
        player_guid -> Text,
        linked_at -> Timestamp,
        proof -> Text,
    }
}

diesel::table! {
    validation_findings (round_id, number) {
        round_id -> Integer,
        number -> Integer,
        #[sql_name = "check"]
        check_id -> Text,
        severity -> Text,
        player_guid -> Nullable<Text>,
        message -> Text,
        expected -> Text,
        found -> Text,
    }
}

diesel::table! {
    round_overrides (server_id, server_stamp, map_name, round_number) {
        server_id -> Integer,
        server_stamp -> Text,
        map_name -> Text,
        round_number -> Integer,
        verdict -> Text,
        reason -> Text,
        decided_by -> Text,
        decided_at -> Timestamp,
    }
}

diesel::table! {
    manual_teams (server_id, server_stamp, map_name, round_number, player_guid) {
        server_id -> Integer,
        server_stamp -> Text,
        map_name -> Text,
        round_number -> Integer,
        player_guid -> Text,
        team -> Text,
        team_name -> Nullable<Text>,
        decided_by -> Text,
        decided_at -> Timestamp,
    }
}

diesel::table! {
    server_rules (server_id) {
        server_id -> Integer,
        match_window_seconds -> Integer,
        session_gap_seconds -> Integer,
        restart_window_seconds -> Integer,
        day_start -> Nullable<Text>,
        excluded_maps -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    left_out_files (server_id, filename) {
        server_id -> Integer,
        filename -> Text,
        path -> Text,
        kind -> Text,
        sha256 -> Nullable<Text>,
        reason -> Text,
        state -> Text,
        ignored_reason -> Nullable<Text>,
        first_seen_at -> Timestamp,
        last_seen_at -> Timestamp,
    }
}

diesel::table! {
    outbox (id) {
        id -> Integer,
        kind -> Text,
        subject -> Text,
        channel_id -> BigInt,
        payload -> Text,
        state -> Text,
        attempts -> Integer,
        leased_until -> Nullable<Timestamp>,
        message_id -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    audit_log (id) {
        id -> Integer,
        happened_at -> Timestamp,
        actor -> Text,
        action -> Text,
        detail -> Text,
        result -> Text,
        server_id -> Nullable<Integer>,
    }
}

diesel::table! {
    guild_settings (guild_id, key) {
        guild_id -> BigInt,
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    remote_files (server_id, filename) {
        server_id -> Integer,
        filename -> Text,
        size_bytes -> BigInt,
        mtime -> BigInt,
        mode -> Integer,
        state -> Text,
        attempts -> Integer,
        reason -> Nullable<Text>,
        first_seen_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    server_status (server_id) {
        server_id -> Integer,
        last_look_at -> Nullable<Timestamp>,
        last_error_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        failures -> Integer,
        newest_file -> Nullable<Text>,
        newest_at -> Nullable<Timestamp>,
        newest_imported -> Bool,
        files -> Integer,
        waiting -> Integer,
        failed -> Integer,
        left_alone -> Integer,
        dead -> Integer,
        caught_up_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    /// View: the rounds every statistic is computed from.
    valid_rounds (id) {
        id -> Integer,
        server_id -> Integer,
        file_id -> Integer,
        server_stamp -> Text,
        round_date -> Text,
        round_time -> Text,
        ended_at -> Timestamp,
        match_id -> Text,
        map_name -> Text,
        config_name -> Text,
        round_number -> Integer,
        gaming_session_id -> Integer,
        defender_team -> Integer,
        winner_team -> Nullable<Integer>,
        round_outcome -> Text,
        time_limit_seconds -> Integer,
        next_time_limit_seconds -> Integer,
        actual_time_seconds -> Nullable<Integer>,
        duration_source -> Text,
        match_state -> Text,
        round_status -> Text,
        is_valid -> Bool,
        invalid_reasons -> Text,
        mvp_guid -> Nullable<Text>,
        player_count -> Integer,
        created_at -> Timestamp,
    }
}

diesel::table! {
    database_state (id) {
        id -> Integer,
        epoch -> Text,
        head -> BigInt,
        last_file -> Integer,
        last_round -> Integer,
        last_session -> Integer,
        last_server -> Integer,
    }
}

diesel::table! {
    changes (sequence) {
        sequence -> BigInt,
        kind -> Text,
        server_id -> Nullable<Integer>,
        session_key -> Nullable<Text>,
        match_id -> Nullable<Text>,
        round -> Nullable<Text>,
        player_guid -> Nullable<Text>,
        changed_at -> Timestamp,
    }
}

pub(crate) use crate::schema_totals::{
    achievements, announced_achievements, counted_lines, counted_results, player_map_totals, player_season_totals,
    player_session_totals, player_weapon_totals, rated_matches, ratings, session_records,
};

diesel::allow_tables_to_appear_in_same_query!(
    servers,
    processed_files,
    gaming_sessions,
    rounds,
    player_comprehensive_stats,
    weapon_stats,
    matches,
    session_teams,
    players,
    player_aliases,
    reference_aliases,
    player_links,
    validation_findings,
    round_overrides,
    manual_teams,
    server_rules,
    left_out_files,
    outbox,
    audit_log,
    ratings,
    rated_matches,
    achievements,
    announced_achievements,
    counted_lines,
    counted_results,
    guild_settings,
    remote_files,
    server_status,
    valid_rounds,
    player_session_totals,
    player_map_totals,
    player_weapon_totals,
    player_season_totals,
    session_records,
    database_state,
    changes,
);
