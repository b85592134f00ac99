-- Every weapon line belongs to a player's line, as before, but the promise is held for all rows of a statement at once.
-- Why: the foreign key looked at them one by one, which was most of the time of an import.

ALTER TABLE weapon_stats DROP CONSTRAINT weapon_stats_round_id_player_guid_fkey;

-- Joins go by the keys' indexes and not over whole tables, whatever the tables' statistics say: the rows of a statement
-- are few among all. The search path is that of the tables, so that nothing of the same name comes between.

-- Refuses weapon lines without a player's line. Lines that others could still remove are locked until this transaction
-- ends, as a foreign key locks them. Those that this transaction has written itself nobody else can see.
CREATE OR REPLACE FUNCTION weapon_stats_have_players() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_hashjoin = off
    SET enable_mergejoin = off
AS $$
DECLARE
    mine CONSTANT xid := pg_current_xact_id()::xid;
    wanted bigint;
    own bigint;
    locked bigint;
    stray record;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE p.xmin = mine) INTO wanted, own
    FROM (SELECT DISTINCT round_id, player_guid FROM new_rows) n
    LEFT JOIN player_comprehensive_stats p ON p.round_id = n.round_id AND p.player_guid = n.player_guid;
    IF own = wanted THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO locked FROM (
        SELECT FROM (SELECT DISTINCT round_id, player_guid FROM new_rows) n
        JOIN player_comprehensive_stats p ON p.round_id = n.round_id AND p.player_guid = n.player_guid
        WHERE p.xmin <> mine
        FOR KEY SHARE OF p
    ) l;
    IF own + locked = wanted THEN
        RETURN NULL;
    END IF;
    SELECT n.round_id, n.player_guid INTO stray FROM new_rows n
    WHERE NOT EXISTS (SELECT FROM player_comprehensive_stats p
        WHERE p.round_id = n.round_id AND p.player_guid = n.player_guid);
    RAISE EXCEPTION 'insert or update on table "weapon_stats" violates foreign key constraint "weapon_stats_have_players"'
        USING ERRCODE = 'foreign_key_violation', TABLE = 'weapon_stats', CONSTRAINT = 'weapon_stats_have_players',
        DETAIL = format('Key (round_id, player_guid)=(%s, %s) is not present in table "player_comprehensive_stats".',
            stray.round_id, stray.player_guid);
END $$;

-- Weapon lines go with their players' lines. What others stored while this statement waited for them is seen at READ
-- COMMITTED only, so that nothing else may remove players' lines.
CREATE OR REPLACE FUNCTION players_take_weapons() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET enable_seqscan = off
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM old_rows) THEN
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'rows of player_comprehensive_stats are removed at READ COMMITTED only'
            USING ERRCODE = 'feature_not_supported',
            HINT = 'Their weapon lines go with them, also those that others have stored meanwhile.';
    END IF;
    DELETE FROM weapon_stats w
    USING (SELECT round_id, array_agg(player_guid) AS guids FROM old_rows GROUP BY round_id) o
    WHERE w.round_id = o.round_id AND w.player_guid = ANY (o.guids);
    RETURN NULL;
END $$;

-- A player's line keeps its key while weapon lines belong to it.
CREATE OR REPLACE FUNCTION players_keep_keys() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT
    SET enable_seqscan = off
AS $$
DECLARE
    stray record;
BEGIN
    FOR stray IN SELECT round_id, player_guid FROM old_rows EXCEPT SELECT round_id, player_guid FROM new_rows LOOP
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'keys of player_comprehensive_stats change at READ COMMITTED only'
                USING ERRCODE = 'feature_not_supported';
        END IF;
        IF EXISTS (SELECT FROM weapon_stats w
            WHERE w.round_id = stray.round_id AND w.player_guid = stray.player_guid) THEN
            RAISE EXCEPTION 'update or delete on table "player_comprehensive_stats" violates foreign key constraint "weapon_stats_have_players" on table "weapon_stats"'
                USING ERRCODE = 'foreign_key_violation', TABLE = 'weapon_stats', CONSTRAINT = 'weapon_stats_have_players',
                DETAIL = format('Key (round_id, player_guid)=(%s, %s) is still referenced from table "weapon_stats".',
                    stray.round_id, stray.player_guid);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

-- TRUNCATE must name weapon_stats too; CASCADE does not reach it any more.
CREATE OR REPLACE FUNCTION players_are_not_emptied_alone() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT
AS $$
BEGIN
    IF EXISTS (SELECT FROM weapon_stats) OR current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'cannot truncate a table referenced in a foreign key constraint'
            USING ERRCODE = 'feature_not_supported',
            DETAIL = 'Table "weapon_stats" references "player_comprehensive_stats".',
            HINT = 'Truncate table "weapon_stats" at the same time.';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER weapon_stats_added AFTER INSERT ON weapon_stats REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION weapon_stats_have_players();
CREATE TRIGGER weapon_stats_changed AFTER UPDATE ON weapon_stats REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION weapon_stats_have_players();
CREATE TRIGGER players_removed AFTER DELETE ON player_comprehensive_stats REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION players_take_weapons();
CREATE TRIGGER players_changed AFTER UPDATE ON player_comprehensive_stats
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION players_keep_keys();
CREATE TRIGGER players_emptied AFTER TRUNCATE ON player_comprehensive_stats
    FOR EACH STATEMENT EXECUTE FUNCTION players_are_not_emptied_alone();
