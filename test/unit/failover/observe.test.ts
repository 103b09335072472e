import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { UnreadableError } from "../../../functions/core/errors.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aRun, noon, quiet } from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

async function scopeOf(run: FailoverRun) {
  const ports = createMemoryFailover(createFailoverWorld(1).world);
  const scopes: (string | undefined)[] = [];
  const describe: typeof ports.controlPlane.describe = (database, signal, scope) => {
    scopes.push(scope);
    return ports.controlPlane.describe(database, signal, scope);
  };
  const controlPlane = { ...ports.controlPlane, describe };
  await observe(run, { ...ports, controlPlane }, noon, quiet, null);
  return scopes;
}

it("F9 the loss of a call that was cleared anew is measured with everything that is known, as that of the first", async () => {
  const sent = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null };
  const run = aRun({
    ...{ phase: "execute", method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db" },
    ...{ group: "orders-db", sent: { execute: sent }, clearedAt: noon - 1 },
  });
  expect(await scopeOf(run)).toEqual(["roles"]);
  expect(await scopeOf({ ...run, clearedAt: noon + 46_000 })).toEqual(["all"]);
});

describe("the record of whoever called last", () => {
  /** The first look, where the store answers so for run-0, by whose call the writer moved last. */
  async function firstLook(answer: () => Promise<null>) {
    const { world } = createFailoverWorld(1);
    world.topology = { lastCall: { at: new Date(noon).toISOString(), by: "run-0" } };
    const ports = createMemoryFailover(world);
    const runs = {
      ...ports.runs,
      get: async (id: string) => (id === "run-0" ? answer() : ports.runs.get(id)),
    };
    const run = aRun({ phase: "load" });
    return next(run, await observe(run, { ...ports, runs }, noon, quiet, null));
  }

  it("F5 is looked at again where it was lost: it may say that people stay with the old primary", async () => {
    const step = await firstLook(() => Promise.reject(new Error("no answer in time")));
    expect(step).toMatchObject({ is: "wait", says: "no answer in time" });
  });

  it("F5 is noted where it cannot be read, now or later, and stops nobody", async () => {
    const step = await firstLook(() => Promise.reject(new UnreadableError("a newer one")));
    expect(step).toMatchObject({ is: "do", effect: { kind: "take-lock" } });
    expect(step.run.notes.join()).toContain("Not to be read, and left out: run-0");
  });

  it("F5 is none where there is none any more", async () => {
    const step = await firstLook(async () => null);
    expect(step).toMatchObject({ is: "do", effect: { kind: "take-lock" } });
    expect(step.run.notes).toEqual([]);
  });
});
