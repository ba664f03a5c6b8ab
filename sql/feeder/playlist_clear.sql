-- Empties the playlist.
DELETE FROM playlist;
DELETE FROM course;
DELETE FROM part;
