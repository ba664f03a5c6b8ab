-- The players who were shown cards, red ones first.
--
--     sqlite3 -box DB < sql/report/cards.sql
SELECT player, team, yellow, second_yellow, red, competition, season FROM cards LIMIT 20;
