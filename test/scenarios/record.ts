import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import type { ProbeReport } from "../../functions/core/contract/evidence.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { probes } from "../../functions/core/probes/index.ts";
import { collectProbeReport } from "../../functions/core/probes/run-probes.ts";
import { type Settings, settingsSchema } from "../../functions/core/settings.ts";
import { databasesWith } from "../../functions/wiring-databases.ts";
import { createResponderUsers, responderPassword, targetOf } from "../lab/demo/database.ts";
import type { LabServer } from "../lab/engines/lab-server.ts";
import { startMariadb } from "../lab/engines/mariadb-server.ts";
import { startMysql } from "../lab/engines/mysql-server.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import { createLabUsers } from "../lab/engines/sql.ts";
import { folderOf } from "./folders.ts";
import type { Recording, Scenario } from "./scenario.ts";
import { createStage, diceOf } from "./stage.ts";
import { evidenceOfWorld } from "./support/outside/record-outside.ts";

const majors = [14, 15, 16, 17, 18] as const;

/** Makes the fault on a fresh server, looks as the responder looks, and gives what was seen. */
export async function record(scenario: Scenario, seed: number): Promise<Recording> {
  return scenario.outside === undefined ? recordInside(scenario, seed) : recordOutside(scenario, seed);
}

/** What AWS says of a database into which nobody gets: no server is needed. */
async function recordOutside({ engine, outside, thresholds }: Scenario, seed: number): Promise<Recording> {
  const world = outside?.(diceOf(seed));
  if (world === undefined) throw new Error("the scenario has nothing to see from outside");
  const [self] = world.instances;
  return {
    schema: "scenario-recording.v1",
    seed,
    recordedOn: `${self?.Engine ?? engine} ${self?.EngineVersion ?? ""}, from outside`,
    thresholds: { ...thresholds },
    culprits: [...(world.culprits ?? [])],
    evidence: await evidenceOfWorld(world),
  };
}

async function recordInside(scenario: Scenario, seed: number): Promise<Recording> {
  const server = await startServer(scenario, seed);
  const stage = createStage(server, seed);
  try {
    await createLabUsers(server);
    await createResponderUsers(server);
    const { culprits } = await scenario.make(stage);
    if (scenario.look === "stopped") await server.stopNow();
    const settings = settingsSchema.parse({ thresholds: scenario.thresholds ?? {} });
    const report = await look(scenario, server, settings);
    return {
      schema: "scenario-recording.v1",
      seed,
      recordedOn: `${server.engine} ${server.version}`,
      thresholds: { ...scenario.thresholds },
      culprits: [...culprits],
      evidence: {
        schema: "evidence.v1",
        target: report.target,
        signal: scenario.signal?.(stage) ?? null,
        collectedAt: report.collectedAt,
        connection: report.connection,
        probes: report.probes,
        metrics: [...(scenario.metrics?.(stage) ?? [])],
        missing: [],
        ...(scenario.context ? { context: scenario.context(stage) } : {}),
      },
    };
  } finally {
    await stage.close();
    await server.stopNow();
  }
}

/** Where a scenario looks, as RDS would describe it. */
export function targetAt(scenario: Scenario, server: LabServer): Target {
  const node = scenario.look === "replica" ? server.replicas[0] : server;
  if (node === undefined) throw new Error("the scenario looks at a replica and has none");
  const role = scenario.role ?? (scenario.look === "replica" ? "reader" : "writer");
  return { ...targetOf(server, "scenario-db"), port: node.port, role };
}

export async function look(scenario: Scenario, server: LabServer, settings: Settings): Promise<ProbeReport> {
  const target = targetAt(scenario, server);
  if (scenario.look === "not-tried") return notTried(target);
  const databases = databasesWith(
    async () => ({ user: "rds_responder", password: responderPassword, iam: false }),
    { mode: "off" },
  );
  return collectProbeReport(
    databases,
    target,
    settings,
    probes,
    scenario.tiers ?? ["immediate"],
    createSystemClock(),
    AbortSignal.timeout(90_000),
  );
}

function notTried(target: Target): ProbeReport {
  const connection = {
    status: "not-tried",
    failedStep: null,
    detail: "the scenario has metrics alone",
    pointsTo: null,
    tookMs: 0,
  } as const;
  const collectedAt = new Date().toISOString();
  return { schema: "probe-report.v1", target, collectedAt, connection, probes: [] };
}

export function startServer(scenario: Scenario, seed: number): Promise<LabServer> {
  const { maxConnections = 60, replicas = 0, settings = {} } = scenario.server ?? {};
  switch (scenario.engine) {
    case "postgres": {
      const choice = scenario.majors ?? majors;
      const major = choice[seed % choice.length] ?? 17;
      return startPostgres({ major, maxConnections, replicas, settings });
    }
    case "mysql":
      return startMysql({ maxConnections, replicas, settings });
    case "mariadb":
      return startMariadb({ maxConnections, replicas, settings });
    default:
      return scenario.engine satisfies never;
  }
}

export function save(name: string, recording: Recording): void {
  writeFileSync(join(folderOf(name), "evidence.json"), `${JSON.stringify(recording, null, 1)}\n`);
}
