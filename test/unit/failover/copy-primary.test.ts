import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noAnswer,
  noon,
  seenOf,
} from "../../support/failover-builder.ts";

const hour = 3_600_000;
const called = { at: noon - 9 * hour, tries: 1, unclear: false, answer: "done" as const, says: null };
const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon - 8 * hour, because: "x" };
const before = aRun({
  ...{
    id: "run-0",
    phase: "ended",
    method: "promote-replica",
    group: "orders-db",
    sent: { execute: called },
  },
  ...{ candidate: "orders-db-1", candidateResource: "db-ONE", oldPrimary: "orders-db" },
  ending: { status: "failed", phase: "wait", says: "x", nextCommand: "y" },
});
const stayed = { ...before, staysAt: noon - 7 * hour };
const writer = { role: "writer" as const, replicaOf: null, replication: null };
const nodes = (copy: string) => [
  aNode("orders-db", { ...writer, look: noAnswer }),
  aNode(copy, { ...writer, resourceId: "db-ONE", look: aLook({ writable: true }) }),
  aNode("orders-db-2", { look: aLook({ receiving: false }) }),
];
const lastCall = { at: new Date(called.at).toISOString(), by: "run-0" };
const group = (copy: string) => aGroup({ primary: copy, lastCall, nodes: nodes(copy) });
const forced = anInput({ force: true });
const started = aRun({ phase: "lock", group: "orders-db", input: forced });

function endOf(earlier: FailoverRun, copy = "orders-db-1", run = started) {
  return next(run, seenOf(group(copy), { earlier: [earlier] })).run.ending;
}

describe("an outage of the one that people serve from, beside the copy that was promoted", () => {
  it("F5 leaves no copy in its place that people have renamed, whatever is forced", () => {
    expect(endOf(stayed, "orders-copy")).toMatchObject({
      status: "held",
      says: expect.stringMatching(/People stay with orders-db .* orders-copy, the copy that was promoted/),
      nextCommand: "aws rds describe-db-instances --db-instance-identifier orders-copy",
    });
  });

  it("F5 says with its end that the last caller cannot be read, which alone would tell", () => {
    const run = { ...started, input: anInput() };
    const { ending } = next(run, seenOf(group("orders-db-1"), { unread: ["run-0"] })).run;
    expect(ending?.says).toContain(
      "Failover run-0, whose call was the last, cannot be read by this version. Where people stayed with the old primary then, orders-db-1 may be a copy that nobody needs",
    );
    const other = next(run, seenOf(group("orders-db-1"), { unread: ["run-9"] })).run;
    expect(other.ending?.says).not.toContain("whose call was the last");
  });

  it("F8 is held so by a dry run, too", () => {
    const dry = aRun({ phase: "load", input: { ...forced, dryRun: true } });
    expect(endOf(stayed, "orders-db-1", dry)?.says).toContain("People stay with orders-db");
  });

  it("F5 is not held by that where nobody said so: clients may be with the copy by now, which the names tell", () => {
    const told = { ...before, duties: [{ ...duty, toldAt: noon - 8 * hour }] };
    for (const earlier of [before, told])
      expect(endOf(earlier)?.says ?? "").not.toContain("copy that was promoted");
  });
});

describe("a name that leads to one that is neither left nor promoted, and does not answer", () => {
  const [ref = never()] = aGroup().names;
  const topology = { ...group("orders-copy"), nodes: [...nodes("orders-copy").slice(0, 2), own()] };
  const check = aRun({
    ...{ phase: "check", group: "orders-db", input: forced, method: "promote-replica", token: 7 },
    ...{ candidate: "orders-copy-1", oldPrimary: "orders-copy" },
  });
  const reading = { pointsTo: "orders-db", proves: null, ttlSeconds: 5 };

  function own() {
    return aNode("orders-copy-1", { replicaOf: "orders-copy", look: aLook({ receiving: false }) });
  }

  function endWith(change: Parameters<typeof aNode>[1]) {
    const [old, ...rest] = topology.nodes;
    const changed = { ...topology, nodes: [{ ...(old ?? own()), ...change }, ...rest] };
    return next(check, seenOf(changed, { names: [{ ref, reading }] })).run.ending;
  }

  it("F3 holds a failover of another one, for the outage is its own", () => {
    expect(endWith({})).toMatchObject({
      status: "held",
      says: expect.stringContaining(
        "name-elsewhere: record orders.internal leads to orders-db, which may take",
      ),
    });
  });

  it.each([
    ["is seen to take none", { look: aLook({ writable: false, fenced: true }) }],
    ["is walled", { securityGroups: ["sg-quarantine"] }],
    ["does not run", { status: "stopped" }],
  ])("F3 holds none where that one %s", (_, change) => {
    expect(endWith(change)?.says ?? "").not.toContain("name-elsewhere");
  });
});

function never(): never {
  throw new Error("there is no name");
}
