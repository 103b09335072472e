import { describe, expect, it } from "vitest";
import { choose } from "../../../functions/core/failover/choose.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noAnswer,
  quiet,
  seenOf,
} from "../../support/failover-builder.ts";

const writer = { role: "writer" as const, replicaOf: null, replication: null };
const gone = aLook({ receiving: false });
const left = aNode("orders-db", { ...writer, look: aLook({ fenced: true, traces: true }) });
const primary = aNode("orders-db-1", { ...writer, look: noAnswer });
/** It went on with the one that the failover before left, and has all of that. */
const stale = aNode("orders-db-2", { look: aLook() });
const own = aNode("orders-db-3", { replicaOf: "orders-db-1", look: gone });
const group = aGroup({ primary: "orders-db-1", nodes: [left, primary, stale] });
const input = anInput({ database: "orders-db-1" });
const run = aRun({
  ...{ input, method: "promote-replica", candidate: "orders-db-2", oldPrimary: "orders-db-1" },
  ...{ group: "orders-db", token: 7, fencedBy: "restart" },
});
const veto = "candidate-of-another-source: orders-db-2 follows orders-db, and not orders-db-1";

describe("a replica of whom the failover before left", () => {
  it("F1 is not chosen, and who is left alone with it is told whom it follows", () => {
    const alone = choose(group, input, quiet);
    expect(alone).toMatchObject({
      method: null,
      says: expect.stringContaining("orders-db-2 follows orders-db"),
    });
    const both = choose({ ...group, nodes: [...group.nodes, own] }, input, quiet);
    expect(both).toMatchObject({ candidate: "orders-db-3", says: "the only replica" });
    expect("ranked" in both && both.ranked.map(({ id }) => id)).toEqual(["orders-db-3"]);
  });

  it("F3 holds who names it, whatever is forced", () => {
    const named = { ...input, candidate: "orders-db-2", force: true };
    const step = next({ ...run, input: named, fencedBy: null, phase: "check" }, seenOf(group));
    expect(step.run.ending).toMatchObject({ status: "held", says: expect.stringContaining(veto) });
  });

  it("F3 is not promoted where it comes to follow another one behind the fence", () => {
    const seen = seenOf(group, { now: run.phaseSince + 200_000 });
    const step = next({ ...run, phase: "catch-up" }, seen);
    expect(step.run.ending?.says).toContain(veto);
    expect(JSON.stringify(step)).not.toContain('"kind":"execute"');
  });

  it("F1 a chain that leads to the primary is none, nor one whose primary RDS does not show", () => {
    const chained = aNode("orders-db-4", { replicaOf: "orders-db-3", look: gone });
    const named = { ...input, candidate: "orders-db-4" };
    const at = { ...run, input: named, candidate: "orders-db-4", fencedBy: null, phase: "check" as const };
    const shown = next(at, seenOf({ ...group, nodes: [...group.nodes, own, chained] }));
    const hidden = next(at, seenOf({ ...group, nodes: [left, own, chained] }));
    for (const step of [shown, hidden])
      expect(step.run.ending?.says ?? "").not.toContain("candidate-of-another-source");
  });
});
