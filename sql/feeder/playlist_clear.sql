-- Empties the playlist.
DELETE FROM playlist;
