import type { Engine } from "../../contract/target.ts";

const mysql = [
  "GRANT PROCESS ON *.* TO {user}",
  "GRANT SELECT ON performance_schema.* TO {user}",
  "GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO {user}",
  "GRANT EXECUTE ON PROCEDURE mysql.rds_kill_query TO {user}",
] as const;

/** pg_signal_backend cannot signal superusers, which is wanted; pg_monitor shows other users' statements. */
export const signalGrants: Readonly<Record<Engine, readonly string[]>> = {
  postgres: ["GRANT pg_monitor, pg_signal_backend TO {user}"],
  mysql,
  mariadb: [...mysql, "GRANT EXECUTE ON PROCEDURE mysql.rds_kill_query_id TO {user}"],
};
