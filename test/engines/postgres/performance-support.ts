import { Client } from "pg";
import * as z from "zod";
import type { ProbeResult } from "../../../functions/core/contract/evidence.ts";
import type { Target } from "../../../functions/core/contract/target.ts";
import type { Probe } from "../../../functions/core/probes/define.ts";
import { type AnyProbe, runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { connectAs, probeLogin, targetAt } from "./postgres-lab.ts";

export interface AskOptions {
  readonly login?: { readonly user: string; readonly password: string };
  readonly port: number;
  readonly flavour?: Target["flavour"];
  readonly database?: string;
  /** What happens between the two readings, in place of the wait. */
  readonly between?: () => Promise<void>;
}

/** Asks one probe on a connection of its own, as the responder does. */
export async function askProbe(
  probe: AnyProbe,
  { login = probeLogin, port, flavour = "self-managed", database = "app", between }: AskOptions,
): Promise<ProbeResult> {
  const target = targetAt(port, { flavour, database });
  const result = await connectAs(login, target, { statementTimeoutMs: 10_000 });
  if (result.kind === "not-connected") throw new Error(result.connection.detail ?? "not connected");
  const { session } = result;
  const clock = { now: () => performance.now(), sleep: async () => between?.() };
  try {
    const context = { target, server: session.server, settings: defaultSettings };
    const [answer] = await runProbes(session, [probe], context, clock);
    if (!answer) throw new Error(`${probe.id} was not asked`);
    return answer;
  } finally {
    await session.close();
  }
}

export async function rowsOf<Row>(probe: Probe<string, Row>, options: AskOptions): Promise<Row[]> {
  const { status, reason, rows } = await askProbe(probe, options);
  if (status !== "ok") throw new Error(`${probe.id} ${status}: ${reason}`);
  return z.array(probe.row).parse(rows);
}

/** On a connection of its own: its counters are reported when it ends. */
export async function runSql(url: string, ...statements: readonly string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

export async function numberOf(url: string, sql: string): Promise<number> {
  const row = z.record(z.string(), z.unknown()).parse((await runSql(url, sql))[0]);
  return Number(Object.values(row)[0]);
}
