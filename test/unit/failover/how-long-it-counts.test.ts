import { describe, expect, it } from "vitest";
import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { goneStale, redrive } from "../../../functions/core/failover/redrive.ts";
import { next } from "../../../functions/core/failover/run.ts";
import { aGroup, anInput, aRun, noAnswer, noon, seenOf, withNode } from "../../support/failover-builder.ts";

const minute = 60_000;
const at = (minutes: number) => noon + minutes * minute;
const called = (minutes: number) => ({
  execute: { at: at(minutes), tries: 1, unclear: false, answer: "none" as const, says: null },
});
const ending = { status: "failed" as const, phase: "execute" as const, says: "It ended.", nextCommand: "x" };
const force = ["primary-alive"];
/** Forced at noon by who started it; its call was lost. */
const forced = aRun({
  ...{ method: "promote-replica", candidate: "orders-db-1", oldPrimary: "orders-db", group: "orders-db" },
  ...{ token: 7, phase: "ended", ending, sent: called(0), fencedBy: "restart", groupsBefore: ["sg-app"] },
  ...{ checkedAt: noon, sawAt: noon, input: anInput({ force }) },
});
const clicked = (minutes: number) =>
  ({ is: "granted", by: "UB", at: at(minutes), expiresAt: at(minutes + 15) }) as const;

/** It sent its call once more, and failed once more. */
function failedAgain(run: FailoverRun, minutes: number): FailoverRun {
  return { ...run, phase: "ended", ending, sent: called(minutes), sawAt: at(minutes) };
}

/** By whom, and who was there until a minute before. */
function redriven(run: FailoverRun, minutes: number, approved = true): FailoverRun {
  return redrive({ ...run, sawAt: at(minutes - 1) }, at(minutes), approved);
}

describe("what a failover was forced by when it began", () => {
  it("F4 counts sixteen minutes from when it was typed, however often it is redriven and sent meanwhile", () => {
    const once = redriven(forced, 11);
    expect(once).toMatchObject({ phase: "fence", input: { force } });
    const twice = redriven(failedAgain(once, 11), 22);
    expect(twice).toMatchObject({ phase: "check", input: { force: false }, approved: true });
    expect(twice.notes.join()).toContain("without --force primary-alive of its beginning");
  });

  it("F4 counts no more in a check that let it pass by that", () => {
    const run = { ...forced, checkedAt: at(12), sawAt: at(12) };
    expect(redriven(run, 15)).toMatchObject({ phase: "fence", input: { force } });
    expect(redriven(run, 17)).toMatchObject({ phase: "check", input: { force: false } });
  });

  it("F4 counts no more once people were told that the old primary is left", () => {
    const duty = { kind: "watch-old-primary" as const, node: "orders-db", since: noon, because: "x" };
    const told = { ...forced, duties: [{ ...duty, toldAt: at(1) }] };
    expect(redriven(told, 5)).toMatchObject({ phase: "check", input: { force: false } });
  });

  it("F4 ends within a run that a plain redrive went on with: it is judged anew without it, once", () => {
    const run = { ...redriven(forced, 15), sawAt: at(17), lookedAt: at(17) };
    expect(goneStale(run, at(15.5))).toBe(run);
    const plain = goneStale(run, at(17));
    expect(plain).toMatchObject({ phase: "check", input: { force: false }, approved: true });
    expect(goneStale(plain, at(17.1))).toBe(plain);
  });

  it("F4 counts from the click of who agreed to it, and by no plain redrive", () => {
    const agreed = { ...forced, approved: false, approval: clicked(10) };
    const run = { ...agreed, checkedAt: at(11), times: { ...forced.times, approved: at(10) } };
    expect(redriven(run, 20)).toMatchObject({ phase: "fence", input: { force } });
    const late = redriven(failedAgain(redriven(run, 20), 20), 27);
    expect(late.input.force).toBe(false);
  });
});

describe("what was agreed to", () => {
  const plain = { ...forced, input: anInput() };

  it("F1 counts from the click, whoever redrives it and whenever its call is sent again", () => {
    const run = { ...plain, approved: false, approval: clicked(0) };
    const once = redriven(run, 11, false);
    expect(once).toMatchObject({ phase: "fence", times: { approved: noon } });
    const twice = redriven(failedAgain(once, 11), 22, false);
    expect(twice).toMatchObject({ phase: "check", approval: null, times: { approved: null } });
    const fencing = { ...once, sent: called(11), sawAt: at(17), lookedAt: at(17) };
    expect(goneStale(fencing, at(15))).toBe(fencing);
    expect(goneStale(fencing, at(17))).toMatchObject({ phase: "check", times: { approved: null } });
  });

  it("F1 is by who types its redrive, from then", () => {
    const twice = redriven(failedAgain(redriven(plain, 11), 11), 22);
    expect(twice).toMatchObject({ approved: true, phase: "check" });
    const soon = redriven({ ...plain, checkedAt: at(9) }, 11);
    expect(soon).toMatchObject({ phase: "fence", times: { approved: at(11) } });
  });

  it("F1 is by who types its start from when he did, and not from when it was gone on with", () => {
    const run = { ...plain, phase: "check" as const, ending: null, sent: {}, fencedBy: null };
    const typed = { ...run, checkedAt: null, phaseSince: at(14), times: { ...run.times, approved: null } };
    const dead = withNode(aGroup(), "orders-db", { look: noAnswer });
    const step = next(typed, seenOf(dead, { now: at(14) }), "effect");
    expect(step).toMatchObject({ is: "do", run: { phase: "fence", times: { approved: noon } } });
    expect(goneStale({ ...step.run, sawAt: at(17) }, at(17))).toMatchObject({ approved: false });
  });
});

describe("what was agreed to shortly before its call", () => {
  const sent = { ...forced, input: anInput(), phase: "execute" as const, ending: null, sent: called(15.9) };

  it("F7 lapses not while what RDS shows of the call is looked for, and then it does", () => {
    const looking = (minutes: number) => ({ ...sent, sawAt: at(minutes), lookedAt: at(minutes) });
    const run = looking(16.1);
    expect(goneStale(run, at(16.2))).toBe(run);
    expect(goneStale(looking(16.6), at(16.7))).toMatchObject({ phase: "check", times: { approved: null } });
    const refused = { ...run, sent: { execute: { ...called(15.9).execute, answer: "refused" as const } } };
    expect(goneStale(refused, at(16.2))).toMatchObject({ phase: "load" });
  });

  it("F7 is carried out by RDS all the same: what it shows of it is no veto, and of one of long ago it is", () => {
    const lapsed = { ...sent, phase: "check" as const, approved: false, ...{ times: aRun().times } };
    const run = { ...lapsed, checkedAt: null, times: { ...lapsed.times, approved: null } };
    const modifying = withNode(aGroup(), "orders-db-1", { status: "modifying" });
    const dead = withNode(modifying, "orders-db", { look: noAnswer });
    expect(next(run, seenOf(dead, { now: at(17) })).run).toMatchObject({ phase: "wait", ending: null });
    const late = next(run, seenOf(dead, { now: at(32) })).run;
    expect(late.ending?.says).toContain("candidate-not-available");
  });
});
