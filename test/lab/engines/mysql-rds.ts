import { labPasswords } from "./lab-server.ts";

/**
 * What Amazon RDS adds to a fresh MySQL or MariaDB, one statement each, run as root.
 * Sources: the user guide's "Master user account privileges", "Role-based privilege model" and
 * "Ending a session or query" pages. The procedures' wording is ours, AWS does not publish its code.
 */
const staticPrivileges = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES",
  "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW",
  "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER",
].join(", ");

export function rdsMysql(version: string): string[] {
  const definers =
    Number.parseFloat(version) >= 8.2 ? "SET_ANY_DEFINER, ALLOW_NONEXISTENT_DEFINER" : "SET_USER_ID";
  const dynamic = `APPLICATION_PASSWORD_ADMIN, ROLE_ADMIN, XA_RECOVER_ADMIN, ${definers}`;
  return [
    ...awsUsers,
    "CREATE ROLE rds_superuser_role",
    `GRANT ${staticPrivileges}, CREATE ROLE, DROP ROLE ON *.* TO rds_superuser_role WITH GRANT OPTION`,
    `GRANT ${dynamic} ON *.* TO rds_superuser_role WITH GRANT OPTION`,
    `CREATE USER admin@'%' IDENTIFIED BY '${labPasswords.admin}' DEFAULT ROLE rds_superuser_role`,
    "GRANT rds_superuser_role TO admin@'%' WITH ADMIN OPTION",
    killProcedure("rds_kill", "KILL"),
    killProcedure("rds_kill_query", "KILL QUERY"),
    "CREATE DATABASE app",
    "DROP USER root@localhost",
  ];
}

export function rdsMariadb(): string[] {
  return [
    ...awsUsers,
    `CREATE USER admin@'%' IDENTIFIED BY '${labPasswords.admin}'`,
    // No SLAVE MONITOR: on RDS the master reads replica status through the procedure below.
    `GRANT ${staticPrivileges} ON *.* TO admin@'%' WITH GRANT OPTION`,
    killProcedure("rds_kill", "KILL"),
    killProcedure("rds_kill_query", "KILL QUERY"),
    `CREATE DEFINER=rdsadmin@localhost PROCEDURE mysql.rds_kill_query_id(IN query_number BIGINT)
     SQL SECURITY DEFINER READS SQL DATA KILL QUERY ID query_number`,
    `CREATE DEFINER=rdsadmin@localhost PROCEDURE mysql.rds_replica_status()
     SQL SECURITY DEFINER READS SQL DATA SHOW REPLICA STATUS`,
    "CREATE DATABASE app",
    "DROP DATABASE IF EXISTS test",
    // Bootstrap makes root for every name of this machine, and an anonymous user that would shadow admin@'%'.
    "DELETE FROM mysql.global_priv WHERE User IN ('', 'root')",
    "DELETE FROM mysql.db WHERE User = ''",
    "FLUSH PRIVILEGES",
  ];
}

export function startReplication(engine: "mysql" | "mariadb", primaryPort: number): string[] {
  const password = labPasswords.rdsrepladmin;
  if (engine === "mysql") {
    return [
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${primaryPort},
       SOURCE_USER='rdsrepladmin', SOURCE_PASSWORD='${password}', SOURCE_AUTO_POSITION=1,
       GET_SOURCE_PUBLIC_KEY=1, SOURCE_CONNECT_RETRY=1, SOURCE_RETRY_COUNT=86400`,
      "START REPLICA",
    ];
  }
  return [
    `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${primaryPort}, MASTER_USER='rdsrepladmin',
     MASTER_PASSWORD='${password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1`,
    "START SLAVE",
  ];
}

/** On RDS rdsadmin signs in over the socket; here 127.0.0.1 counts as localhost, as long as names are resolved. */
const awsUsers = [
  `CREATE USER rdsadmin@localhost IDENTIFIED BY '${labPasswords.rdsadmin}'`,
  "GRANT ALL PRIVILEGES ON *.* TO rdsadmin@localhost WITH GRANT OPTION",
  `CREATE USER rdsrepladmin@'%' IDENTIFIED BY '${labPasswords.rdsrepladmin}'`,
  "GRANT REPLICATION SLAVE ON *.* TO rdsrepladmin@'%'",
] as const;

function killProcedure(name: string, statement: "KILL" | "KILL QUERY"): string {
  return `CREATE DEFINER=rdsadmin@localhost PROCEDURE mysql.${name}(IN thread BIGINT) SQL SECURITY DEFINER READS SQL DATA
BEGIN
  DECLARE l_user VARCHAR(32);
  DECLARE l_host VARCHAR(255);
  SELECT user, host INTO l_user, l_host FROM information_schema.processlist WHERE id = thread;
  IF l_user = 'rdsadmin' AND l_host LIKE 'localhost%' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ERROR (RDS): CANNOT KILL RDSADMIN SESSION';
  ELSEIF l_user = 'rdsrepladmin' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'ERROR (RDS): CANNOT KILL RDSREPLADMIN SESSION';
  ELSE
    ${statement} thread;
  END IF;
END`;
}
