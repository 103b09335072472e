import type { LockForest } from "../../../../functions/core/contract/locks.ts";
import type { Session } from "../../../../functions/core/contract/session.ts";
import type { ConnectionGroup } from "../../../../functions/core/probes/rows.ts";
import { nobodyWaits, ownGroup, serverUp } from "./postgres-half-rows.ts";
import type { World } from "./world.ts";

interface FirstAnswers {
  readonly version: string;
  readonly upDays: number;
  readonly maxConnections: number;
  readonly database: string;
  readonly groups: readonly ConnectionGroup[];
  readonly sessions: readonly Session[];
  readonly waiting?: LockForest;
}

/** What every look asks first: the server, who waits for whom, who is connected, what runs. */
export function firstAnswers({ version, upDays, maxConnections, database, ...rows }: FirstAnswers) {
  return {
    "postgres-server": [serverUp(version, upDays * 86_400, maxConnections)],
    "postgres-blocking": [rows.waiting ?? nobodyWaits],
    "postgres-connections": [...rows.groups, ownGroup(database)],
    "postgres-sessions": [...rows.sessions],
  };
}

/** The server answers, and has no slot for who knocks. */
export function noSlotLeft(detail: string): NonNullable<World["inPart"]> {
  return (target, collectedAt) => ({
    schema: "probe-report.v1",
    target,
    collectedAt,
    connection: {
      status: "not-connected",
      failedStep: "no-free-slot",
      detail,
      refusedWith: "53300",
      pointsTo:
        "every slot that this user may take is in use: a leak, a storm or a pool set too large; free sessions or raise max_connections",
      tookMs: 63,
    },
    probes: [],
  });
}
