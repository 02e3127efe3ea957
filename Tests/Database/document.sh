#!/usr/bin/env bash
# docs/row-security.md says what who_may_what.sql proves, and names every SQLSTATE that the functions raise.
set -uo pipefail
doc=$ROOT/docs/row-security.md
proved=$(sed -nE "s/^ +\('([a-z_.]+)', '(select|insert|update|delete)', '([yn]{6})',$/\1 \2 \3/p" "$ROOT/Tests/Database/who_may_what.sql" | sort)
said=$(sed -nE 's/^\| ([a-z_.]+) \| (select|insert|update|delete) \| (yes|–) \| (yes|–) \| (yes|–) \| (yes|–) \| (yes|–) \| (yes|–) \|.*/\1 \2 \3\4\5\6\7\8/p' "$doc" |
    sed 's/yes/y/g; s/–/n/g' | sort)
echo 1..3
if [ -n "$said" ] && [ "$proved" = "$said" ]; then echo "ok 1 - each cell is proved"; else
    echo "not ok 1 - each cell is proved"; diff <(echo "$proved") <(echo "$said") | sed 's/^/# /'; fi
raised=$(psql -XqtA -d "$(cat "$SCRATCH/plain.url")" -c "SELECT DISTINCT m[1] FROM pg_proc p,
    regexp_matches(p.prosrc, '''(VE[0-9]{3})''', 'g') m WHERE p.pronamespace = 'public'::regnamespace ORDER BY 1")
named=$(grep -oE '^\| `VE[0-9]{3}`' "$doc" | grep -oE 'VE[0-9]{3}' | sort -u)
if [ "$raised" = "$named" ]; then echo "ok 2 - each SQLSTATE is named"; else echo "not ok 2 - each SQLSTATE is named"; fi
missing=$(grep -oE '`[a-z_]+_(key|pkey)`' "$doc" | tr -d '`' | sort -u | while read -r name; do
    grep -qE "\b$name\b" "$ROOT"/Migrations/*.sql || [ "$name" = platform_bootstrap_pkey ] || echo "$name"; done | grep -vx api_key)
if [ -z "$missing" ]; then echo "ok 3 - each constraint exists"; else echo "not ok 3 - each constraint exists: $missing"; fi
