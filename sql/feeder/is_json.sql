-- Is ?1 JSON?  Is it an empty list of matches?
SELECT json_valid(?1), iif(json_valid(?1), json_type(?1, '$.matches') = 'array' AND json_array_length(?1, '$.matches') = 0, 0);
