-- Changes whenever another connection commits; reads no table.
PRAGMA data_version;
