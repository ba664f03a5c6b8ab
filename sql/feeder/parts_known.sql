-- The matches of the part with the digest ?1.  No row: it is unknown, or another source has changed one of
-- them since.
SELECT match_id FROM parts WHERE digest = ?1;
