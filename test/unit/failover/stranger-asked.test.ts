import { describe, expect, it } from "vitest";
import { createMemoryFailover } from "../../../functions/adapters/memory/memory-failover.ts";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { lossText, tookSince } from "../../../functions/core/failover/loss.ts";
import { approvalMessage } from "../../../functions/core/failover/messages.ts";
import { observe } from "../../../functions/core/failover/observe.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import {
  aGroup,
  aLook,
  anInput,
  aRun,
  lsn,
  noon,
  quiet,
  seenOf,
  withNode,
} from "../../support/failover-builder.ts";
import { createFailoverWorld } from "../../support/skipped-world.ts";

const minute = 60_000;
const record = { kind: "route53" as const, zoneId: "Z1", record: "orders.internal" };
const of = { at: noon, tries: 1, unclear: false, answer: "done" as const, says: null };
const force = ["name-leads-away"];
const because = "orders-db-1 applied all that the fenced orders-db had written";
const stranger = "orders-db-2.abc.rds.amazonaws.com";
const names = [{ ref: record, reading: { pointsTo: null, stranger, proves: null, ttlSeconds: 5 } }];
const promoted = withNode(
  withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", {
    ...{ role: "writer", replicaOf: null, look: aLook({ writable: true, traces: false }) },
  }),
  "orders-db",
  { status: "stopped" },
);
/** It told that the name leads to orders-db-2, and printed what moves it all the same. */
const ended: FailoverRun = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "ended", approved: false, sent: { execute: of, open: of }, fencedBy: "restart" },
  ...{ goal: lsn("0/500"), checkedAt: noon, names: [record] },
  ending: { status: "failed", phase: "repoint", says: "It ended.", nextCommand: "x" },
  loss: { bytes: 0, transactions: 0, seconds: 0, rows: 0, because },
});
const see = (now: number) => seenOf(promoted, { now, names });

describe("a name that is moved off whom people led it to", () => {
  it.each([1, 40])("F1 is asked of a second person, %i min after the plain failover", (minutes) => {
    const now = noon + minutes * minute;
    const asked = next(redrive(ended, now, false, force), see(now));
    expect(asked).toMatchObject({ effect: { kind: "ask", key: "ask:lost" }, run: { phase: "approve" } });
    expect(JSON.stringify(asked)).toContain(`leads to ${stranger}, which is none of this group`);
    expect(JSON.stringify(asked)).not.toContain("What orders-db took since is lost");
    const answered = (is: "granted" | "declined") => {
      const approval = { is, by: "UB", at: now + minute };
      return next(asked.run, { ...see(now + minute), approval }).run;
    };
    expect(answered("granted")).toMatchObject({ ending: null, times: { approved: now + minute } });
    expect(answered("declined").ending).toMatchObject({
      says: expect.stringContaining(`UB declined it. orders-db-1 takes writes, and the name was not moved`),
      nextCommand: "responder failover --redrive run-1 --force name-leads-away",
    });
  });

  it("F1 is asked, and goes on being asked, where it cannot be read where the name leads", () => {
    const now = noon + 40 * minute;
    const lost = { ...see(now), names: [{ ref: record, reading: null }] };
    const asked = next(redrive(ended, now, false, force), lost);
    expect(asked).toMatchObject({ effect: { kind: "ask", key: "ask:lost" } });
    const later = { ...lost, now: now + minute, approval: { is: "pending" as const } };
    expect(next(asked.run, later)).toMatchObject({ is: "wait", run: { phase: "approve", ending: null } });
  });

  it("F1 is still read while the card waits, and only behind the call", async () => {
    const ports = createMemoryFailover(createFailoverWorld(1).world);
    const waits = { ...ended, phase: "approve" as const, ending: null };
    const look = (run: FailoverRun) => observe(run, ports, noon, quiet, null);
    expect((await look(waits)).names).toHaveLength(1);
    expect((await look({ ...waits, sent: {} })).names).toEqual([]);
  });

  it("F9 tells that what was taken there is lost, and that it was overridden", () => {
    const typed = next(redrive({ ...ended, approved: true }, noon + minute, true, force), see(noon + minute));
    expect(typed).toMatchObject({
      effect: { kind: "point", to: "orders-db-1" },
      run: { overridden: expect.arrayContaining(force) },
    });
    expect(lossText(typed.run.loss)).toBe(
      `unknown: what ${stranger} took, if anything, orders-db-1 never got`,
    );
  });

  it("F9 does not hide that the old primary took writes", () => {
    const took = tookSince("orders-db", new Date(noon).toISOString(), "orders-db-1");
    const loss = { bytes: null, transactions: null, seconds: null, rows: null, because: took };
    const both = [...force, "old-primary-unfenced"];
    const { run } = next(
      redrive({ ...ended, approved: true, loss }, noon + minute, true, both),
      see(noon + minute),
    );
    expect(run.loss?.because).toBe(took);
    expect(run.notes.join()).toContain(`what ${stranger} took`);
  });

  it("F1 stands on the card where it was lifted at the check, and not where it was named for nothing", () => {
    const cardOf = (run: FailoverRun) => JSON.stringify(approvalMessage(run, aGroup()));
    expect(cardOf({ ...ended, overridden: force })).toContain("name-leads-away");
    expect(cardOf({ ...ended, input: anInput({ force }) })).not.toContain("name-leads-away");
  });
});
