import type { Engine } from "../../contract/target.ts";

/**
 * What the acting user needs to fence a primary from inside, beside what it has for actions. It is much, and only this
 * takes it: whoever has a security group for the quarantine is fenced by that as well, and by the door only sooner.
 * PostgreSQL lets nobody but an owner close a database; MySQL and MariaDB nobody lock an account who may not alter each.
 */
export function fenceGrants(engine: Engine, user: string, to: string): readonly string[] {
  switch (engine) {
    case "postgres":
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
    case "mysql":
    case "mariadb":
      return [
        "-- For failovers. It may alter every account: leave this out where the security group fences alone.",
        `GRANT CREATE USER ON *.* TO ${to};`,
        ...(engine === "mysql"
          ? [`GRANT SELECT ON mysql.user TO ${to};`]
          : [`GRANT SELECT ON mysql.global_priv TO ${to};`]),
        `GRANT CREATE, SELECT, INSERT, DELETE ON rds_responder.* TO ${to};`,
      ];
    default:
      return engine satisfies never;
  }
}
