import { describe, expect, it } from "vitest";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  aNode,
  anInput,
  aRun,
  noon,
  seenOf,
  untold,
  withNode,
} from "../../support/failover-builder.ts";

const record = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const run = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, groupsBefore: ["sg-app"], names: [record] },
});
const writer = { role: "writer" as const, replicaOf: null };
const third = aNode("orders-db-2", { ...writer, look: aLook({ writable: true, clients: 50 }) });
const promoted = withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
  ...{ ...writer, look: aLook({ writable: true, traces: false }) },
});
const beside = (group: ReturnType<typeof aGroup>) => ({ ...group, nodes: [...group.nodes, third] });
const behind = { ...run, fencedBy: "restart" as const, sent: { execute: of, open: of } };
const reading = { pointsTo: "orders-db-2", proves: "orders-db-2", ttlSeconds: 5 };
const onThird = [{ ref: record, reading }];

describe("where the names lead, of a run that leaves several phases in one look", () => {
  it("F3 is asked before it is checked, a dry run included", () => {
    const started = aRun({ phase: "lock", group: "orders-db" });
    const dry = aRun({ phase: "load", input: anInput({ dryRun: true }) });
    for (const before of [started, dry]) {
      const step = next(before, seenOf(beside(aGroup()), { names: [] }));
      expect(step).toMatchObject({ is: "wait", until: noon, run: { phase: "check", ending: null } });
      const after = next(step.run, seenOf(beside(aGroup()), { names: onThird }));
      expect(after.run.ending?.says).toContain("name-elsewhere: record orders.internal leads to orders-db-2");
    }
  });

  it("F4 is asked before a name is moved", () => {
    const step = next({ ...behind, phase: "prove-writable" }, seenOf(beside(promoted), { names: [] }));
    expect(step).toMatchObject({ is: "wait", until: noon, run: { phase: "repoint", ending: null } });
    const after = next(step.run, seenOf(beside(promoted), { names: onThird }));
    expect(after.run.ending?.says).toContain("was not moved to it: it leads to orders-db-2");
  });
});

describe("a name that could not be read", () => {
  const at = (afterMs: number) => ({ now: noon + afterMs });

  it("F3 is read again where a third one takes writes, and holds behind ten seconds", () => {
    const check = { ...run, phase: "check" as const };
    const lost = untold(run);
    expect(next(check, seenOf(beside(aGroup()), { ...at(5000), ...lost })).is).toBe("wait");
    const held = next(check, seenOf(beside(aGroup()), { ...at(10_000), ...lost })).run.ending;
    expect(held).toMatchObject({
      status: "held",
      says: expect.stringContaining("leads could not be seen, and orders-db-2 takes writes"),
    });
  });

  it("F3 holds the failover beside no third one, too: it may lead to one that RDS does not show here", () => {
    const check = { ...run, phase: "check" as const };
    const lost = untold(run);
    expect(next(check, seenOf(aGroup(), { ...at(9999), ...lost })).is).toBe("wait");
    expect(next(check, seenOf(aGroup(), { ...at(10_000), ...lost })).run.ending).toMatchObject({
      status: "held",
      says: expect.stringContaining("name-unread: where record orders.internal leads could not be seen"),
      nextCommand: 'responder failover orders-db --reason "…" --force name-unread',
    });
    const forced = { ...check, input: anInput({ force: ["name-unread"] }) };
    expect(next(forced, seenOf(aGroup(), lost)).is).toBe("wait");
    expect(next(forced, seenOf(aGroup(), { ...at(10_000), ...lost })).run.phase).toBe("fence");
  });

  it.each([
    ["and a third one takes writes", beside(promoted), "and orders-db-2 takes writes"],
    ["and nobody knows of anyone else", promoted, "and clients may be elsewhere by it"],
  ])("F4 is read again, and not moved blindly, %s", (_, group, says) => {
    const repoint = { ...behind, phase: "repoint" as const };
    const lost = untold(run);
    expect(next(repoint, seenOf(group, { ...at(5000), ...lost })).is).toBe("wait");
    expect(next(repoint, seenOf(group, { ...at(29_999), ...lost })).is).toBe("wait");
    expect(next(repoint, seenOf(group, { ...at(30_000), ...lost })).run.ending).toMatchObject({
      ...{ status: "failed", phase: "repoint", nextCommand: "responder failover --redrive run-1" },
      says: expect.stringContaining(`where it leads could not be read, ${says}`),
    });
  });

  it("F4 is moved behind ten seconds where it was read since this was typed that it leads to one of the group", () => {
    const checked = next({ ...run, phase: "check" }, seenOf(aGroup()));
    expect(checked.run).toMatchObject({ phase: "fence", ledAt: noon });
    const repoint = { ...behind, phase: "repoint" as const, ledAt: checked.run.ledAt };
    const lost = untold(run);
    expect(next(repoint, seenOf(promoted, { ...at(9999), ...lost })).is).toBe("wait");
    const moved = next(repoint, seenOf(promoted, { ...at(10_000), ...lost }));
    expect(moved).toMatchObject({ effect: { kind: "point", to: "orders-db-1" } });
    expect(moved.run.notes.join()).toContain(
      "Where record orders.internal led could not be read, and it was moved",
    );
  });

  it("F4 is not moved unread behind a look that showed it with a stranger, nor by a redrive that has not read it", () => {
    const repoint = { ...behind, phase: "repoint" as const };
    const stranger = "orders-db.dr.example";
    const led = {
      names: [{ ref: record, reading: { pointsTo: null, stranger, proves: null, ttlSeconds: 5 } }],
    };
    const shown = next({ ...run, phase: "check", ledAt: noon }, seenOf(aGroup(), led)).run;
    expect(shown.ledAt).toBeNull();
    const ending = { status: "failed", phase: "repoint", says: "x", nextCommand: "y" } as const;
    const again = redrive({ ...repoint, phase: "ended", ledAt: noon, ending }, noon + 60_000);
    const lost = { now: noon + 60_000 + 30_000, ...untold(run) };
    for (const before of [{ ...repoint, ledAt: shown.ledAt }, again])
      expect(next(before, seenOf(promoted, lost)).run.ending?.says).toContain("could not be read");
  });

  it("F4 is not moved blindly by a redrive either, whose call of before was refused, nor behind another name", () => {
    const repoint = { ...behind, phase: "repoint" as const, phaseSince: noon };
    const refused = { ...of, at: noon - 60_000, answer: "refused" as const };
    const lost = (sent: object, names = [record], read: object[] = []) =>
      next(
        { ...repoint, names, sent: { ...behind.sent, ...sent } },
        {
          ...seenOf(promoted, at(4000)),
          names: names.map((ref, index) => ({ ref, reading: (read[index] as typeof reading) ?? null })),
        },
      );
    expect(lost({ "point:0": refused }).is).toBe("wait");
    const second = { ...record, record: "reports.internal" };
    const moved = { pointsTo: "orders-db-1", proves: null, ttlSeconds: 5 };
    const done = { ...of, at: noon + 1000 };
    expect(lost({ "point:0": done }, [record, second], [moved]).is).toBe("wait");
  });

  it("F4 no name is moved where another one of the group was led away", () => {
    const repoint = { ...behind, phase: "repoint" as const };
    const second = { ...record, record: "reports.internal" };
    const well = { pointsTo: "orders-db", proves: null, ttlSeconds: 5 };
    const led = { pointsTo: null, stranger: "db.elsewhere.example", proves: null, ttlSeconds: 5 };
    const names = [
      { ref: record, reading: well },
      { ref: second, reading: led },
    ];
    const { ending } = next({ ...repoint, names: [record, second] }, seenOf(promoted, { names })).run;
    expect(ending?.says).toContain("reports.internal was not moved to it: it leads to db.elsewhere.example");
  });

  it("F4 is not moved at the first look that could not ask the old primary whether it takes writes", () => {
    const led = { names: [{ ref: record, reading: { pointsTo: "orders-db", proves: null, ttlSeconds: 5 } }] };
    const repoint = { ...behind, phase: "repoint" as const };
    const unasked = withNode(promoted, "orders-db", { look: null });
    expect(next(repoint, seenOf(unasked, led))).toMatchObject({
      says: expect.stringContaining("orders-db could not be asked"),
    });
    expect(next(repoint, seenOf(unasked, { ...led, ...at(10_000) })).is).toBe("do");
    expect(next(repoint, seenOf(promoted, led)).is).toBe("do");
  });
});
