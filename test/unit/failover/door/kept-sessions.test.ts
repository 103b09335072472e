import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock } from "../../../../functions/adapters/memory/virtual-clock.ts";
import { SqlError } from "../../../../functions/core/errors.ts";
import { createNodeDoor } from "../../../../functions/core/failover/door/node-door.ts";
import { nothingSaid } from "../../../../functions/core/failover/door/said.ts";
import type { SqlSession } from "../../../../functions/core/ports.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { changeableTarget } from "../../../support/rds-builder.ts";

const connection = {
  detail: null,
  pointsTo: null,
  tookMs: 1,
  status: "connected",
  failedStep: null,
} as const;

/** A door to databases that count who signs in, and who goes. */
function counted(broken: ReadonlySet<number> = new Set()) {
  const clock = createVirtualClock();
  const opened: number[] = [];
  const closed: number[] = [];
  const asked: number[] = [];
  const open = (): SqlSession => {
    const backendId = opened.length + 1;
    opened.push(backendId);
    return {
      server: { engine: "postgres", version: "17.4", major: 17, backendId },
      ...{ query: async () => [], begin: async () => "ended", limit: async () => undefined },
      close: async () => void closed.push(backendId),
    };
  };
  const door = createNodeDoor({
    ...{ clock, log: createCollectingLog(), settings: defaultSettings, admit: async () => undefined },
    engineOf: () => ({
      look: async ({ server: { backendId } }) => {
        asked.push(backendId);
        if (broken.has(backendId) && asked.filter((id) => id === backendId).length > 1)
          throw new SqlError("connection-lost", "x", "gone");
        return { ...nothingSaid, writable: false };
      },
      fence: async () => undefined,
      unfence: async () => undefined,
    }),
    find: async ({ id }) => ({ ...changeableTarget, host: id }),
    databases: () => ({
      connect: async () => ({ kind: "connected", session: open(), connection }),
    }),
  });
  const look = (id: string, session: "kept" | "new" = "kept") =>
    door.look({ id }, { nodes: [] }, AbortSignal.timeout(5000), session);
  return { clock, door, look, opened, closed, asked };
}

describe("sessions between looks of one run", () => {
  it("F9 are signed in once a node, and each look asks anew what it is", async () => {
    const { look, opened, asked, closed } = counted();
    for (const id of ["orders-db", "orders-db-1", "orders-db", "orders-db-1"]) await look(id);
    expect(opened).toEqual([1, 2]);
    expect(asked).toEqual([1, 2, 1, 2]);
    expect(closed).toEqual([]);
  });

  it("F9 are opened again where they broke, which says nothing of the node", async () => {
    const { look, opened, closed } = counted(new Set([1]));
    await look("orders-db");
    expect(await look("orders-db")).toMatchObject({ reachable: true, writable: false });
    expect(opened).toEqual([1, 2]);
    expect(closed).toEqual([1]);
  });

  it("F9 are used for no longer than a minute, nor where a sign-in is to be proved, nor at the end", async () => {
    const { look, opened, closed, clock, door } = counted();
    await look("orders-db");
    await clock.advance(61_000);
    await look("orders-db");
    expect([opened, closed]).toEqual([[1, 2], [1]]);
    await look("orders-db", "new");
    expect([opened, closed]).toEqual([[1, 2, 3], expect.arrayContaining([1, 2, 3])]);
    await look("orders-db");
    await door.close?.();
    expect(closed).toHaveLength(4);
  });

  it("F9 are one a node: two looks at once use two, and the second is closed", async () => {
    const { look, opened, closed } = counted();
    await look("orders-db");
    await Promise.all([look("orders-db"), look("orders-db")]);
    expect(opened).toEqual([1, 2]);
    expect(closed).toHaveLength(1);
  });
});
