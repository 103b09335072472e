import { describe, expect, it } from "vitest";
import type { SqlRow } from "../../../../functions/core/ports.ts";
import {
  secondLookOf,
  secondLookStatements,
} from "../../../../functions/core/probes/postgres/blocking/second-look.ts";

/** A lock of an advisory key, or what else matters to the test; without a start of the wait it is held. */
function lock(pid: number, waitStarted: number | null, overrides: SqlRow = {}): SqlRow {
  return {
    locktype: "advisory",
    lock_database: "5",
    relation: null,
    page: null,
    tuple: null,
    virtualxid: null,
    transactionid: null,
    classid: "0",
    objid: "7",
    objsubid: 1,
    virtualtransaction: `1/${pid}`,
    pid,
    mode: "ExclusiveLock",
    granted: waitStarted === null,
    relation_name: null,
    lock_database_name: "app",
    here: true,
    wait_started: waitStarted,
    ...overrides,
  };
}

const object = "advisory lock (7)";
const first = [lock(1, null), lock(2, 10), lock(3, 11), lock(4, 12)];
const server = { engine: "postgres", version: "17.4", major: 17, backendId: 1 } as const;
const lookAfter = (later: readonly SqlRow[]) => secondLookOf(first, [[{ paused: "" }], later]);

describe("a second look at who has a lock", () => {
  it("P4 is taken where three or more want what one has at a time, and nowhere else", () => {
    expect(secondLookStatements(first, { server })).toHaveLength(2);
    expect(secondLookStatements(first.slice(0, 3), { server })).toEqual([]);
    const shared = first.map((row) => ({
      ...row,
      mode: row["granted"] ? "AccessShareLock" : (row["mode"] ?? null),
    }));
    expect(secondLookStatements(shared, { server })).toEqual([]);
    const rows = first.map((row) => ({ ...row, locktype: "transactionid", transactionid: "821" }));
    expect(secondLookStatements(rows, { server })).toEqual([]);
  });

  it("P4 says that a lock has moved on when its first waiter has it, or another", () => {
    expect(lookAfter([lock(2, null), lock(3, 11), lock(4, 12)])).toMatchObject({
      moved: [object],
      still: [],
    });
    expect(lookAfter([])).toMatchObject({ moved: [object], still: [] });
  });

  it("P4 says that a lock stood still when the same one has it and the same one is first", () => {
    expect(lookAfter(first)).toMatchObject({ moved: [], still: [object] });
  });

  it("P4 says neither when only the first waiter has given up", () => {
    expect(lookAfter([lock(1, null), lock(3, 11), lock(4, 12)])).toMatchObject({ moved: [], still: [] });
  });

  it("P4 says nothing when it was not taken or failed", () => {
    expect(secondLookOf(first, [])).toBeNull();
    expect(lookAfter([{ failed: "timeout" }])).toBeNull();
  });
});
