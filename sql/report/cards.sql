-- Who was shown cards, the red ones first.
--
--     sqlite3 -box DB < sql/report/cards.sql
SELECT * FROM cards LIMIT 20;
