import { labPasswords } from "./lab-server.ts";
import type { PostgresMajor } from "./postgres-binaries.ts";

/**
 * What Amazon RDS adds to a fresh cluster whose bootstrap superuser is `rdsadmin`, run in database postgres.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html
 * confirms the master's attributes; the exact grant list is an approximation.
 */
export function rdsRoles(major: PostgresMajor): string[] {
  return [
    ...["rds_superuser", "rds_replication", "rds_password", "rds_iam", "rds_ad"].map(
      (role) => `create role ${role} nologin`,
    ),
    "grant pg_monitor, pg_signal_backend, rds_replication, rds_password to rds_superuser with admin option",
    "grant pg_read_all_data, pg_write_all_data to rds_superuser with admin option",
    ...grantsSince(major),
    `create role rdsrepladmin login replication password '${labPasswords.rdsrepladmin}'`,
    `create role admin login createrole createdb password '${labPasswords.admin}' in role rds_superuser`,
    // Before 16 CREATEROLE alone lets a role administer any other; since then it takes the admin option.
    ...(major >= 16 ? ["grant rds_superuser to admin with admin option"] : []),
    "create database rdsadmin",
    "revoke connect on database rdsadmin from public",
    "create database app owner admin",
  ];
}

/** Run in database app: on RDS the master creates extensions through AWS's own hooks, which do not exist here. */
export const rdsAppDatabase = [
  "create extension pg_stat_statements",
  "create extension pgstattuple",
  "grant execute on function pg_stat_reset() to rds_superuser",
  `do $$
   declare reset regprocedure;
   begin
     for reset in select oid::regprocedure from pg_proc where proname = 'pg_stat_statements_reset' loop
       execute format('grant execute on function %s to rds_superuser', reset);
     end loop;
   end $$`,
] as const;

/** Settings an RDS parameter group shows; PostgreSQL keeps names with a dot as placeholders. */
export function rdsSettings(major: PostgresMajor): Record<string, string> {
  return {
    "rds.extensions": "pg_stat_statements,pgstattuple,pg_buffercache,pgrowlocks",
    "rds.force_ssl": "0",
    shared_preload_libraries: "pg_stat_statements",
    track_activity_query_size: "4096",
    max_prepared_transactions: "20",
    wal_keep_size: "256MB",
    ...(major >= 16 ? { reserved_connections: "2" } : {}),
  };
}

function grantsSince(major: PostgresMajor): string[] {
  const parameters =
    "log_min_duration_statement, track_functions, session_replication_role, log_lock_waits, deadlock_timeout";
  return [
    ...(major >= 15
      ? [
          "grant pg_checkpoint to rds_superuser with admin option",
          `grant set on parameter ${parameters} to rds_superuser`,
        ]
      : []),
    ...(major >= 16
      ? ["grant pg_use_reserved_connections, pg_create_subscription to rds_superuser with admin option"]
      : []),
    ...(major >= 17 ? ["grant pg_maintain to rds_superuser with admin option"] : []),
  ];
}
