import { setTimeout as sleep } from "node:timers/promises";
import { type FailoverRun, failoverInputSchema } from "../../../functions/core/contract/failover.ts";
import { seeded } from "../../support/seeded.ts";
import type { Engine } from "../engines/lab-server.ts";
import { waitUntil } from "../engines/wait-until.ts";
import { executeRun } from "./execution.ts";
import { type Fault, type FaultName, faults, type Scene } from "./faults.ts";
import { judge, type Verdict } from "./judge.ts";
import { original, type Stage, type StageOptions, startStage } from "./stage.ts";

export interface Played extends Verdict {
  readonly seed: number;
  readonly fault: FaultName;
  readonly engine: Engine;
}

const limitMs = 120_000;
/** A run may take longer to its end than clients may to their next write. */
const endMs = 120_000;

/** One run from a fresh lab to the verdict; everything that is chosen follows from the seed. */
export async function play(
  seed: number,
  name: FaultName,
  { engine, aws }: Pick<StageOptions, "engine" | "aws">,
): Promise<Played> {
  const random = seeded(seed);
  const fault: Fault = faults[name];
  const stage = await startStage({ engine, aws, delays: fault.delays ?? {} });
  const timers: NodeJS.Timeout[] = [];
  const pending: Promise<void>[] = [];
  const later: Scene["later"] = (ms, what) => {
    timers.push(setTimeout(() => pending.push(Promise.resolve(what()).catch(() => undefined)), ms));
  };
  try {
    await waitUntil(() => stage.clients.ledger.length > 100, { what: "clients write", timeoutMs: 20_000 });
    await fault.strike({ stage, random, later });
    const struckAt = Date.now();
    await sleep(500 + random.int(3000));
    const startedAt = Date.now();
    const operators = Array.from({ length: fault.runs ?? 1 }, (_, at) =>
      operate({ stage, fault, random, prefix: `chaos-${seed}-${at + 1}`, until: startedAt + limitMs }),
    );
    const runs = (await Promise.all(operators)).flat();
    await settle(stage, fault, startedAt);
    await stage.clients.stop();
    return { seed, fault: name, engine, ...(await judge({ stage, fault, runs, struckAt, startedAt })) };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    await Promise.all(pending);
    // A frozen engine does not hear that it is to end.
    stage.primary().node.signal("SIGCONT");
    await stage.stop();
  }
}

interface Operator {
  readonly stage: Stage;
  readonly fault: Fault;
  readonly random: Scene["random"];
  readonly prefix: string;
  readonly until: number;
}

/**
 * Somebody who starts it, reads how it ended, and starts it again while clients cannot write: then by the names of the
 * vetoes that the message offers and that are about nothing but what he sees better himself.
 */
async function operate({ stage, fault, random, prefix, until }: Operator): Promise<FailoverRun[]> {
  const runs: FailoverRun[] = [];
  let force: string[] = [];
  for (let attempt = 1; Date.now() < until; attempt += 1) {
    const input = failoverInputSchema.parse({
      ...{ database: original, reason: "chaos", kind: fault.planned ? "planned" : "unplanned" },
      force: force.length === 0 ? false : force,
    });
    const options = {
      ports: stage.ports,
      deaths: fault.deaths ?? "none",
      random,
      input,
      until: until + endMs,
    };
    const run = await executeRun({ ...options, id: `${prefix}-${attempt}` });
    if (run === null) return runs;
    runs.push(run);
    if (run.ending?.status === "done" || fault.healthy || fault.planned) return runs;
    await sleep(2000);
    if (Date.now() - stage.clients.lastAt() < 3000) return runs;
    force = forcedBy(run, (Date.now() - stage.clients.lastAt()) / 1000);
  }
  return runs;
}

const seenByPeople = ["only-our-path-cut", "primary-state-unknown"];

/** A lag that has grown since clients could not write any more is the outage, and no lag. */
function forcedBy({ ending }: FailoverRun, outageSeconds: number): string[] {
  const offered = [...(ending?.nextCommand ?? "").matchAll(/--force (\S+)/g)].map(([, name = ""]) => name);
  const lag = Number(/candidate-lag-above-limit: ([0-9.]+) s/.exec(ending?.says ?? "")?.[1] ?? Number.NaN);
  const known = [...seenByPeople, ...(lag <= outageSeconds + 3 ? ["candidate-lag-above-limit"] : [])];
  return offered.every((name) => known.includes(name)) ? offered : [];
}

/** Until clients write again through the name, wherever it leads. */
async function settle({ clients }: Stage, fault: Fault, startedAt: number): Promise<void> {
  const wrote = async () => {
    const from = Date.now();
    await sleep(1500);
    return clients.ledger.filter(({ sentAt }) => sentAt >= from).length > 20;
  };
  const left = Math.max(5000, startedAt + limitMs - Date.now());
  const ms = fault.healthy ? 40_000 : left;
  await waitUntil(wrote, { what: "clients write again", timeoutMs: ms }).catch(() => undefined);
}
