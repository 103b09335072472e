import { expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
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
