import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import type { NodeFenceOutcome } from "../../../functions/core/contract/failover-node.ts";
import type { NodeLook } from "../../../functions/core/contract/failover-topology.ts";
import { type Target, targetSchema } from "../../../functions/core/contract/target.ts";
import { fenceNode } from "../../../functions/core/failover/door/fence-node.ts";
import { createKeptSessions } from "../../../functions/core/failover/door/kept-sessions.ts";
import { lookAtNode } from "../../../functions/core/failover/door/look-at-node.ts";
import type { DoorDeps, EngineDoor } from "../../../functions/core/failover/door/node-way.ts";
import { defaultSettings, type Settings } from "../../../functions/core/settings.ts";
import { databasesWith } from "../../../functions/wiring-databases.ts";
import type { Engine, LabNode } from "../../lab/engines/lab-server.ts";

/** The users of the shipped script, with its password. */
export const users = { probe: "rds_responder", act: "rds_responder_act" } as const;

export function targetAt(engine: Engine, port: number): Target {
  return targetSchema.parse({
    ...{ schema: "target.v1", name: `127.0.0.1:${port}`, group: "lab", engine, flavour: "rds" },
    ...{ engineVersion: null, host: "127.0.0.1", port, database: "app", role: "unknown", clusterId: null },
    ...{ resourceId: null, instanceClass: null, accountId: null, region: null, tags: {} },
  });
}

/** A door whose users may be others. */
export function doorAt(
  engine: Engine,
  door: EngineDoor,
  act: string = users.act,
  probe: string = users.probe,
  databases: Settings["databases"] = {},
) {
  const clock = createSystemClock();
  const credentials = async (_: Target, purpose: "probe" | "act") => ({
    ...{ user: purpose === "act" ? act : probe, password: "choose-one", iam: false },
  });
  const deps: DoorDeps = {
    ...{ clock, log: createCollectingLog(), engine: door },
    databases: () => databasesWith(credentials, { mode: "off" }),
  };
  const kept = createKeptSessions(clock);
  const settings = {
    ...defaultSettings,
    databases,
    probing: { ...defaultSettings.probing, connectTimeoutMs: 2000 },
  };
  return {
    look: (node: Pick<LabNode, "port">, signal?: AbortSignal): Promise<NodeLook> =>
      lookAtNode({ target: targetAt(engine, node.port), settings }, deps, signal),
    /** By the session of the look before. */
    lookAgain: (node: Pick<LabNode, "port">): Promise<NodeLook> =>
      lookAtNode({ target: targetAt(engine, node.port), settings }, { ...deps, kept }),
    close: () => kept.close(),
    turn: (
      node: Pick<LabNode, "port">,
      turn: "fence" | "unfence",
      expiresAt = new Date(clock.now() + 60_000).toISOString(),
    ): Promise<NodeFenceOutcome> =>
      fenceNode({ run: "run-1", target: targetAt(engine, node.port), settings, turn, expiresAt }, deps),
  };
}
