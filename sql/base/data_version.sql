-- Changes whenever another connection has committed; costs no look at a table.
PRAGMA data_version;
