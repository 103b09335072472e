import { databaseActions } from "../actions/index.ts";
import type { Engine } from "../contract/target.ts";
import { fenceGrants } from "../failover/door/fence-grants.ts";
import type { Need } from "../probes/define.ts";
import { probes } from "../probes/index.ts";
import { defaultSettings } from "../settings.ts";
import { objectGrants } from "./object-grants.ts";

export interface GrantRequest {
  readonly engine: Engine;
  /** "probe" only looks; "act" may also end sessions. */
  readonly role: "probe" | "act";
  readonly auth: "iam" | "password";
  /** A server of one's own has no procedures of RDS; "rds", Aurora included, when absent. */
  readonly flavour?: "rds" | "self-managed";
  /** Also what it takes to fence a primary that is failed over, and to see that it is. */
  readonly failover?: boolean;
  /** Letters, digits and underscores; the settings' default name when absent. */
  readonly user?: string;
  /** Whose tables and indexes the acting user may look after, too: an owner on PostgreSQL, else a schema. Nobody's when absent. */
  readonly objects?: string;
}

/**
 * The script that gives a database user exactly what the catalogue needs, and no more. Run it once per server as
 * the master user. What it grants follows from the `needs` of the probes and the `grants` of the actions.
 */
export function grantScript(request: GrantRequest): string {
  const { engine, role, flavour = "rds", objects } = request;
  const { probeUser, actUser } = defaultSettings.database;
  const user = request.user ?? (role === "probe" ? probeUser : actUser);
  const lines = [
    `-- rds-responder: ${user}, ${role === "probe" ? "looks only" : "looks, and may end sessions"}`,
    ...createUser(request, user),
    ...looksNeeded(engine, role, flavour).flatMap((need) => grantLines(engine, need, account(engine, user))),
    ...(role === "act" ? actsNeeded(engine, account(engine, user)) : []),
    ...(role === "act" && objects !== undefined ? objectGrants(engine, objects, account(engine, user)) : []),
    ...(engine === "postgres" ? reservedSlot(user) : []),
    ...(request.failover === true ? fenceGrants(engine, { role, user, account: account(engine, user) }) : []),
  ];
  return `${lines.join("\n")}\n`;
}

/** Acting users look as well, but only at what an action reads again just before it acts: the immediate tier. */
function looksNeeded(
  engine: Engine,
  role: GrantRequest["role"],
  flavour: "rds" | "self-managed",
): readonly Need[] {
  const needs = probes
    .filter((probe) => probe.engines.some((one) => one === engine))
    .filter((probe) => role === "probe" || (probe.tier === "immediate" && !probe.last))
    .flatMap((probe): readonly Need[] => probe.needs)
    .filter((need) => need.kind === "grant" && (need.only ?? flavour) === flavour);
  return [...new Map(needs.map((need) => [need.enable, need])).values()];
}

function grantLines(engine: Engine, { enable, name, optional }: Need, to: string): readonly string[] {
  const grant = `${enable.replaceAll("{user}", to)};`;
  if (optional === undefined) return [grant];
  const why = `-- May be left out; then these are not seen: ${optional}.`;
  return engine === "postgres" ? [why, ...whereItCan(grant, name)] : [why, grant];
}

/** pg_read_all_data came with 14, pg_cron is in one database if in any; what cannot be granted must not keep the rest of the script from being done. */
function whereItCan(grant: string, name: string): readonly string[] {
  return [
    "DO $$ BEGIN",
    `  ${grant}`,
    "EXCEPTION WHEN undefined_object OR insufficient_privilege OR invalid_schema_name OR undefined_table THEN",
    `  RAISE NOTICE '${name} cannot be granted here: %', SQLERRM;`,
    "END $$;",
  ];
}

function actsNeeded(engine: Engine, to: string): readonly string[] {
  const grants = databaseActions.flatMap((action) => action.grants[engine]);
  return [...new Set(grants)].map((grant) => `${grant.replaceAll("{user}", to)};`);
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
