import type { FailoverRun, Phase } from "../contract/failover.ts";
import { agreedAt, agreementMs } from "./agreement.ts";
import { mayHaveHappened, noted } from "./turn.ts";

/** What was called shows in these: it goes on there, and nowhere else behind a call. */
export const shown: readonly Phase[] = ["wait", "prove-writable", "repoint", "prove-name", "rebuild"];

/** What it names is lifted beside what the run began with, and stands in the record. */
export function forcedBy(earlier: FailoverRun, now: number, force: readonly string[]): FailoverRun {
  const run = forcedLately(earlier, now);
  const forcedAgain = [...force];
  if (force.length === 0) return { ...run, forcedAgain };
  const before = Array.isArray(run.input.force) ? run.input.force : [];
  const all = run.input.force === true ? true : [...new Set([...before, ...force])];
  const says = `Redriven with --force ${force.join(", --force ")}.`;
  return noted({ ...run, forcedAgain, input: { ...run.input, force: all } }, says);
}

/** Behind a call that shows nobody is fenced or called by these: they say what of a lost old primary was accepted. */
const ofTheLost = ["old-primary-unfenced", "primary-state-unknown"];

/** What was forced counts as long as what was agreed to: whoever redrives it days later did not mean the world of by then. */
function forcedLately(run: FailoverRun, now: number): FailoverRun {
  const { force } = run.input;
  if (force === false || now - (agreedAt(run) ?? run.startedAt) < agreementMs) return run;
  const behind = shown.includes(run.ending?.phase ?? run.phase) && mayHaveHappened(run, "execute");
  const kept = behind ? ofTheLost.filter((name) => force === true || force.includes(name)) : [];
  const dropped = force === true ? ["everything"] : force.filter((name) => !kept.includes(name));
  if (dropped.length === 0) return run;
  const says = `What was forced before (${dropped.join(", ")}) counts no more: it was too long ago.`;
  return noted({ ...run, input: { ...run.input, force: kept.length > 0 ? kept : false } }, says);
}
