import { setTimeout as sleep } from "node:timers/promises";
import type { Seeded } from "../../support/seeded.ts";
import type { FaultRequest } from "../rds/api/faults.ts";
import type { Database } from "../rds/world/database.ts";
import type { Delays } from "../rds/world/delays.ts";
import type { Deaths } from "./execution.ts";
import { pauseApplying } from "./replication.ts";
import type { Stage } from "./stage.ts";

/** What a fault has at hand; what comes later is ended with the run. */
export interface Scene {
  readonly stage: Stage;
  readonly random: Seeded;
  later(ms: number, what: () => void | Promise<void>): void;
}

export interface Fault {
  /** Strikes when clients have written for a while; the failover is started a moment later. */
  readonly strike: (scene: Scene) => void | Promise<void>;
  /** The primary works for its clients: nobody may be promoted. */
  readonly healthy?: true;
  readonly deaths?: Deaths;
  readonly runs?: number;
  readonly planned?: true;
  readonly delays?: Partial<Delays>;
  /** Whoever is not to be promoted, by what was done to it. */
  readonly unfit?: readonly string[];
}

const second = "orders-2";
const third = "orders-3";

export const faults = {
  kill: { strike: kill },
  "kill-restart": {
    strike: (scene) => {
      kill(scene);
      scene.later(500 + scene.random.int(15_000), () => revive(scene.stage.primary()));
    },
  },
  freeze: { strike: freeze },
  "responder-cut": { healthy: true, strike: ({ stage }) => stage.primary().doors.cut("responder") },
  "responder-cut-one-way": {
    healthy: true,
    strike: ({ stage }) => stage.primary().doors.cut("responder", "from-database"),
  },
  "replicas-cut": {
    healthy: true,
    strike: ({ stage }) => {
      for (const door of replicaDoors(stage)) stage.primary().doors.cut(door);
    },
  },
  "clients-cut": {
    healthy: true,
    strike: ({ stage, later }) => {
      stage.primary().doors.cut("endpoint");
      later(25_000, () => stage.primary().doors.heal("endpoint"));
    },
  },
  "replica-stopped": {
    unfit: [second],
    strike: async (scene) => {
      await pauseApplying(scene.stage, second);
      kill(scene);
    },
  },
  "replica-behind": {
    strike: async (scene) => {
      const { stage } = scene;
      stage.primary().doors.cut(`replica:${stage.lab.database(second).node.name}`);
      await sleep(1500);
      kill(scene);
    },
  },
  "candidate-killed": {
    strike: (scene) => {
      kill(scene);
      scene.later(500 + scene.random.int(8000), () => die(scene.stage.lab.database(second)));
    },
  },
  "candidate-killed-and-back": {
    strike: (scene) => {
      kill(scene);
      const at = 500 + scene.random.int(8000);
      scene.later(at, () => die(scene.stage.lab.database(second)));
      scene.later(at + 1000 + scene.random.int(6000), () => revive(scene.stage.lab.database(second)));
    },
  },
  "both-replicas-dead": {
    unfit: [second, third],
    strike: (scene) => {
      for (const replica of scene.stage.replicas()) die(replica);
      kill(scene);
    },
  },
  "promote-answer-lost": withCall({ operation: "PromoteReadReplica", fault: "answer-lost" }),
  "promote-refused": withCall({ operation: "PromoteReadReplica", fault: "refused", code: "InternalFailure" }),
  "promote-throttled": withCall({ operation: "PromoteReadReplica", fault: "throttled", times: 2 }),
  "promote-late": withCall({ operation: "PromoteReadReplica", fault: "late", delayMs: 6000 }),
  "promote-hung": withCall({ operation: "PromoteReadReplica", fault: "hung" }),
  "wall-answer-lost": withCall({ operation: "ModifyDBInstance", fault: "answer-lost" }),
  "wall-hung": withCall({ operation: "ModifyDBInstance", fault: "hung" }),
  "restart-answer-lost": withCall({ operation: "RebootDBInstance", fault: "answer-lost" }),
  "describe-throttled": withCall({
    operation: "DescribeDBInstances",
    fault: "throttled",
    nth: 20,
    times: 15,
  }),
  "describe-hung": withCall({ operation: "DescribeDBInstances", fault: "hung", nth: 25, times: 2 }),
  "point-answer-lost": withCall({
    operation: "ChangeResourceRecordSets",
    service: "route53",
    fault: "answer-lost",
  }),
  "lock-answer-lost": withCall({ operation: "UpdateItem", fault: "answer-lost", nth: 2, times: 1 }),
  "store-throttled": withCall({ operation: "PutItem", fault: "throttled", nth: 6, times: 8 }),
  "name-slow": { strike: kill, delays: { nameMs: 6000 } },
  "promotion-slow": { strike: kill, delays: { promoteMs: 8000 } },
  "runner-dies-before": { strike: kill, deaths: "before-one" },
  "runner-dies-after": { strike: kill, deaths: "after-each" },
  "runner-hangs": { strike: kill, deaths: "hangs-at-one" },
  "two-at-once": { strike: kill, runs: 2 },
  "flapping-5": { strike: (scene) => flap(scene, 5000) },
  "flapping-11": { strike: (scene) => flap(scene, 11_000) },
  planned: { strike: () => undefined, planned: true },
  "planned-runner-dies": { strike: () => undefined, planned: true, deaths: "after-each" },
  "planned-two-at-once": { strike: () => undefined, planned: true, runs: 2 },
  none: { healthy: true, strike: () => undefined },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof faults;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faults, name);
}

export function faultNames(): readonly FaultName[] {
  return Object.keys(faults).filter(isFaultName);
}

/** One after the other, so that as many seeds in a row as there are faults meet all of them. */
export function faultOf(seed: number): FaultName {
  const names = faultNames();
  return names[seed % names.length] ?? "kill";
}

function kill({ stage }: Pick<Scene, "stage">): void {
  die(stage.primary());
}

function die({ node }: Database): void {
  node.signal("SIGKILL");
}

/** As the host agent of RDS does, unless somebody was faster. */
async function revive({ node }: Database): Promise<void> {
  await node.start();
}

function freeze({ stage, random, later }: Scene): void {
  const { node } = stage.primary();
  node.signal("SIGSTOP");
  later(2000 + random.int(40_000), () => {
    node.signal("SIGCONT");
  });
}

function flap(scene: Scene, everyMs: number): void {
  kill(scene);
  for (let at = everyMs; at < 60_000; at += everyMs) {
    scene.later(at, () => (at % (2 * everyMs) === 0 ? kill(scene) : revive(scene.stage.primary())));
  }
}

function withCall(call: FaultRequest): Fault {
  return {
    strike: (scene) => {
      scene.stage.inject(call);
      if (scene.random.chance(0.5)) kill(scene);
      else freeze(scene);
    },
  };
}

function replicaDoors({ replicas }: Stage): readonly string[] {
  return replicas().map(({ node }) => `replica:${node.name}`);
}
