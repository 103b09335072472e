import { setTimeout as sleep } from "node:timers/promises";
import { cutReplica, kill, type Scene, second, third } from "../deeds.ts";
import { applyLate, breakReplication, pauseApplying, resumeApplying } from "../replication.ts";
import { openLargeTransaction } from "../transaction.ts";
import type { Faults } from "./fault.ts";

/** What happens to a stream: stopped, late on purpose, broken, received and not applied; and what is open on its source. */
export const replicationFaults: Faults = {
  "replica-stopped": { strike: (scene) => without(scene, pauseApplying) },
  "replica-delayed": { strike: (scene) => without(scene, applyLate) },
  "replica-broken": { strike: (scene) => without(scene, breakReplication) },
  "received-not-applied": {
    strike: async (scene) => {
      for (const id of [second, third]) await pauseApplying(scene, id);
      await sleep(1500);
      kill(scene);
      for (const id of [second, third]) {
        scene.later(4000 + scene.random.int(6000), () => resumeApplying(scene, id));
      }
    },
  },
  "replicas-stopped-both": {
    hopeless: true,
    strike: async (scene) => {
      for (const id of [second, third]) await pauseApplying(scene, id);
      kill(scene);
    },
  },
  "replica-cut-one-way": {
    strike: async (scene) => {
      cutReplica(scene, second, "from-database");
      await sleep(1000);
      kill(scene);
    },
  },
  "large-transaction-killed": {
    strike: async (scene) => {
      await openLargeTransaction(scene);
      kill(scene);
    },
  },
  "planned-large-transaction": {
    planned: true,
    patient: true,
    strike: async (scene) => {
      const commit = await openLargeTransaction(scene);
      scene.later(6000, commit);
    },
  },
};

async function without(scene: Scene, what: (scene: Scene, id: string) => Promise<void>): Promise<void> {
  await what(scene, second);
  await sleep(1500);
  kill(scene);
}
