-- The same where the tables' owner may step aside of triggers; and it doesn't where a module has added one.
\set steps_aside 1
\ir imports.sql
