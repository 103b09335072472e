import { kill, revive, type Scene } from "../deeds.ts";
import type { Faults } from "./fault.ts";

/** What happens to whoever carries a run, and to those who are asked. */
export const responderFaults: Faults = {
  "runner-dies-before": { strike: kill, deaths: "before-one" },
  "runner-dies-before-each": { strike: kill, deaths: "before-each" },
  "runner-dies-after": { strike: kill, deaths: "after-each" },
  "runner-hangs": { strike: kill, deaths: "hangs-at-one" },
  "two-at-once": { strike: kill, runs: 2 },
  "three-at-once": { strike: kill, runs: 3 },
  "approval-late": { strike: kill, approver: { answers: "granted", afterMs: 6000 } },
  "approval-late-primary-back": {
    healthy: true,
    strike: (scene) => {
      kill(scene);
      scene.later(5000, () => revive(scene, scene.stage.primary()));
    },
    approver: { answers: "granted", afterMs: 9000 },
  },
  "approval-declined": { hopeless: true, strike: kill, approver: { answers: "declined", afterMs: 1500 } },
  "approval-never": { hopeless: true, strike: kill, approver: { answers: "never", afterMs: 4000 } },
  planned: { strike: nothing, planned: true },
  "planned-runner-dies": { strike: nothing, planned: true, deaths: "after-each" },
  "planned-runner-hangs": { strike: nothing, planned: true, deaths: "hangs-at-one" },
  "planned-two-at-once": { strike: nothing, planned: true, runs: 2 },
  "planned-answer-lost": {
    planned: true,
    strike: ({ inject }) => inject({ operation: "PromoteReadReplica", fault: "answer-lost" }),
  },
  /** It dies between the fence and the call, or just after it. */
  "planned-killed": {
    planned: true,
    patient: true,
    strike: (scene) => scene.when({ operation: "ModifyDBInstance", what: "asked" }, () => killSoon(scene)),
  },
};

function nothing(): void {
  // The plan itself is all that happens.
}

function killSoon(scene: Scene): void {
  scene.later(scene.random.int(1500), () => kill(scene));
}
