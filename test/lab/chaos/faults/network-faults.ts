import { setTimeout as sleep } from "node:timers/promises";
import { cutReplica, kill, type Scene, second, third } from "../deeds.ts";
import type { Faults } from "./fault.ts";

const healsMs = 8000;

/** Ways to the primary that break, each alone, also in one direction. */
export const networkFaults: Faults = {
  "responder-cut": { healthy: true, strike: ({ stage }) => stage.primary().doors.cut("responder") },
  "responder-cut-one-way": {
    healthy: true,
    strike: ({ stage }) => stage.primary().doors.cut("responder", "from-database"),
  },
  "responder-cut-other-way": {
    healthy: true,
    strike: ({ stage }) => stage.primary().doors.cut("responder", "to-database"),
  },
  "responder-cut-and-killed": {
    strike: (scene) => {
      scene.stage.primary().doors.cut("responder");
      kill(scene);
    },
  },
  "replicas-cut": { healthy: true, strike: (scene) => bothCut(scene) },
  "replicas-cut-one-way": { healthy: true, strike: (scene) => bothCut(scene, "from-database") },
  "replicas-and-responder-cut": {
    healthy: true,
    strike: (scene) => {
      bothCut(scene);
      scene.stage.primary().doors.cut("responder");
    },
  },
  "clients-cut": clientsCut(),
  "clients-cut-one-way": clientsCut("from-database"),
  "primary-isolated": { strike: isolated },
  "primary-isolated-for-a-while": {
    strike: (scene) => {
      isolated(scene);
      const { doors } = scene.stage.primary();
      scene.later(3000 + scene.random.int(20_000), () => {
        for (const door of isolating(scene)) doors.heal(door);
      });
    },
  },
  "candidate-unreached": {
    strike: (scene) => {
      scene.stage.lab.database(second).doors.cut("responder");
      kill(scene);
    },
  },
  "replica-behind": {
    strike: async (scene) => {
      cutReplica(scene, second);
      await sleep(1500);
      kill(scene);
    },
  },
};

/** It runs, and nobody reaches it any more but RDS. */
function isolated(scene: Scene): void {
  for (const door of isolating(scene)) scene.stage.primary().doors.cut(door);
}

function isolating({ stage }: Scene): readonly string[] {
  return ["endpoint", "responder", ...stage.replicas().map(({ node }) => `replica:${node.name}`)];
}

function bothCut(scene: Scene, ...direction: ["from-database"] | []): void {
  for (const id of [second, third]) cutReplica(scene, id, ...direction);
}

function clientsCut(...direction: ["from-database"] | []): Faults[string] {
  return {
    healthy: true,
    strike: ({ stage, later }) => {
      stage.primary().doors.cut("endpoint", ...direction);
      later(healsMs, () => stage.primary().doors.heal("endpoint"));
    },
  };
}
