-- Is ?1 JSON?
SELECT json_valid(?1);
