import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../../support/seeded.ts";
import type { Engine } from "../engines/lab-server.ts";
import { waitUntil } from "../engines/wait-until.ts";
import { bringOldPrimaryBack, takesWrites } from "./comeback.ts";
import { openScene, type Scene } from "./deeds.ts";
import { faultNamed } from "./faults/catalogue.ts";
import type { Fault } from "./faults/fault.ts";
import { judge, type Verdict } from "./judge.ts";
import { operate } from "./operator.ts";
import type { Case } from "./promises/case.ts";
import { type Stage, type StageOptions, startStage } from "./stage.ts";

export interface Played extends Verdict {
  readonly seed: number;
  readonly fault: string;
  readonly engine: Engine;
  /** With the lab's start and end. */
  readonly tookMs: number;
}

const limitMs = 120_000;

/** One run from a fresh lab to the verdict; everything that is chosen follows from the seed. */
export async function play(
  seed: number,
  name: string,
  { engine, aws }: Pick<StageOptions, "engine" | "aws">,
): Promise<Played> {
  const began = Date.now();
  const fault = faultNamed(name);
  if (fault === null) throw new Error(`there is no fault ${name}`);
  const stage = await startStage({ engine, aws, delays: fault.delays ?? {}, approver: fault.approver });
  const { scene, end } = openScene(stage, seeded(seed));
  try {
    const played = await scenePlayed(seed, fault, scene);
    return { seed, fault: name, engine, ...(await judge(played)), tookMs: Date.now() - began };
  } finally {
    await end();
    // A frozen engine does not hear that it is to end.
    for (const { node } of stage.lab.databases()) node.signal("SIGCONT");
    await stage.stop();
  }
}

async function scenePlayed(seed: number, fault: Fault, scene: Scene): Promise<Case> {
  const { stage, random, deeds, pauses } = scene;
  await waitUntil(() => stage.clients.ledger.length > 100, { what: "clients write", timeoutMs: 20_000 });
  await fault.strike(scene);
  await sleep(500 + random.int(2000));
  const startedAt = Date.now();
  const until = startedAt + limitMs;
  const operators = Array.from({ length: fault.runs ?? 1 }, async (_, at) => {
    await sleep(at * random.int(2500));
    return operate({ scene, fault, prefix: `chaos-${seed}-${at + 1}`, until });
  });
  const runs = (await Promise.all(operators)).flat();
  await settle(stage, fault, until);
  const settledAt = Date.now();
  const moved = stage.clients.ledger.some(({ by }) => by !== stage.primary().id);
  if (moved) await bringOldPrimaryBack(stage);
  const opened = moved && (await takesWrites(stage));
  await stage.clients.stop();
  return { stage, fault, runs, startedAt, settledAt, deeds, pauses, opened };
}

/** Until clients write again through the name, wherever it leads. */
async function settle({ clients }: Stage, fault: Fault, until: number): Promise<void> {
  if (fault.hopeless) return;
  const wrote = async () => {
    const from = Date.now();
    await sleep(800);
    return clients.ledger.filter(({ sentAt }) => sentAt >= from).length > 20;
  };
  const ms = fault.healthy ? 40_000 : Math.max(5000, until - Date.now());
  await waitUntil(wrote, { what: "clients write again", timeoutMs: ms }).catch(() => undefined);
}
