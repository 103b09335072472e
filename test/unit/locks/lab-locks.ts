import type { PreparedTransaction } from "../../../functions/core/contract/locks.ts";
import type { Session } from "../../../functions/core/contract/session.ts";
import type { ForestInput, LockRequest } from "../../../functions/core/locks/forest.ts";

/** Sessions and locks written by hand, for tests of what is read from them. */
export function session(id: number, overrides: Partial<Session> = {}): Session {
  return {
    id,
    sessionKey: `started-${id}`,
    statementKey: null,
    user: "shop",
    application: "checkout",
    client: "10.0.0.1",
    database: "app",
    kind: "client",
    wraparound: false,
    superuser: false,
    administrator: false,
    own: false,
    state: "active",
    stateSeconds: 1,
    stateSince: null,
    transactionSeconds: 1,
    statementSeconds: 1,
    sessionSeconds: 1,
    waitEvent: null,
    query: "select 1",
    leaderId: null,
    rowsModified: null,
    ...overrides,
  };
}

type LockLine = Pick<LockRequest, "object" | "mode"> & Partial<LockRequest>;

export function holds(owner: string, line: LockLine): LockRequest {
  return request(owner, line, true);
}

let queued = 0;

export function waits(owner: string, line: LockLine): LockRequest {
  queued += 1;
  return request(owner, { order: queued, waitSeconds: 10, ...line }, false);
}

function request(owner: string, line: LockLine, granted: boolean): LockRequest {
  return { owner, objectKind: "row", granted, order: 0, waitSeconds: null, explicit: false, ...line };
}

/** S goes with S; everything else excludes each other. */
export function sharedAndExclusive(_kind: unknown, held: string, wanted: string): boolean {
  return !(held === "S" && wanted === "S");
}

export function lockInput(
  requests: readonly LockRequest[],
  overrides: Partial<ForestInput> = {},
): ForestInput & { sessions: Map<string, Session> } {
  const owners = [...new Set(requests.map(({ owner }) => owner))].filter((key) => key.startsWith("session:"));
  const sessions = new Map(owners.map((key) => [key, session(Number(key.slice("session:".length)))]));
  const prepared = new Map<string, PreparedTransaction>();
  return { requests, prepared, conflicts: sharedAndExclusive, maxNodes: 1000, ...overrides, sessions };
}
