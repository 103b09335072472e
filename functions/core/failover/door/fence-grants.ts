import type { Engine } from "../../contract/target.ts";

export interface FenceUser {
  readonly role: "probe" | "act";
  readonly user: string;
  /** As a GRANT names it. */
  readonly account: string;
}

/**
 * What fencing a primary from inside takes, beside what the user has for probes and actions. It is much, and only this
 * takes it: a quarantine security group fences as well, the door only sooner. PostgreSQL lets nobody but an owner close
 * a database; on MySQL and MariaDB nobody locks an account who may not alter every one.
 */
export function fenceGrants(engine: Engine, user: FenceUser): readonly string[] {
  switch (engine) {
    case "postgres":
      return user.role === "act" ? onPostgres(user.user) : [];
    case "mysql":
      return onMysql(
        user,
        "SELECT User AS user, Host AS host, account_locked = 'Y' AS locked FROM mysql.user",
      );
    case "mariadb":
      return onMysql(
        user,
        `SELECT User AS user, Host AS host, COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0) IN ('1', 'true') AS locked FROM mysql.global_priv WHERE COALESCE(JSON_VALUE(Priv, '$.is_role'), 0) NOT IN ('1', 'true')`,
      );
    default:
      return engine satisfies never;
  }
}

function onPostgres(user: string): readonly string[] {
  return [
    "-- For failovers. The owner of a database may drop it: leave this out where the security group fences alone.",
    `CREATE ROLE ${user}_owner NOLOGIN;`,
    `GRANT ${user}_owner TO CURRENT_USER, ${user};`,
    "DO $$ DECLARE name text; BEGIN",
    "  FOR name IN SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate",
    "    AND pg_has_role(datdba, 'USAGE') LOOP",
    `    EXECUTE format('ALTER DATABASE %I OWNER TO ${user}_owner', name);`,
    "  END LOOP;",
    "END $$;",
  ];
}

/** The view shows who is locked, and no password; the table holds whom the fence has locked. */
function onMysql({ role, account }: FenceUser, accounts: string): readonly string[] {
  const text = (length: number) => `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL`;
  return [
    "-- For failovers. CREATE USER may alter every account: leave this out where the security group fences alone.",
    "CREATE DATABASE IF NOT EXISTS rds_responder;",
    `CREATE OR REPLACE VIEW rds_responder.accounts AS ${accounts};`,
    `CREATE TABLE IF NOT EXISTS rds_responder.fenced (user ${text(128)}, host ${text(255)}, PRIMARY KEY (user, host));`,
    `GRANT SELECT ON rds_responder.* TO ${account};`,
    ...(role === "probe"
      ? []
      : [
          `GRANT INSERT, DELETE ON rds_responder.fenced TO ${account};`,
          `GRANT CREATE USER ON *.* TO ${account};`,
        ]),
  ];
}
