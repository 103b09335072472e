import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { tookSince } from "../../../functions/core/failover/loss.ts";
import { approvalMessage } from "../../../functions/core/failover/messages.ts";
import { redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, anInput, aRun, lsn, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const minute = 60_000;
const of = { at: noon, tries: 1, unclear: false, answer: "none" as const, says: null };
const force = ["old-primary-unfenced"];
const base = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "ended", approved: false, sent: { execute: of }, fencedBy: "restart" },
  ...{ goal: lsn("0/500"), checkedAt: noon },
});
const endedIn = (phase: "execute" | "prove-writable"): FailoverRun => ({
  ...base,
  ending: { status: "failed", phase, says: "It ended.", nextCommand: "x" },
});
const promoted = withNode(
  withNode(aGroup({ primary: "orders-db-1" }), "orders-db-1", { role: "writer", replicaOf: null }),
  "orders-db",
  { status: "stopped" },
);
const took = tookSince("orders-db", new Date(noon).toISOString(), "orders-db-1");
const loss = { bytes: null, transactions: null, seconds: null, rows: null, because: took };

describe("what a redrive overrides where a second person agrees", () => {
  it("F1 is asked for, whatever was agreed to a minute before without it", () => {
    const plain = redrive(endedIn("execute"), noon + minute, false);
    expect(plain.times.approved).toBe(noon);
    const forced = redrive(endedIn("execute"), noon + minute, false, force);
    expect(forced).toMatchObject({ phase: "check", approval: null, times: { approved: null } });
    const step = next(forced, seenOf(aGroup(), { now: noon + minute }));
    expect(step).toMatchObject({ effect: { kind: "ask" }, run: { phase: "approve" } });
    expect(JSON.stringify(step)).toContain("orders-db-1 is promoted all the same, and two may take them");
    const typed = redrive(endedIn("execute"), noon + minute, true, force);
    expect(typed.times.approved).toBe(noon + minute);
  });

  it("F5 is asked for behind a promotion that was carried out, before what was taken is given up", () => {
    const now = noon + 40 * minute;
    const run = redrive({ ...endedIn("prove-writable"), loss }, now, false, force);
    const asked = next(run, seenOf(promoted, { now }));
    expect(asked).toMatchObject({ effect: { kind: "ask" }, run: { phase: "approve", approval: null } });
    expect(JSON.stringify(asked)).toContain("What orders-db took since is lost");
    const later = now + minute;
    const answered = (is: "granted" | "declined") => {
      const approval = { is, by: "UB", at: later };
      return next(asked.run, seenOf(promoted, { now: later, approval })).run;
    };
    expect(answered("granted")).toMatchObject({ ending: null, times: { approved: later } });
    const no = answered("declined");
    expect(no.ending?.says).toContain("To stay with orders-db: responder failover --gone run-1");
    expect(no.notes).toContain("UB declined it.");
  });

  it("F5 is not agreed to by an answer to a card of before the promotion showed", () => {
    const now = noon + 40 * minute;
    const asked = {
      ...redrive({ ...endedIn("execute"), loss }, now, false, force),
      phase: "approve" as const,
    };
    const approval = { is: "granted" as const, by: "UB", at: now };
    const run = { ...asked, sent: { ...asked.sent, ask: of } };
    const step = next(run, seenOf(promoted, { now, approval }));
    expect(step).toMatchObject({ effect: { kind: "ask", key: "ask:lost" }, run: { approval: null } });
  });
});

describe("the card of a failover that is forced", () => {
  const card = (input: FailoverRun["input"]) => JSON.stringify(approvalMessage({ ...base, input }, aGroup()));

  it("F1 names what is overridden later, and calls nothing fenced that need not be", () => {
    const forced = card(anInput({ force: ["old-primary-unfenced", "not-caught-up"] }));
    expect(forced).toContain("old-primary-unfenced and not-caught-up");
    expect(forced).toContain("orders-db is fenced if it can be");
    expect(forced).toContain("What orders-db-1 has not applied by then is lost");
    expect(forced).not.toContain("orders-db is fenced and");
    const plain = card(anInput());
    expect(plain).toContain("orders-db is fenced and orders-db-1 becomes a database of its own");
    expect(plain).not.toContain("Overridden");
  });
});
