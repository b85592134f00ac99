-- The foreign key again.
DROP TRIGGER players_emptied ON player_comprehensive_stats;
DROP TRIGGER players_changed ON player_comprehensive_stats;
DROP TRIGGER players_removed ON player_comprehensive_stats;
DROP TRIGGER weapon_stats_changed ON weapon_stats;
DROP TRIGGER weapon_stats_added ON weapon_stats;
DROP FUNCTION players_are_not_emptied_alone();
DROP FUNCTION players_keep_keys();
DROP FUNCTION players_take_weapons();
DROP FUNCTION weapon_stats_have_players();
ALTER TABLE weapon_stats ADD CONSTRAINT weapon_stats_round_id_player_guid_fkey
    FOREIGN KEY (round_id, player_guid) REFERENCES player_comprehensive_stats (round_id, player_guid) ON DELETE CASCADE;
