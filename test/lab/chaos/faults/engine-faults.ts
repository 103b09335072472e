import { die, freeze, freezePrimary, kill, revive, type Scene, second } from "../deeds.ts";
import { callsOf } from "../promises/case.ts";
import type { Faults } from "./fault.ts";

/** What happens to processes. */
export const engineFaults: Faults = {
  kill: { strike: kill },
  "kill-restart": {
    strike: (scene) => {
      kill(scene);
      scene.later(500 + scene.random.int(15_000), () => revive(scene, scene.stage.primary()));
    },
  },
  freeze: { strike: freezePrimary },
  "freeze-short": { strike: (scene) => freeze(scene, scene.stage.primary(), 1000 + scene.random.int(6000)) },
  "candidate-killed": {
    strike: (scene) => {
      kill(scene);
      scene.later(500 + scene.random.int(8000), () => dieOrCrash(scene));
    },
  },
  "candidate-killed-and-back": {
    strike: (scene) => {
      kill(scene);
      const at = 500 + scene.random.int(8000);
      scene.later(at, () => die(scene, candidate(scene)));
      scene.later(at + 1000 + scene.random.int(6000), () => revive(scene, candidate(scene)));
    },
  },
  "candidate-killed-before": {
    strike: (scene) => {
      kill(scene);
      die(scene, candidate(scene));
    },
  },
  "candidate-killed-in-promotion": {
    strike: (scene) => killedWith(scene, "accepted"),
    delays: { promoteMs: 2000 },
  },
  "candidate-killed-when-promoted": { strike: (scene) => killedWith(scene, "done") },
  "candidate-frozen": {
    strike: (scene) => {
      kill(scene);
      scene.later(500 + scene.random.int(3000), () =>
        freeze(scene, candidate(scene), 2000 + scene.random.int(8000)),
      );
    },
  },
  "both-replicas-dead": {
    hopeless: true,
    strike: (scene) => {
      for (const replica of scene.stage.replicas()) die(scene, replica);
      kill(scene);
    },
  },
  "flapping-5": { strike: (scene) => flap(scene, 5000) },
  "flapping-11": { strike: (scene) => flap(scene, 11_000) },
  "promotion-slow": { strike: kill, delays: { promoteMs: 8000 } },
  "name-slow": { strike: kill, delays: { nameMs: 6000 } },
  none: { healthy: true, strike: () => undefined },
};

function candidate({ stage }: Scene) {
  return stage.lab.database(second);
}

/** One that is the primary by then is another outage: RDS starts it as it does any other. */
function dieOrCrash(scene: Scene): void {
  die(scene, candidate(scene));
  const promoted = callsOf(scene.stage, "PromoteReadReplica", "done").some(({ id }) => id === second);
  if (promoted) scene.later(1500, () => revive(scene, candidate(scene)));
}

/** RDS starts what has crashed: a promotion that was begun is gone on with. */
function killedWith(scene: Scene, what: "accepted" | "done"): void {
  kill(scene);
  scene.when({ operation: "PromoteReadReplica", what }, () => {
    die(scene, candidate(scene));
    scene.later(1500, () => revive(scene, candidate(scene)));
  });
}

function flap(scene: Scene, everyMs: number): void {
  kill(scene);
  for (let at = everyMs; at < 60_000; at += everyMs) {
    scene.later(at, () => (at % (2 * everyMs) === 0 ? kill(scene) : revive(scene, scene.stage.primary())));
  }
}
