-- Undoes everything since BEGIN.
ROLLBACK;
