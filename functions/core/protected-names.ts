/**
 * Rebuild or check tables for hours, as a user or an application of that name; pg_repack holds its lock by a session that
 * is idle in transaction.
 */
const tools = ["pg_repack*", "pg_squeeze*", "pg_amcheck*", "gh-ost*", "pt-*", "mysqlsh*"] as const;

export const protectedUsers: readonly string[] = [
  "rdsadmin",
  "rdsrepladmin",
  "rds_superuser",
  "rdstopmgr",
  "rdsproxyadmin",
  "event_scheduler",
  "system user",
  // DMS and Debezium's MySQL connector give their sessions no name that is theirs; their users have one as a rule.
  "dms*",
  "aws_dms*",
  "debezium*",
  ...tools,
];

export const protectedApplications: readonly string[] = [
  "pg_dump",
  "pg_dumpall",
  "pg_restore",
  "pg_basebackup",
  "pg_receivewal",
  "pg_probackup*",
  // These name what they are at, or which part of them it is: "pgBackRest [backup]", "barman_receive_wal".
  "pgBackRest*",
  "barman*",
  "wal-g*",
  "mysqldump",
  "mysqlpump",
  "mariadb-dump",
  "xtrabackup",
  "mariabackup",
  "mariadb-backup",
  "mydumper",
  "pgcopydb*",
  // A snapshot for change data capture that is ended begins anew, hours back.
  "debezium*",
  ...tools,
];
