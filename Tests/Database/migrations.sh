#!/usr/bin/env bash
# Up, down, up: the same schema each time, and nothing of ours left in between. Step by step as well, so that each rollback
# undoes exactly its own migration.
set -uo pipefail
count=0
failed=0
ok() { count=$((count + 1)); if [ "$1" = 0 ]; then echo "ok $count - $2"; else failed=1; echo "not ok $count - $2"; fi; }
note() { sed 's/^/# /' <<<"$*"; }

ups=("$ROOT"/Migrations/2*.sql)
echo "TAP version 13"

for file in "${ups[@]}"; do
    [[ $(basename "$file") =~ ^[0-9]{14}_[a-z0-9_]+\.sql$ ]] && [ -s "$ROOT/Migrations/rollback/$(basename "$file")" ]
    ok $? "$(basename "$file") has a rollback"
done
[ "$(ls "$ROOT/Migrations/rollback" | wc -l)" = ${#ups[@]} ]
ok $? "there is no rollback without its migration"
! grep -nE '^\s*(BEGIN|COMMIT|ROLLBACK)\s*;|\bCONCURRENTLY\b|\bVACUUM\b' "${ups[@]}" "$ROOT"/Migrations/rollback/*.sql
ok $? "no migration ends the runner's transaction"

for kind in $KINDS; do
    url=$(cat "$SCRATCH/migrations-$kind.migrator")
    all=$(cat "$SCRATCH/migrations-$kind.url")
    dump() { pg_dump -s -d "$all" | grep -vE '^(\\(un)?restrict|-- Dumped)'; }
    apply() { psql -Xq -1 -v ON_ERROR_STOP=1 -d "$url" -f "$1" 2>&1 >/dev/null; }

    dump >"$SCRATCH/$kind.before"
    for file in "${ups[@]}"; do
        dump >"$SCRATCH/$kind.$(basename "$file").below"
        out=$(apply "$file"); ok $? "$kind: $(basename "$file") goes up"; [ -n "$out" ] && note "$out"
    done
    dump >"$SCRATCH/$kind.first"

    # Each one down and up again, from the last to the first.
    for ((i = ${#ups[@]} - 1; i >= 0; i--)); do
        file=${ups[i]}; base=$(basename "$file")
        above="$SCRATCH/$kind.first"
        [ $((i + 1)) -lt ${#ups[@]} ] && above="$SCRATCH/$kind.$(basename "${ups[i + 1]}").below"
        out=$(apply "$ROOT/Migrations/rollback/$base"); ok $? "$kind: $base goes down"; [ -n "$out" ] && note "$out"
        dump >"$SCRATCH/$kind.now"
        changes=$(diff "$SCRATCH/$kind.$base.below" "$SCRATCH/$kind.now"); ok $? "$kind: $base leaves nothing behind"
        [ -n "$changes" ] && note "$changes"
        apply "$file" >/dev/null
        dump >"$SCRATCH/$kind.again"
        changes=$(diff "$above" "$SCRATCH/$kind.again"); ok $? "$kind: $base comes back the same"
        [ -n "$changes" ] && note "$changes"
        apply "$ROOT/Migrations/rollback/$base" >/dev/null
    done
    dump >"$SCRATCH/$kind.empty"
    changes=$(diff "$SCRATCH/$kind.before" "$SCRATCH/$kind.empty"); ok $? "$kind: all down is as before"
    [ -n "$changes" ] && note "$changes"
    for file in "${ups[@]}"; do apply "$file" >/dev/null; done
    dump >"$SCRATCH/$kind.second"
    changes=$(diff "$SCRATCH/$kind.first" "$SCRATCH/$kind.second"); ok $? "$kind: up, down, up is the same schema"
    [ -n "$changes" ] && note "$changes"
    if [ $kind = supabase ]; then
        [ "$(psql -XqtA -d "$all" -c "SELECT count(*) FROM auth.users WHERE encrypted_password LIKE '\$2a%' AND is_active")" = 1 ]
        ok $? "supabase: its user is still there, and active"
    fi
done
echo "1..$count"
exit $failed
