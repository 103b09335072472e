import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../../functions/adapters/memory/collecting-log.ts";
import {
  createVirtualClock,
  type VirtualClock,
} from "../../../../functions/adapters/memory/virtual-clock.ts";
import type { Target } from "../../../../functions/core/contract/target.ts";
import { AwsError, SqlError } from "../../../../functions/core/errors.ts";
import { createNodeDoor } from "../../../../functions/core/failover/door/node-door.ts";
import type { EngineDoor } from "../../../../functions/core/failover/door/node-way.ts";
import { nothingSaid } from "../../../../functions/core/failover/door/said.ts";
import { orderTimes } from "../../../../functions/core/failover/order-times.ts";
import type { ConnectResult, SqlSession } from "../../../../functions/core/ports.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { aGroup, aNode } from "../../../support/failover-builder.ts";
import { changeableTarget } from "../../../support/rds-builder.ts";

const stamp = { run: "run-1", token: 1, effect: 1 };
const session: SqlSession = {
  server: { engine: "postgres", version: "17.4", major: 17, backendId: 1 },
  ...{ query: async () => [], begin: async () => "ended", limit: async () => undefined },
  close: async () => undefined,
};
const connection = { detail: null, pointsTo: null, tookMs: 1 } as const;
const connected: ConnectResult = {
  ...{ kind: "connected", session, connection: { ...connection, status: "connected", failedStep: null } },
};
const away: ConnectResult = {
  kind: "not-connected",
  connection: { ...connection, status: "not-connected", failedStep: "tcp" },
};
const well: EngineDoor = {
  look: async () => ({ ...nothingSaid, writable: true }),
  fence: async () => undefined,
  unfence: async () => undefined,
};

function door(
  over: {
    engine?: Partial<EngineDoor>;
    result?: ConnectResult;
    target?: Target | null;
    admit?: (clock: VirtualClock) => void | Promise<void>;
    connecting?: (clock: VirtualClock) => Promise<void>;
  } = {},
) {
  const clock = createVirtualClock();
  const asked: string[] = [];
  const ports = createNodeDoor({
    ...{ clock, log: createCollectingLog(), settings: defaultSettings },
    engineOf: () => ({ ...well, ...over.engine }),
    find: async ({ kind, id, region }) => {
      asked.push([kind, id, ...(region === undefined ? [] : [region])].join(" "));
      return over.target === undefined ? changeableTarget : over.target;
    },
    admit: async () => over.admit?.(clock),
    databases: () => ({
      connect: async () => {
        await over.connecting?.(clock);
        return over.result ?? connected;
      },
    }),
  });
  const look = (id: string) => ports.look(aNode(id), aGroup(), AbortSignal.timeout(5000));
  return { ports, look, asked };
}

describe("the door of a process in the VPC", () => {
  it("F3 asks RDS where a node listens, by its identifier or its ARN", async () => {
    const { look, asked } = door();
    expect(await look("orders-db")).toMatchObject({ reachable: true, writable: true });
    await look("arn:aws:rds:us-east-1:123456789012:db:orders-db-2");
    await look("arn:aws:rds:us-east-1:123456789012:cluster:shop");
    expect(asked).toEqual(["instance orders-db", "instance orders-db-2 us-east-1", "cluster shop us-east-1"]);
  });

  it("F3 does not reach what RDS does not describe, and never throws for it", async () => {
    expect(await door({ target: null }).look("orders-db")).toMatchObject({
      reachable: false,
      writable: null,
    });
  });

  it("F3 does not reach what lets it in and hangs, and reaches what answers that it may not", async () => {
    const asking = (error: SqlError) =>
      door({ engine: { look: () => Promise.reject(error) } }).look("orders-db");
    expect(await asking(new SqlError("timeout", "57014", "too late"))).toMatchObject({ reachable: false });
    expect(await asking(new SqlError("permission", "42501", "no"))).toMatchObject({
      ...{ reachable: true, writable: null, failedAt: "asking (no)" },
    });
  });

  it("F4 fences nothing for whoever was deposed", async () => {
    const admit = () => {
      throw new AwsError("Deposed", true, "token 1 is old");
    };
    const { ports, asked } = door({ admit });
    await expect(ports.fence("orders-db", stamp)).rejects.toMatchObject({ code: "Deposed" });
    expect(asked).toEqual([]);
  });

  it("F4 fences nothing for whoever was deposed while he waited for a connection, and nothing that comes late", async () => {
    const fenced: string[] = [];
    const engine = {
      fence: async () => {
        fenced.push("fenced");
      },
    };
    let asked = 0;
    const admit = () => {
      asked += 1;
      if (asked > 1) throw new AwsError("Deposed", true, "token 1 is old");
    };
    await expect(door({ engine, admit }).ports.fence("orders-db", stamp)).rejects.toMatchObject({
      ...{ refused: true, message: expect.stringContaining("token 1 is old") },
    });
    const late = door({ engine, connecting: (clock) => clock.advance(11_000) });
    await expect(late.ports.fence("orders-db", stamp)).rejects.toMatchObject({
      ...{ refused: true, message: expect.stringContaining("the order was good until") },
    });
    expect(fenced).toEqual([]);
    const { goodForMs, worksMs, settledMs } = orderTimes;
    expect(goodForMs + worksMs).toBeLessThan(settledMs);
  });

  it("F4 counts the life of an order from before it was admitted: the lock may have gone since", async () => {
    const slow = door({ admit: (clock) => clock.advance(11_000) });
    await expect(slow.ports.fence("orders-db", stamp)).rejects.toMatchObject({
      ...{ refused: true, message: expect.stringContaining("the order was good until") },
    });
  });

  it.each([
    [{ result: away }, true, "could not be reached (tcp)"],
    [{ engine: { fence: () => Promise.reject(new SqlError("permission", "42501", "no")) } }, true, "no"],
    [
      { engine: { fence: () => Promise.reject(new SqlError("connection-lost", "x", "gone")) } },
      false,
      "gone",
    ],
  ] as const)("F5 tells what was refused from what may have happened (%#)", async (over, refused, says) => {
    await expect(door(over).ports.fence("orders-db", stamp)).rejects.toMatchObject({
      ...{ refused, message: expect.stringContaining(says) },
    });
  });

  it("F5 knows whose group it looks at and fences", async () => {
    const groups: (readonly string[] | undefined)[] = [];
    const engine: Partial<EngineDoor> = {
      look: async (_session, { group }) => {
        groups.push(group);
        return nothingSaid;
      },
      fence: async (_session, { group }) => {
        groups.push(group);
      },
    };
    const { look, ports } = door({ engine });
    await look("orders-db");
    await ports.fence("orders-db", { ...stamp, nodes: ["orders-db", "orders-db-1"] });
    expect(groups).toEqual([
      ["orders-db", "orders-db-1"],
      ["orders-db", "orders-db-1"],
    ]);
  });

  it("F5 fences and opens", async () => {
    const { ports } = door();
    await expect(ports.fence("orders-db", stamp)).resolves.toBeUndefined();
    await expect(ports.unfence("orders-db", stamp)).resolves.toBeUndefined();
  });
});
