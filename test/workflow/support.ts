import type { Client } from "pg";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import type { Incident } from "../../functions/core/contract/incident.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { databasesWith } from "../../functions/wiring-databases.ts";
import { alarmActionEvent } from "../lab/demo/connection-alarm.ts";
import { createResponderUsers, responderPassword, targetOf } from "../lab/demo/database.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, openSessions, waitUntil } from "../lab/engines/sql.ts";
import { createResponderLab, type ResponderLabProps } from "../support/responder-lab.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";

/** A small PostgreSQL with the responder's users and a table of accounts. */
export async function startBank(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const server = await startPostgres({ major: 17, maxConnections: 40, settings });
  await createLabUsers(server);
  await createResponderUsers(server);
  const admin = await openSession(server);
  await admin.query("CREATE TABLE accounts (id int PRIMARY KEY, amount int NOT NULL)");
  await admin.query("INSERT INTO accounts SELECT n, 100 FROM generate_series(1, 20) n");
  await admin.query("GRANT ALL ON accounts TO shop");
  await closeAll([admin]);
  return server;
}

/** Long enough for a machine that is busy; without a limit a row that another test left locked is waited for for ever. */
const setUpLimit = "SET lock_timeout = '10s'";

/**
 * An idle transaction on account 1 with `waiters` sessions behind it, and a bystander who has nothing to do with it: in
 * another database, since whoever is in a transaction of this one for long may have what is wanted next.
 */
export async function blockAccount(server: PostgresServer, waiters: number) {
  const open: Client[] = [];
  const session = async (applicationName: string, database = "app"): Promise<Client> => {
    const client = await openSession(server, { user: "shop", applicationName, database });
    open.push(client);
    return client;
  };
  const close = (): Promise<void> => closeAll(open.splice(0));
  try {
    const [holder, bystander] = [await session("checkout"), await session("bystander", "postgres")];
    for (const [client, change] of [
      [bystander, "SELECT txid_current()"],
      [holder, "UPDATE accounts SET amount = amount + 1 WHERE id = 1"],
    ] as const) {
      await client.query(setUpLimit);
      await client.query("BEGIN");
      await client.query(change);
    }
    const culprit = Number((await holder.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
    const sessions = await openSessions(server, waiters, { user: "shop", applicationName: "storefront" });
    open.push(...sessions);
    const served = Promise.all(
      sessions.map((one) => one.query("UPDATE accounts SET amount = amount + 1 WHERE id = 1")),
    );
    served.catch(() => undefined);
    await untilWaiting(server, waiters);
    return {
      culprit,
      served,
      /** Its transaction still stands: it was never hit. */
      bystanderIsWell: async (): Promise<boolean> =>
        (await bystander.query("SELECT txid_current_if_assigned() AS id")).rows[0].id !== null,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilWaiting(server: PostgresServer, waiters: number): Promise<void> {
  const watcher = await openSession(server);
  // For long enough that the first look takes them for lasting: a later one goes deeper, and takes a second of the test's.
  const sql = `SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND clock_timestamp() - query_start > interval '0.15 s'`;
  try {
    await waitUntil(async () => Number((await watcher.query(sql)).rows[0].n) === waiters, {
      what: `${waiters} sessions to wait`,
      timeoutMs: 10_000,
    });
  } finally {
    await closeAll([watcher]);
  }
}

export function alarmEvent(database: string, at = new Date().toISOString()): unknown {
  return alarmActionEvent({ database, threshold: 30, at, value: 35 });
}

export interface BankLabOptions
  extends Partial<Pick<ResponderLabProps, "around" | "onWatch" | "onRest" | "chat" | "alarmStates">> {
  readonly mode: "observe" | "approve" | "auto";
  readonly settings?: object;
  /** Names of further databases of the group: readers on the same server, as RDS describes them. */
  readonly others?: readonly string[];
}

export const approver = "U0DANA01";

/** The whole responder in front of that server. */
export function bankLab(server: PostgresServer, definition: object, options: BankLabOptions) {
  const clock = createSkippingClock();
  const chat = createMemoryChat({ clock });
  const log = createCollectingLog();
  const target: Target = { ...targetOf(server, "bank"), tags: { "rds-responder:mode": options.mode } };
  const others = (options.others ?? []).map((name): Target => ({ ...target, name, role: "reader" }));
  const lab = createResponderLab({
    definition,
    targets: [target, ...others],
    databases: databasesWith(
      async (_target, purpose) => ({
        user: purpose === "act" ? "rds_responder_act" : "rds_responder",
        password: responderPassword,
        iam: false,
      }),
      { mode: "off" },
    ),
    settings: {
      // The clock skips, the database's does not: a wait of a tenth of a second stands for a lasting one.
      thresholds: { slowQuerySeconds: 0.05, idleInTransactionSeconds: 0.05, manyWaitingSeconds: 0.05 },
      policy: { approvers: [approver], pauseAfterActionSeconds: 0 },
      watch: { healthySeconds: 120, healthyCheckSeconds: 60, checkSeconds: 20 },
      ...options.settings,
    },
    chat: options.chat ?? chat,
    clock,
    ids: createRandomIds(),
    log,
    ...(options.around === undefined ? {} : { around: options.around }),
    ...(options.onRest === undefined ? {} : { onRest: options.onRest }),
    ...(options.alarmStates === undefined ? {} : { alarmStates: options.alarmStates }),
    onWatch: async (seconds) => {
      clock.skip(seconds * 1000);
      await options.onWatch?.(seconds);
    },
  });
  return { ...lab, chat, clock, log, target, others };
}

/** Opens the incident by an alarm and gives its id. */
export async function fire(lab: ReturnType<typeof bankLab>): Promise<string> {
  const { answers } = await lab.intake(alarmEvent("bank"));
  const answer = answers[0];
  if (answer?.kind !== "opened") throw new Error(`intake answered ${JSON.stringify(answers)}`);
  return answer.incidentId;
}

export async function incidentOf(lab: ReturnType<typeof bankLab>, id: string): Promise<Incident> {
  const incident = await lab.deps.incidents.get(id);
  if (incident === null) throw new Error(`no incident ${id}`);
  return incident;
}
