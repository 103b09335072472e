import { type FailoverInput, failoverInputSchema } from "../../functions/core/contract/failover-input.ts";
import { type ByHand, byHandOf } from "./failover-by-hand.ts";
import { seeded } from "./seeded.ts";

export const original = "orders-db";

const faults = [
  ...(["kill", "kill-restart", "freeze", "responder-cut", "isolated-with-clients"] as const),
  ...(["clients-cut", "stopped", "none"] as const),
] as const;
export type Fault = (typeof faults)[number];

/** What goes wrong in one play; all of it follows from the seed. */
export interface Script {
  readonly fault: Fault;
  readonly faultAtMs: number;
  readonly backAtMs: number;
  readonly startAtMs: number;
  /** Something else that happens to one of the servers, of the old and the new ones, at any moment. */
  readonly second: {
    readonly fault: Fault;
    readonly of: number;
    readonly atMs: number;
    readonly healMs: number;
  } | null;
  readonly slow: boolean;
  readonly mishaps: number;
  readonly deaths: number;
  readonly twoRuns: boolean;
  readonly secondRunAfterMs: number;
  /** Probability for a second that the lock lapses under whoever has it. */
  readonly lapses: number;
  /** A run that failed is taken up again so much later; null: nobody does. */
  readonly redriveAfterMs: number | null;
  readonly byHand: ByHand | null;
  /** When somebody engages the kill switch; null: nobody does. */
  readonly switchAtMs: number | null;
  readonly approval: "given" | "granted" | "declined" | "never";
  readonly input: FailoverInput;
  readonly badCandidate: string | null;
}

export function scriptOf(seed: number): Script {
  const random = seeded(seed);
  const faultAtMs = 20_000;
  const planned = random.chance(0.2);
  const startAtMs = faultAtMs + (random.chance(0.3) ? random.int(60_000) : 60_000 + random.int(120_000));
  const switched = seeded(seed + 77_003);
  const second = {
    ...{ fault: random.pick(faults), of: random.int(2) },
    ...{ atMs: startAtMs + random.int(120_000), healMs: 1000 + random.int(120_000) },
  };
  const byHand = byHandOf(seed, startAtMs);
  return {
    fault: planned ? "none" : random.pick(["kill", "freeze", "kill-restart", ...faults]),
    ...{ faultAtMs, startAtMs, second: random.chance(0.5) ? second : null },
    backAtMs: faultAtMs + (random.chance(0.5) ? 5000 : 120_000) + random.int(300_000),
    slow: random.chance(0.15),
    mishaps: random.pick([0, 0.03, 0.1, 0.3]),
    deaths: random.pick([0, 0.02, 0.1]),
    twoRuns: random.chance(0.3),
    secondRunAfterMs: random.chance(0.4) ? 0 : random.int(400_000),
    lapses: random.pick([0, 0, 0.01]),
    redriveAfterMs: random.chance(0.5) ? 60_000 : null,
    byHand,
    switchAtMs: switched.chance(0.1) ? startAtMs + switched.int(120_000) : null,
    approval: random.pick(["given", "given", "given", "given", "granted", "granted", "declined", "never"]),
    input: failoverInputSchema.parse({
      ...{ database: original, reason: "test", kind: planned ? "planned" : "unplanned" },
      force: random.chance(0.25) ? ["primary-alive", "only-our-path-cut"] : false,
    }),
    badCandidate: random.chance(0.05)
      ? random.pick(["candidate-smaller", "candidate-version", "candidate-backups-off", "storage-full"])
      : null,
    // An outage that comes to a call, behind which it comes to no end.
    ...(byHand?.called === true ? calledFor(seed) : {}),
  };
}

function calledFor(seed: number): Partial<Script> {
  const random = seeded(seed + 13_007);
  return {
    ...{ fault: random.pick(["kill", "freeze", "stopped"]), approval: "given", badCandidate: null },
    ...{ second: null, slow: false, twoRuns: false, lapses: 0, switchAtMs: null },
    ...{ backAtMs: 7_200_000, mishaps: random.pick([0, 0.03]), deaths: random.pick([0, 0, 0.02]) },
    input: failoverInputSchema.parse({ database: original, reason: "test" }),
  };
}
