-- Empties the playlist.
DELETE FROM playlist;
DELETE FROM course;
