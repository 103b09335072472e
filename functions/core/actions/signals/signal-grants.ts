import type { Engine } from "../../contract/target.ts";

/** The columns that tell an administrator, and not the one with the password's hash. */
const users = "GRANT SELECT (User, Super_priv, Create_user_priv) ON mysql.user TO {user}";

const both = [
  "GRANT PROCESS ON *.* TO {user}",
  "GRANT SELECT ON performance_schema.* TO {user}",
  "GRANT EXECUTE ON PROCEDURE mysql.rds_kill TO {user}",
  "GRANT EXECUTE ON PROCEDURE mysql.rds_kill_query TO {user}",
] as const;

/** pg_signal_backend cannot signal superusers, which is wanted; pg_monitor shows other users' statements. */
const onPostgres = ["GRANT pg_monitor, pg_signal_backend TO {user}"] as const;

/** Written out, because the bundler keeps an action that is made by spreading. */
export const postgresSignalGrants: Readonly<Record<Engine, readonly string[]>> = {
  postgres: onPostgres,
  mysql: [],
  mariadb: [],
};

export const signalGrants: Readonly<Record<Engine, readonly string[]>> = {
  postgres: onPostgres,
  mysql: [
    ...both,
    users,
    "GRANT SELECT ON mysql.role_edges TO {user}",
    "GRANT SELECT ON mysql.global_grants TO {user}",
  ],
  mariadb: [
    ...both,
    users,
    "GRANT SELECT ON mysql.roles_mapping TO {user}",
    "GRANT EXECUTE ON PROCEDURE mysql.rds_kill_query_id TO {user}",
  ],
};
