import { anIdleTransaction, aSession } from "../../../support/forest-builder.ts";
import { aWait } from "./world.ts";

export const gib = 1024 ** 3;

export function index(more: object = {}): object {
  return {
    ...{ schema: "public", table: "orders", index: "orders_state_idx", problem: "unused", coveredBy: null },
    ...{
      unique: false,
      definition: "CREATE INDEX orders_state_idx ON public.orders (state)",
      sizeBytes: 9 * gib,
    },
    ...{ scans: 0, lastScanAt: null, tableRows: 60e6, tableWrites: 900e6, building: false },
    ...{
      statsSinceAt: "2026-06-01T00:00:00Z",
      statsAgeSeconds: 170 * 86_400,
      checkpointerSeconds: 170 * 86_400,
    },
    ...{ owner: "shop", caveat: null, ...more },
  };
}

export function fed(more: object = {}): object {
  return {
    ...{ schema: "public", table: "orders", column: "id", type: "integer", owner: "shop" },
    ...{ sequence: "public.orders_id_seq", sequenceSchema: "public", nextValue: "2126008800" },
    ...{ maxValue: "2147483647", usedPercent: 99, narrow: "column", ...more },
  };
}

export function progress(more: object = {}): object {
  return {
    ...{ command: "create-index", pid: 900, sessionKey: "2026-11-21 07:00:00+00", automatic: false },
    ...{
      wraparound: false,
      database: "shop",
      relation: "public.orders",
      phase: "building index",
      seconds: 900,
    },
    ...{ done: 1000, total: 5e6, unit: "blocks", percent: 0.02, waitEvent: null, user: "deploy" },
    ...{ application: "migrate", ...more },
  };
}

export const busyDisk = {
  DBLoad: 14,
  DBLoadCPU: 1,
  ReadIOPS: 12_000,
  ReadLatency: 0.02,
  WriteLatency: 0.02,
  DiskQueueDepth: 40,
};
export const reads = [aWait("IO:DataFileRead", 11), aWait(null, 1)];
const concurrently = "CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state)";
export const holder = anIdleTransaction(44, 4000);
export const building = aSession(900, {
  query: concurrently,
  statementSeconds: 3900,
  transactionSeconds: 3900,
  stateSeconds: 3900,
  waitEvent: "Lock:virtualxid",
  user: "deploy",
  application: "migrate",
});
