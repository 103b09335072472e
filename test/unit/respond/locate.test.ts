import { describe, expect, it } from "vitest";
import { createMemoryRdsControl } from "../../../functions/adapters/memory/memory-rds-control.ts";
import type { Target } from "../../../functions/core/contract/target.ts";
import type { Assignment } from "../../../functions/core/contract/workflow.ts";
import type { RdsControl } from "../../../functions/core/ports.ts";
import { freshTarget } from "../../../functions/core/respond/fresh-target.ts";
import { locate, readPolicy } from "../../../functions/core/respond/locate.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { aTarget } from "../../support/incident-builder.ts";

const now = Date.parse("2026-11-21T10:00:00.000Z");
const clock = { now: () => now, sleep: async () => undefined };
const inCluster = { clusterId: "orders", flavour: "aurora", group: "orders" } as const;
const first = aTarget({ ...inCluster, name: "orders-1", role: "writer" });
const second = aTarget({ ...inCluster, name: "orders-2", role: "reader" });

function assignment(overrides: Partial<Assignment> = {}): Assignment {
  return {
    schema: "assignment.v1",
    incidentId: "inc-1",
    cycle: 1,
    target: first,
    signal: null,
    tiers: ["immediate"],
    settings: settingsSchema.parse({}),
    ...overrides,
  };
}

function knowing(...targets: readonly Target[]) {
  return { rds: createMemoryRdsControl({ targets }), clock };
}

const refusing: RdsControl = {
  find: () => Promise.reject(new Error("Throttling: Rate exceeded")),
  foreignEngine: () => Promise.reject(new Error("Throttling: Rate exceeded")),
};

describe("who is looked at", () => {
  it("S11 is read anew: role, address and tags as they are now", async () => {
    const moved = { ...first, host: "elsewhere", tags: { "rds-responder:mode": "observe" } };
    const { target, located } = await locate(assignment(), knowing(moved));
    expect(target).toEqual(moved);
    expect(located).toMatchObject({ target: moved, joins: null, gone: null });
  });

  it("S11 is the one whose turn it is", async () => {
    const wanted = { name: "orders-2", role: "reader" } as const;
    expect((await locate(assignment({ wanted }), knowing(first, second))).target.name).toBe("orders-2");
  });

  it("S11 after a failover is also the one that took over", async () => {
    const demoted = { ...first, role: "reader" } as const;
    const wanted = { name: "orders-1", role: "writer" } as const;
    const promoted = { ...second, role: "writer" } as const;
    const { target, located } = await locate(assignment({ wanted }), knowing(demoted, promoted));
    expect(target).toEqual(demoted);
    expect(located?.joins).toEqual({ name: "orders-2", role: "writer" });
  });

  it("S11 in the middle of a failover keeps its role open, so that it is asked again", async () => {
    const demoted = { ...first, role: "reader" } as const;
    const wanted = { name: "orders-1", role: "writer" } as const;
    const { target, located } = await locate(assignment({ wanted }), knowing(demoted, second));
    expect(target.role).toBe("unknown");
    expect(located?.joins).toBeNull();
  });

  it("S11 when RDS knows it no more is the writer of its cluster, and that is said", async () => {
    const wanted = { name: "orders-3", role: "reader" } as const;
    const { target, located } = await locate(assignment({ wanted }), knowing(first, second));
    expect(target.name).toBe("orders-1");
    expect(located?.gone).toBe("orders-3");
  });

  it("M6 is what was known when RDS does not answer, and that is said", async () => {
    const { target, located } = await locate(assignment(), { rds: refusing, clock });
    expect(target).toEqual(first);
    expect(located).toMatchObject({ target: null, gone: null, reason: "Throttling: Rate exceeded" });
  });
});

describe("names in the settings", () => {
  const settings = settingsSchema.parse({
    exempt: { "orders-1": "2027-01-01T00:00:00Z", "ordres-2": "2027-01-01T00:00:00Z" },
    databases: { orders: { name: "shop" }, "payments-1": { name: "pay" } },
    alarms: { "queue is long": "nobody" },
  });

  it("A40 that are no database are told with the second look", async () => {
    const { located } = await locate(assignment({ cycle: 2, settings }), knowing(first, second));
    expect(located?.notes).toEqual([
      'Setting exempt names "ordres-2", which is no database that RDS knows here: it exempts nothing.',
      'Setting databases names "payments-1", which is no database that RDS knows here: it applies to nothing.',
      'Setting alarms names "nobody", which is no database that RDS knows here: its alarm finds no database.',
    ]);
    expect((await locate(assignment({ cycle: 1, settings }), knowing(first))).located?.notes).toEqual([]);
  });

  it("A40 of a whole group are known by its last part, and those of other places are not judged", async () => {
    const exempt = {
      "123456789012/eu-central-1/orders": "2027-01-01T00:00:00Z",
      "123456789012/eu-central-1/ordres": "2027-01-01T00:00:00Z",
      "999999999999/eu-central-1/ordres": "2027-01-01T00:00:00Z",
    };
    const input = assignment({ cycle: 2, settings: settingsSchema.parse({ exempt }) });
    const { located } = await locate(input, knowing(first));
    expect(located?.notes).toEqual([expect.stringContaining('"ordres"')]);
  });

  it("A40 that could not be asked about are not called unknown", async () => {
    const { located } = await locate(assignment({ cycle: 2, settings }), { rds: refusing, clock });
    expect(located?.notes).toEqual([]);
  });
});

describe("the tags before the gate", () => {
  it("A41 are those of this moment", async () => {
    const tagged = { ...first, tags: { "rds-responder:mode": "observe" } };
    const policy = await readPolicy("orders-1", knowing(tagged));
    expect(freshTarget(policy, "orders-1", now + 1000)).toEqual({ kind: "read", target: tagged });
  });

  it.each([
    ["the function that reads them failed", async () => null],
    ["RDS refused", () => readPolicy("orders-1", { rds: refusing, clock })],
    ["RDS knows it no more", () => readPolicy("orders-1", knowing(second))],
    ["it answered about another one", () => readPolicy("orders-2", knowing(second))],
    ["the step named none", () => readPolicy(undefined, knowing(first))],
  ])("A41 are not read when %s, and that means observe", async (_why, read) => {
    const fresh = freshTarget(await read(), "orders-1", now);
    expect(fresh).toMatchObject({
      kind: "unread",
      refusal: { guard: "tags-unread", reason: expect.stringContaining("means observe") },
    });
  });

  it("A41 are not those of five minutes ago", async () => {
    const policy = await readPolicy("orders-1", knowing(first));
    expect(freshTarget(policy, "orders-1", now + 300_000).kind).toBe("unread");
  });
});
