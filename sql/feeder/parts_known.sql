-- The matches of which the part of a document with the digest ?1 has told last.  No row: it is not known, or
-- something else was told about one of them since.
SELECT match_id FROM parts WHERE digest = ?1;
