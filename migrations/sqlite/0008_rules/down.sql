DROP TABLE server_rules;
