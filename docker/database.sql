-- For compose.yaml: the database, which belongs to the role that migrates.
CREATE DATABASE vestibule OWNER vestibule_owner;
