import * as z from "zod";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { objectGrants } from "../../functions/core/grants/object-grants.ts";
import { createResponderUsers, isPostgres } from "../lab/demo/database.ts";
import type { LabServer } from "../lab/engines/lab-server.ts";
import { createLabUsers } from "../lab/engines/sql.ts";
import { loadExpected, loadScenario } from "./folders.ts";
import { startServer } from "./record.ts";
import type { Expected, Scenario } from "./scenario.ts";
import { createStage, type Stage } from "./stage.ts";
import { type BystanderClient, openClient } from "./support/heal/bystander-client.ts";
import { roles } from "./support/heal/bystander-tables.ts";
import type { Hurt } from "./support/heal/bystander-worker.ts";
import { openBystanders } from "./support/heal/bystanders.ts";
import { type Looped, loop, type Scene } from "./support/heal/loop.ts";
import { healSettings } from "./support/heal/prescribed.ts";

export interface Healing extends Looped {
  /** Whoever had no part in it and was hurt: sessions, statements, rows, objects. */
  readonly bystanders: readonly Hurt[];
}

export interface HealOptions {
  readonly seed: number;
  /** A person clicks what is asked; else only what is done unasked is done. */
  readonly asked: boolean;
  /** It has to stay healed for so long. */
  readonly staysMs: number;
}

/**
 * Makes the fault, beside healthy sessions at work, and lets the responder's own proposals be carried out: those that
 * it would do unasked, and with `asked` those too that a person would have agreed to, one after the other.
 */
export async function heal(name: string, { seed, asked, staysMs }: HealOptions): Promise<Healing> {
  const scenario = await loadScenario(name);
  const expected = loadExpected(name);
  const server = await startServer(withRoom(scenario), seed);
  const stage = createStage(server, seed);
  try {
    await createLabUsers(server);
    await createResponderUsers(server);
    await mayChange(server, [isPostgres(server) ? "shop" : "app"]);
    const bystanders = await openBystanders(server, await readsAt(scenario, server));
    stage.cleanUp(bystanders.close);
    const { culprits } = await scenario.make(stage);
    const further = await furtherSchemas(server);
    if (further.length > 0) await mayChange(server, further);
    bystanders.run();
    const clock = createSystemClock();
    const looped = await loop({
      ...{ scenario, server, asked, staysMs, clock },
      beside: [...besideOf(expected), ...(scenario.beside ?? [])],
      settings: healSettings(scenario, expected),
      outside: outsideOf(scenario, stage),
      acts: bystanders.mark,
    });
    const strangers = looped.killed
      .filter((id) => !culprits.includes(id))
      .map((id) => ({ kind: "session", says: `session ${id} was ended, and had no part in it` }) as const);
    return { ...looped, bystanders: [...strangers, ...(await bystanders.judge())] };
  } finally {
    await stage.close();
    await server.stopNow();
  }
}

/** What the scenario's author says may be there beside the fault. */
function besideOf({ root, orRoots, alsoRoots, allows }: Expected): readonly string[] {
  const faults = new Set<string | null>([root, ...orRoots, ...alsoRoots]);
  return allows.filter((id) => !faults.has(id));
}

function outsideOf(scenario: Scenario, stage: Stage): Scene["outside"] {
  return {
    signal: scenario.signal?.(stage) ?? null,
    metrics: [...(scenario.metrics?.(stage) ?? [])],
    ...(scenario.context === undefined ? {} : { context: scenario.context(stage) }),
  };
}

/** As full as without them, for what counts connections. */
function withRoom(scenario: Scenario): Scenario {
  const { maxConnections = 60, ...rest } = scenario.server ?? {};
  return { ...scenario, server: { ...rest, maxConnections: maxConnections + roles.length + 1 } };
}

async function readsAt({ look }: Scenario, server: LabServer): Promise<LabServer> {
  const [replica] = server.replicas;
  if (look !== "replica" || replica === undefined) return server;
  return { ...server, port: replica.port };
}

/** Exactly what `responder grants --objects` names, for each owner on PostgreSQL, elsewhere for each schema. */
async function mayChange(server: LabServer, objects: readonly string[]): Promise<void> {
  const to = isPostgres(server) ? "rds_responder_act" : "'rds_responder_act'@'%'";
  await asAdmin(server, async ({ query }) => {
    const grants = objects.flatMap((of) => objectGrants(server.engine, of, to));
    for (const sql of [...grants, ...definerGrants(server.engine, to)]) await query(sql);
  });
}

async function asAdmin<T>(server: LabServer, use: (admin: BystanderClient) => Promise<T>): Promise<T> {
  const admin = await openClient(server, "rdsadmin", "grants");
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

const schemasSchema = z.array(z.object({ name: z.string() }));

/** Of the scenario's own making. */
async function furtherSchemas(server: LabServer): Promise<readonly string[]> {
  if (isPostgres(server)) return [];
  const known = "'app', 'mysql', 'sys', 'information_schema', 'performance_schema'";
  const sql = `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN (${known})`;
  const rows = await asAdmin(server, ({ query }) => query(sql));
  return schemasSchema.parse(rows).map(({ name }) => name);
}

/** What README leaves to whoever lets it pause events of others: the event keeps its definer. */
function definerGrants(engine: LabServer["engine"], to: string): readonly string[] {
  if (engine === "postgres") return [];
  return [`GRANT ${engine === "mariadb" ? "SET USER" : "SET_ANY_DEFINER"} ON *.* TO ${to}`];
}
