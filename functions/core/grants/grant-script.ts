import { databaseActions } from "../actions/index.ts";
import type { Engine } from "../contract/target.ts";
import { probes } from "../probes/index.ts";
import { defaultSettings } from "../settings.ts";

export interface GrantRequest {
  readonly engine: Engine;
  /** "probe" only looks; "act" may also end sessions. */
  readonly role: "probe" | "act";
  readonly auth: "iam" | "password";
  /** Letters, digits and underscores; the settings' default name when absent. */
  readonly user?: string;
}

/**
 * The script that gives a database user exactly what the catalogue needs, and no more. Run it once per server as
 * the master user. What it grants follows from the `needs` of the probes and the `grants` of the actions.
 */
export function grantScript(request: GrantRequest): string {
  const { engine, role } = request;
  const { probeUser, actUser } = defaultSettings.database;
  const user = request.user ?? (role === "probe" ? probeUser : actUser);
  const lines = [
    `-- rds-responder: ${user}, ${role === "probe" ? "looks only" : "looks, and may end sessions"}`,
    ...createUser(request, user),
    ...grantsFor(engine, role).flatMap((grant) =>
      withNote(grant.replaceAll("{user}", account(engine, user))),
    ),
    ...(engine === "postgres" ? reservedSlot(user) : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Acting users look as well, but only at what an action reads again just before it acts: the immediate tier. */
function grantsFor(engine: Engine, role: GrantRequest["role"]): readonly string[] {
  const looking = probes
    .filter((probe) => probe.engines.some((one) => one === engine))
    .filter((probe) => role === "probe" || probe.tier === "immediate")
    .flatMap((probe) => probe.needs)
    .filter((need) => need.kind === "grant")
    .map((need) => need.enable);
  const acting = role === "probe" ? [] : databaseActions.flatMap((action) => action.grants[engine]);
  return [...new Set([...looking, ...acting])];
}

/** Reading rows is more than a monitor is usually given, and whoever runs the script should know what it is for. */
function withNote(grant: string): readonly string[] {
  const note =
    "-- May be left out: then plans of statements, bloat of indexes and orphaned rows are not seen.";
  return grant.includes("pg_read_all_data") ? [note, `${grant};`] : [`${grant};`];
}

/** How a user is written in a GRANT. */
function account(engine: Engine, user: string): string {
  return engine === "postgres" ? user : `'${user}'@'%'`;
}

function createUser({ engine, auth }: GrantRequest, user: string): readonly string[] {
  if (engine === "postgres") {
    return [
      `CREATE ROLE ${user} LOGIN CONNECTION LIMIT 5${auth === "password" ? " PASSWORD 'choose-one'" : ""};`,
      // Source: facts/aws.md §6; with rds_iam a password no longer signs this user in.
      ...(auth === "iam" ? [`GRANT rds_iam TO ${user};`] : []),
    ];
  }
  const how =
    auth === "iam"
      ? "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL"
      : "IDENTIFIED BY 'choose-one'";
  return [`CREATE USER '${user}'@'%' ${how} WITH MAX_USER_CONNECTIONS 5;`];
}

/** PostgreSQL 16 keeps slots for this role when every other one is taken; older versions have no such thing. */
function reservedSlot(user: string): readonly string[] {
  return [
    "DO $$ BEGIN",
    "  IF current_setting('server_version_num')::int >= 160000 THEN",
    `    GRANT pg_use_reserved_connections TO ${user};`,
    "  END IF;",
    "END $$;",
  ];
}
