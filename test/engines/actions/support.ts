import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { createMysqlConnector } from "../../../functions/adapters/mysql/connect.ts";
import { createPostgresConnector } from "../../../functions/adapters/postgres/connect.ts";
import { executeOrder } from "../../../functions/core/actions/execute.ts";
import { databaseActions } from "../../../functions/core/actions/index.ts";
import {
  type SessionTarget,
  sessionTargetOf,
} from "../../../functions/core/actions/signals/session-target.ts";
import type { Session } from "../../../functions/core/contract/session.ts";
import type { Flavour, Target } from "../../../functions/core/contract/target.ts";
import type { GuardSettings, Outcome, WorkOrder } from "../../../functions/core/contract/work-order.ts";
import type { ConnectOptions, Databases } from "../../../functions/core/ports.ts";
import { mysqlSessions } from "../../../functions/core/probes/mysql/sessions.ts";
import { postgresSessions } from "../../../functions/core/probes/postgres/sessions.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { type LabServer, labPasswords } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { type Interruptions, interrupted } from "./interrupted.ts";

export type Actor = "admin" | "actor";
const actorPassword = "actor-lab";

/** Statements, run as rdsadmin, that make `actor`: nothing but what the actions say they need. */
export function actorStatements(engine: LabServer["engine"]): string[] {
  const user = engine === "postgres" ? "actor" : "actor@'%'";
  const create =
    engine === "postgres"
      ? `create role actor login password '${actorPassword}'`
      : `CREATE USER ${user} IDENTIFIED BY '${actorPassword}'`;
  return [
    create,
    ...new Set(
      databaseActions
        .flatMap(({ grants }) => grants[engine])
        .map((grant) => grant.replaceAll("{user}", user)),
    ),
  ];
}

export const limits: ConnectOptions = {
  purpose: "probe",
  connectTimeoutMs: 10_000,
  statementTimeoutMs: 10_000,
  lockTimeoutMs: 1000,
};

export function targetOf(server: LabServer, flavour: Flavour = "rds"): Target {
  return {
    schema: "target.v1",
    name: "lab",
    group: "lab",
    engine: server.engine,
    flavour,
    engineVersion: server.version,
    host: "127.0.0.1",
    port: server.port,
    // The acting user of MySQL has no right to any application's database and needs none.
    database: server.engine === "postgres" ? server.database : null,
    role: "writer",
    clusterId: null,
    resourceId: null,
    instanceClass: null,
    accountId: null,
    region: null,
    tags: {},
  };
}

export function databasesAs(user: Actor | "rdsadmin"): Databases {
  const password = user === "actor" ? actorPassword : labPasswords[user];
  const tls = { mode: "off" } as const;
  const postgres = createPostgresConnector({ credentials: async () => ({ user, password }), tls });
  const mysql = createMysqlConnector({ credentials: async () => ({ user, password, iam: false }), tls });
  return {
    connect: (target, options, signal) =>
      (target.engine === "postgres" ? postgres : mysql)(target, options, signal),
  };
}

/** A session as the probe of this engine sees it: its keys are the ones that actions get in production. */
export async function seen(server: LabServer, id: number): Promise<Session | null> {
  const target = targetOf(server);
  const connected = await databasesAs("actor").connect(target, limits);
  if (connected.kind !== "connected") throw new Error(JSON.stringify(connected.connection));
  try {
    const probe = server.engine === "postgres" ? postgresSessions : mysqlSessions;
    const context = { target, server: connected.session.server, settings: defaultSettings };
    const answers = [];
    for (const statement of probe.statements(context)) answers.push(await connected.session.query(statement));
    return probe.read(answers, context).find((session) => session.id === id) ?? null;
  } finally {
    await connected.session.close();
  }
}

/** The target that a diagnosis would name, once the session is in that state. */
export async function targetIn(
  server: LabServer,
  id: number,
  state: Session["state"],
  longestWaitSeconds: number | null = null,
): Promise<SessionTarget> {
  let found: Session | null = null;
  await waitUntil(
    async () => {
      found = await seen(server, id);
      return found !== null && found.state === state;
    },
    // InnoDB renews its list of transactions only when nobody has read it for 100 ms.
    { what: `session ${id} is ${state}`, everyMs: server.engine === "postgres" ? 15 : 120 },
  );
  if (found === null) throw new Error("unreachable");
  return sessionTargetOf(found, longestWaitSeconds, policy);
}

export interface ExecuteOptions extends Interruptions {
  readonly as?: Actor;
  readonly flavour?: Flavour;
  /** Of PostgreSQL; `app` when not told. */
  readonly database?: string;
  readonly guards?: Partial<GuardSettings>;
  readonly dryRun?: boolean;
  readonly repeated?: boolean;
  /** To look how far it is, in place of doing it. */
  readonly follows?: NonNullable<WorkOrder["follows"]>;
}

const { policy } = defaultSettings;

export function orderFor(
  server: LabServer,
  actionId: string,
  input: WorkOrder["input"],
  { flavour = "rds", database, guards = {}, follows }: ExecuteOptions = {},
): WorkOrder {
  const action = databaseActions.find(({ id }) => id === actionId);
  return {
    schema: "work-order.v1",
    orderId: "order-1",
    incidentId: "incident-1",
    actionId,
    actionKey: action?.keyFor(input) ?? "",
    risk: "disruptive",
    input,
    target: { ...targetOf(server, flavour), ...(database === undefined ? {} : { database }) },
    issuedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    permittedBy: "auto",
    approvedBy: null,
    guards: {
      protectedUsers: policy.protectedUsers,
      protectedApplications: policy.protectedApplications,
      protectedQueries: policy.protectedQueries,
      optOutComment: policy.optOutComment,
      graceSeconds: 1,
      maxRollbackRows: policy.maxRollbackRows,
      ...guards,
    },
    ...(follows ? { follows } : {}),
  };
}

export function execute(
  server: LabServer,
  actionId: string,
  input: WorkOrder["input"],
  options: ExecuteOptions = {},
): Promise<Outcome> {
  const databases = databasesAs(options.as ?? "actor");
  return executeOrder(
    orderFor(server, actionId, input, options),
    {
      databases: interrupted(databases, options),
      dryRun: options.dryRun ?? false,
      repeated: options.repeated ?? false,
      clock: createSystemClock(),
      probing: defaultSettings.probing,
    },
    AbortSignal.timeout(45_000),
  );
}

export function says(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "ok",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
