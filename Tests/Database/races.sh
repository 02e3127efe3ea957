#!/usr/bin/env bash
# What two sessions at once must not achieve. The first waits inside its transaction until the second stands at the lock.
set -uo pipefail
url=$(cat "$SCRATCH/$(basename "$(dirname "$0")").url")
dir=$(mktemp -d "$SCRATCH/races.XXXXXX")
count=0 failed=0
ok() { count=$((count + 1)); if [ "$1" = "$2" ]; then echo "ok $count - $3"; else failed=1; echo "not ok $count - $3"; echo "# have: $1"; echo "# want: $2"; fi; }
query() { psql -XqtA -v ON_ERROR_STOP=1 -d "$url" -c "$1"; }

# session NAME: a psql that reads statements from a pipe; what it says is kept in $dir/NAME.
session() {
    mkfifo "$dir/$1.in"
    PGAPPNAME=race_$1_$$ psql -XqtA -v VERBOSITY=sqlstate -d "$url" <"$dir/$1.in" >"$dir/$1" 2>&1 &
    printf -v "pid_$1" %s $!
}
# Until the session waits for a lock; gives up after five seconds.
until_waiting() {
    for _ in $(seq 100); do
        [ "$(query "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'race_$1_$$' AND wait_event_type = 'Lock'")" = 1 ] && return
        sleep 0.05
    done
    echo "# session $1 never waited"
}

# race FIRST SECOND: the first does its part and waits; the second does its own and has to wait for the first.
race() {
    rm -f "$dir"/*
    session first; exec 8>"$dir/first.in"
    session second; exec 9>"$dir/second.in"
    echo "BEGIN; $1; SELECT 'ready';" >&8
    for _ in $(seq 100); do grep -q ready "$dir/first" && break; sleep 0.05; done
    echo "BEGIN; $2; COMMIT;" >&9
    until_waiting second
    echo "COMMIT;" >&8
    exec 8>&- 9>&-
    wait "$pid_first" "$pid_second"
    second=$(grep -oE 'ERROR:  [0-9A-Z]{5}' "$dir/second" | sort -u | tr '\n' ' ')
}

query "INSERT INTO org (id, name, slug) VALUES (test.id('race'), 'Race', 'race') ON CONFLICT DO NOTHING;
    INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('race'), test.id('user'), 'org_owner'), (test.id('race'), test.id('admin'), 'org_owner') ON CONFLICT DO NOTHING" >/dev/null

race "DELETE FROM org_members WHERE org_id = test.id('race') AND user_id = test.id('user')" \
    "DELETE FROM org_members WHERE org_id = test.id('race') AND user_id = test.id('admin')"
ok "$second" "ERROR:  VE001 " "two owners don't remove each other"
ok "$(query "SELECT count(*) FROM org_members WHERE org_id = test.id('race') AND role = 'org_owner'")" 1 "an owner is left"

query "UPDATE profiles SET global_role = 'platform_owner' WHERE user_id = test.id('platform')"
race "UPDATE profiles SET global_role = 'global_user' WHERE user_id = test.id('platform')" \
    "UPDATE profiles SET global_role = 'global_user' WHERE user_id = test.id('founder')"
ok "$second" "ERROR:  VE002 " "two platform owners don't demote each other"

race "INSERT INTO org_invites (org_id, email) VALUES (test.id('race'), 'twice@a.example')" \
    "INSERT INTO org_invites (org_id, email) VALUES (test.id('race'), 'TWICE@a.example')"
ok "$second" "ERROR:  23505 " "two invites at once are one"

query "DELETE FROM org_email_domains WHERE domain = 'race.example';
    INSERT INTO org_email_domains (org_id, domain) VALUES (test.id('race'), 'race.example'), (test.id('B'), 'race.example')"
race "UPDATE org_email_domains SET is_verified = true WHERE org_id = test.id('race') AND domain = 'race.example'" \
    "UPDATE org_email_domains SET is_verified = true WHERE org_id = test.id('B') AND domain = 'race.example'"
ok "$second" "ERROR:  23505 " "two orgs at once don't prove one domain"

# A first login by the statements of provisioning.sql: the second waits at the first lock and then sees what the first made.
login="SELECT pg_advisory_xact_lock(hashtextextended('vestibule:identity https://idp.example race', 0));
    SELECT pg_advisory_xact_lock(hashtextextended('vestibule:email race@a.example', 0));
    SELECT 'known ' || count(*) FROM external_identities WHERE issuer = 'https://idp.example' AND external_id = 'race'"
race "$login; INSERT INTO auth.users (id, email) VALUES (test.id('race user'), 'race@a.example');
      INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id) VALUES (test.id('race user'), 'okta', 'https://idp.example', 'race')" \
    "$login"
ok "$(grep -o 'known .' "$dir/first" "$dir/second" | sed 's/.*://' | tr '\n' ' ')" "known 0 known 1 " "the second of two first logins finds the user"

# The same in one statement would see the world as it was before it waited: locks stand in statements of their own.
query "DELETE FROM external_identities WHERE external_id = 'race'" >/dev/null
race "$login; INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id) VALUES (test.id('race user'), 'okta', 'https://idp.example', 'race')" \
    "WITH l AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('vestibule:identity https://idp.example race', 0))) SELECT 'known ' || (SELECT count(*) FROM external_identities WHERE external_id = 'race') FROM l"
ok "$(grep -o 'known .' "$dir/second")" "known 0" "a lock inside the statement that looks comes too late (why provisioning never does that)"

# A notice of a transaction that was still open when another reader looked is not missed by the next look.
query "DELETE FROM external_identities WHERE external_id = 'race'; DELETE FROM auth.users WHERE id = test.id('race user')" >/dev/null
rm -f "$dir"/*; session first; exec 8>"$dir/first.in"
echo "BEGIN; UPDATE org SET name = 'Open' WHERE id = test.id('race'); SELECT 'ready';" >&8
for _ in $(seq 100); do grep -q ready "$dir/first" && break; sleep 0.05; done
query "UPDATE org SET name = 'Later id, earlier commit' WHERE id = test.id('B')"
horizon=$(query "SELECT pg_snapshot_xmin(pg_current_snapshot())")
seen=$(query "SELECT count(*) FROM changes_since('$horizon') WHERE key = test.id('race')::text")
echo "COMMIT;" >&8; exec 8>&-; wait "$pid_first"
ok "$seen $(query "SELECT count(*) FROM changes_since('$horizon') WHERE key = test.id('race')::text")" "0 1" "a change that commits late is told to who looked before"

echo "1..$count"
exit $failed
