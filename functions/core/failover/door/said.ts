import type { NodeLook } from "../../contract/failover-topology.ts";

/** What an engine said of itself; the rest every look has. */
export type Said = Omit<NodeLook, "at" | "reachable" | "failedAt">;

export const nothingSaid: Said = {
  ...{
    writable: null,
    fenced: null,
    traces: null,
    clients: null,
    written: null,
    received: null,
    applied: null,
  },
  ...{ receiving: null, sourceWritten: null, silentSeconds: null, applying: null, delaySeconds: null },
  ...{ filtered: null, heartbeatAgeSeconds: null, heartbeatRows: null, openTransaction: null },
};
