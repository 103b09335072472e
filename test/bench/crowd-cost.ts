import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Client } from "pg";
import * as z from "zod";
import { bundleAsDeployed } from "../../lib/bundle-handlers.ts";
import { targetOf } from "../lab/demo/database.ts";
import { labPasswords, type PostgresServer } from "../lab/engines/lab-server.ts";
import { startPostgres } from "../lab/engines/postgres-server.ts";
import { closeAll, openSession } from "../lab/engines/sql.ts";
import { pileUp } from "./row-waiters.ts";

export interface CrowdCost {
  readonly engine: string;
  readonly waiters: number;
  readonly statements: number;
  /** Medians of rounds in turn: the immediate tier, and the two plain statements. */
  readonly databaseMs: number;
  readonly plainMs: number;
  readonly ratio: number;
  readonly diagnosisCpuMs: number;
  /** The largest of all rounds. */
  readonly peakMiB: number;
  readonly rootCauses: string;
}

export const crowd = 2000;
const rounds = 7;
const entry = fileURLToPath(new URL("crowd-look.ts", import.meta.url));
const plain = ["SELECT * FROM pg_locks", "SELECT * FROM pg_stat_activity"];

const lookSchema = z.object({
  rootCauses: z.array(z.string()),
  notOk: z.array(z.string()),
  statements: z.number(),
  databaseMs: z.number(),
  diagnosisCpuMs: z.number(),
  peakMiB: z.number(),
});
type Look = z.infer<typeof lookSchema>;

/** One row that `waiters` sessions want, looked at by the bundled code in a process of its own, and beside it plainly. */
export async function crowdCost(waiters = crowd): Promise<CrowdCost> {
  const server = await startPostgres({
    major: 17,
    maxConnections: waiters + 40,
    // Thousands of deadlock checks in the same second would be the load that is measured.
    settings: { shared_buffers: "64MB", deadlock_timeout: "10min" },
  });
  const directory = await mkdtemp(join(tmpdir(), "rds-responder-crowd-"));
  try {
    const bundle = join(directory, "look.cjs");
    await bundleAsDeployed(entry, bundle);
    const { close } = await pileUp(server, waiters, 0);
    const session = await openSession(server);
    const looks: Look[] = [];
    const plainMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      plainMs.push(await timePlainly(session));
      looks.push(await lookOnce(bundle, server));
    }
    await closeAll([session]);
    await close();
    return summary(server, waiters, looks, plainMs);
  } finally {
    await rm(directory, { recursive: true, force: true });
    await server.stopNow();
  }
}

async function timePlainly(session: Client): Promise<number> {
  const started = performance.now();
  for (const sql of plain) await session.query(sql);
  return performance.now() - started;
}

async function lookOnce(bundle: string, server: PostgresServer): Promise<Look> {
  const argument = { target: targetOf(server, "bench"), user: "admin", password: labPasswords.admin };
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, JSON.stringify(argument)]);
  const look = lookSchema.parse(JSON.parse(stdout));
  if (look.notOk.length > 0) throw new Error(look.notOk.join("; "));
  return look;
}

function summary(
  server: PostgresServer,
  waiters: number,
  looks: readonly Look[],
  plain: number[],
): CrowdCost {
  const databaseMs = median(looks.map((look) => look.databaseMs));
  const plainMs = median(plain);
  return {
    engine: `${server.engine} ${server.version}`,
    waiters,
    statements: looks[0]?.statements ?? 0,
    databaseMs,
    plainMs,
    ratio: Math.round((100 * databaseMs) / plainMs) / 100,
    diagnosisCpuMs: median(looks.map((look) => look.diagnosisCpuMs)),
    peakMiB: Math.round(Math.max(...looks.map(({ peakMiB }) => peakMiB))),
    rootCauses: looks[0]?.rootCauses.join(", ") ?? "",
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}
