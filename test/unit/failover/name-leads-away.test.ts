import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, aLook, anInput, aRun, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const record = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, groupsBefore: ["sg-app"], names: [record] },
});
const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
  ...{ role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
});
const stranger = "orders-db-2.abc.rds.amazonaws.com";
const away = [{ ref: record, reading: { pointsTo: null, stranger, proves: null, ttlSeconds: 5 } }];
const unread = [{ ref: record, reading: { pointsTo: null, proves: null, ttlSeconds: 5 } }];
const check = { ...run, phase: "check" as const };
const repoint = {
  ...run,
  phase: "repoint" as const,
  fencedBy: "restart" as const,
  sent: { execute: of, open: of },
};
const forced = anInput({ force: ["name-leads-away"] });

describe("a name that people led to one of which RDS shows nothing here", () => {
  it("F3 holds the failover, and says where it leads and what lifts it", () => {
    expect(next(check, seenOf(aGroup(), { names: away })).run.ending).toMatchObject({
      status: "held",
      says: expect.stringContaining(`name-leads-away: record orders.internal leads to ${stranger}`),
      nextCommand: 'responder failover orders-db --reason "…" --force name-leads-away',
    });
    const lifted = next({ ...check, input: forced }, seenOf(aGroup(), { names: away }));
    expect(lifted.run).toMatchObject({ phase: "fence", overridden: ["name-leads-away"] });
  });

  it("F4 is not moved behind the promotion", () => {
    const step = next(repoint, seenOf(promoted, { names: away }));
    expect(step.run.ending).toMatchObject({
      ...{ status: "failed", phase: "repoint" },
      says: expect.stringContaining(`it leads to ${stranger}, which is none of this group`),
      nextCommand: "responder failover --redrive run-1 --force name-leads-away",
    });
    expect(JSON.stringify(step)).not.toContain('"kind":"point"');
  });

  it("F9 says that the printed command gives up once more what the redrive before named", () => {
    const given = { ...repoint, forcedAgain: ["old-primary-unfenced"] };
    const { ending } = next(given, seenOf(promoted, { names: away })).run;
    expect(ending).toMatchObject({
      nextCommand: "responder failover --redrive run-1 --force old-primary-unfenced --force name-leads-away",
      says: expect.stringContaining("It gives up once more what orders-db took, whatever that took since."),
    });
    const plain = next(repoint, seenOf(promoted, { names: away })).run;
    expect(plain.ending?.says).not.toContain("once more");
  });

  it("F4 is told to be what the old primary was called, where people renamed or deleted that since", () => {
    const reading = {
      pointsTo: null,
      stranger: "orders-db.abc.rds.amazonaws.com",
      ...{ formerly: "orders-db", proves: null, ttlSeconds: 5 },
    };
    const says = (topology: typeof promoted) =>
      next(repoint, seenOf(topology, { names: [{ ref: record, reading }] })).run.ending?.says;
    const without = { ...promoted, nodes: promoted.nodes.filter(({ id }) => id !== "orders-db") };
    expect(says(without)).toContain("the name of orders-db, which people renamed or deleted since");
    expect(says(without)).not.toContain("did not leave");
    expect(says(promoted)).toContain("this failover did not leave");
  });

  /** As the check leaves it that was passed by that word, with the name where it led. */
  const passed = next({ ...check, input: forced }, seenOf(aGroup(), { names: away })).run;
  const lifted = { ...repoint, overridden: passed.overridden, notes: passed.notes };

  it("F4 is not moved by a word that was said of where another one led", () => {
    const elsewhere = { pointsTo: null, stranger: "db.corp.example", proves: null, ttlSeconds: 5 };
    const { ending } = next(lifted, seenOf(promoted, { names: [{ ref: record, reading: elsewhere }] })).run;
    expect(ending?.says).toContain("it leads to db.corp.example");
  });

  it.each<[string, FailoverRun, typeof away | typeof unread]>([
    ["where it was forced at the check", lifted, away],
    ["where a redrive forced it", { ...repoint, forcedAgain: ["name-leads-away"] }, away],
    ["that nobody could read, beside no third writer", repoint, unread],
  ])("F4 is moved %s", (_, before, names) => {
    expect(next(before, seenOf(promoted, { names }))).toMatchObject({
      effect: { kind: "point", to: "orders-db-1" },
    });
  });
});
