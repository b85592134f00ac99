-- Back to the first schema.
DROP TABLE server_status;
DROP TABLE remote_files;
