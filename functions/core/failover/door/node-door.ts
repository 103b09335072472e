import type { Target } from "../../contract/target.ts";
import { AwsError } from "../../errors.ts";
import type { Settings } from "../../settings.ts";
import type { Stamp } from "../effect.ts";
import { orderTimes } from "../order-times.ts";
import type { NodeDoor } from "../ports.ts";
import { fenceNode } from "./fence-node.ts";
import { createKeptSessions } from "./kept-sessions.ts";
import { lookAtNode } from "./look-at-node.ts";
import type { NodeRef } from "./node-ref.ts";
import type { DoorDeps, EngineDoor } from "./node-way.ts";
import { rememberedTarget } from "./remembered-target.ts";
import { nothingSaid } from "./said.ts";

export interface NodeDoorOptions extends Omit<DoorDeps, "engine" | "kept"> {
  readonly settings: Settings;
  readonly engineOf: (target: Target) => EngineDoor;
  /** RDS, which knows where a node listens. */
  find(ref: NodeRef, signal?: AbortSignal): Promise<Target | null>;
  /** Throws for whoever was deposed. */
  admit(stamp: Stamp, signal?: AbortSignal): Promise<void>;
}

/** The door of a process that stands in the VPC itself: the command line, the lab. */
export function createNodeDoor(options: NodeDoorOptions): NodeDoor {
  const { settings, clock } = options;
  const find = rememberedTarget(options);
  const kept = createKeptSessions(clock);
  const turn = async (node: string, stamp: Stamp, turned: "fence" | "unfence", signal?: AbortSignal) => {
    // From before it is admitted: what the lock's record says may be old by the time that its answer is here.
    const expiresAt = new Date(clock.now() + orderTimes.goodForMs).toISOString();
    await options.admit(stamp, signal);
    const target = await find(node, signal);
    if (target === null) throw new AwsError("DBInstanceNotFoundFault", true, `RDS describes no ${node}`);
    const group = [...(stamp.nodes ?? [])];
    const order = { run: stamp.run, target, settings, group, turn: turned, expiresAt };
    const admitted = () => options.admit(stamp, signal);
    const deps = { ...options, engine: options.engineOf(target), admitted };
    const { is, says } = await fenceNode(order, deps, signal);
    if (is !== "done") throw new AwsError("NotFenced", is === "refused", says ?? "no reason given");
  };
  return {
    look: async ({ id }, { nodes }, signal, session = "new") => {
      const target = await find(id, signal);
      if (target === null) {
        const at = new Date(clock.now()).toISOString();
        return { ...nothingSaid, at, reachable: false, failedAt: "RDS describes no such database" };
      }
      const deps = { ...options, engine: options.engineOf(target), ...(session === "kept" ? { kept } : {}) };
      // Whoever has to let us in anew is not looked at by an old session later either.
      if (session === "new")
        void kept
          .take(target)
          ?.close()
          .catch(() => undefined);
      const order = { target, settings, group: nodes.map((node) => node.id) };
      return lookAtNode(order, deps, signal);
    },
    close: () => kept.close(),
    fence: (node, stamp, signal) => turn(node, stamp, "fence", signal),
    unfence: (node, stamp, signal) => turn(node, stamp, "unfence", signal),
  };
}
