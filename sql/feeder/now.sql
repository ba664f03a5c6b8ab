-- The current time, as created_at has it by default.
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now');
