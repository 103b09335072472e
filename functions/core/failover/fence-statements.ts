import type { Engine } from "../contract/target.ts";

/**
 * What fences a primary from inside, as far as RDS lets its master user. None of it is a wall: the security group is.
 * All of it lies in tables, so a candidate that replicates has it too, and is opened after its promotion.
 *
 * PostgreSQL: ALTER SYSTEM is refused to rds_superuser (facts/aws.md 5.3), default_transaction_read_only is a default
 * that a session may set off again, so a connection limit of 0 stands beside it, which nobody but a superuser passes;
 * the responder signs in to template1. All of it needs the database's owner (responder grants --failover).
 * https://www.postgresql.org/docs/current/sql-alterdatabase.html
 * MySQL and MariaDB: nobody has SUPER, read_only is a parameter (dynamic, {TrueIfReplica}) of a group that the
 * candidate may share, so accounts are locked instead; a locked account keeps its sessions until they are killed. Events
 * of the server go on under a locked definer: what they write no client was told of.
 * https://dev.mysql.com/doc/refman/8.4/en/account-locking.html
 */
export function fenceStatements(engine: Engine): readonly string[] {
  switch (engine) {
    case "postgres":
      return [
        "COMMENT ON DATABASE <each> IS '<what stood before>'",
        "ALTER DATABASE <each> SET default_transaction_read_only = on",
        "ALTER DATABASE <each> CONNECTION LIMIT 0",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND <not ours>",
      ];
    case "mysql":
      return [
        "INSERT INTO rds_responder.fenced VALUES (<each, not ours>)",
        "ALTER USER <each, not ours> ACCOUNT LOCK",
        "CALL mysql.rds_kill(<each session, not ours>)",
      ];
    case "mariadb":
      return [
        "INSERT INTO rds_responder.fenced VALUES (<each, not ours>)",
        "ALTER USER <each, not ours> ACCOUNT LOCK",
        "CALL mysql.rds_kill(<each session, not ours>)",
      ];
    default:
      return engine satisfies never;
  }
}

/** What opens the new primary, which has the fence from the old one's stream: as it stood before. */
export function unfenceStatements(engine: Engine): readonly string[] {
  switch (engine) {
    case "postgres":
      return [
        "ALTER DATABASE <each that is marked> SET default_transaction_read_only = <what stood before>",
        "ALTER DATABASE <each that is marked> CONNECTION LIMIT <what stood before>",
        "COMMENT ON DATABASE <each that is marked> IS '<what stood before>'",
      ];
    case "mysql":
    case "mariadb":
      return [
        "ALTER USER <each that the fence locked> ACCOUNT UNLOCK",
        "DELETE FROM rds_responder.fenced WHERE <each of them>",
      ];
    default:
      return engine satisfies never;
  }
}
