import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { actsOn } from "../../functions/core/actions/action-key.ts";
import type { Risk } from "../../functions/core/contract/finding.ts";
import type { Outcome, WorkOrder } from "../../functions/core/contract/work-order.ts";
import { outcomeWord } from "../../functions/core/messages/done.ts";
import { guardsOf } from "../../functions/core/policy/guards-of.ts";
import { modeOf } from "../../functions/core/policy/mode.ts";
import { visible, visibleJson } from "../../functions/core/text/visible.ts";
import { type ExitCode, exitCodes, type Io } from "./command.ts";
import { unknownText } from "./deployed-settings.ts";
import type { Place } from "./place.ts";
import { placeNamed } from "./same-place.ts";

export interface Wanted {
  readonly id: string;
  readonly key: string;
  readonly risk: Risk;
  readonly input: WorkOrder["input"];
  readonly preview: string;
  readonly describes: string;
}

export interface How {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly format: "text" | "json";
}

const deadlineMs = 60_000;

/** Shown, asked about, done by the same guards as in an incident, and followed to its end. */
export async function carryOut(wanted: Wanted, place: Place, how: How, io: Io): Promise<ExitCode> {
  const say = (text: string): void => (how.format === "json" ? io.err : io.out)(visible(text));
  const outcome = await done(wanted, place, how, say);
  if (outcome === null) return exitCodes.refused;
  if (how.format === "json")
    io.out(
      visibleJson(JSON.stringify({ action: wanted, target: placeNamed(place.target), outcome }, null, 1)),
    );
  else say(textOf(outcome, how));
  return codeOf(outcome);
}

/** Null: not permitted, or nobody agreed; said why. */
export async function done(
  wanted: Wanted,
  place: Place,
  how: How,
  say: (text: string) => void,
): Promise<Outcome | null> {
  say(
    `${wanted.describes} on ${actsOn(wanted.id) === "aws" ? place.target.name : place.target.host}:\n\n${indented(wanted.preview)}\n`,
  );
  const refusal = await place.refusalOf(wanted.input);
  if (refusal !== null) {
    say(`Not done: ${refusal.reason} ${refusal.release} (guard ${refusal.guard})`);
    return null;
  }
  const unknown = unknownText(place.known);
  if (unknown !== null) say(unknown);
  const { mode, because } = modeOf(place.target, wanted.risk, place.known.settings, new Date().toISOString());
  if (mode === "observe") {
    say(
      `Not done: the responder only observes ${wanted.risk} actions (${because}). A person runs the statement that is shown.`,
    );
    return null;
  }
  if (!how.dryRun && !how.yes && !(await agreed())) {
    say("Not done: nobody agreed. Answer y, or give --yes where nobody can be asked.");
    return null;
  }
  return toItsEnd(orderOf(wanted, place), place, how, say);
}

async function toItsEnd(
  order: WorkOrder,
  place: Place,
  { dryRun }: How,
  say: (text: string) => void,
): Promise<Outcome> {
  const clock = createSystemClock();
  let outcome = await place.execute(order, { dryRun }, AbortSignal.timeout(deadlineMs));
  while (outcome.status === "running" && outcome.running !== undefined) {
    say(outcome.summary);
    await clock.sleep(place.followEveryMs);
    const expiresAt = new Date(clock.now() + deadlineMs).toISOString();
    const follows = { ...outcome.running, mayTidy: true };
    outcome = await place.execute(
      { ...order, expiresAt, follows },
      { dryRun },
      AbortSignal.timeout(deadlineMs),
    );
  }
  return outcome;
}

function orderOf({ id, key, risk, input }: Wanted, { target, known }: Place): WorkOrder {
  const now = Date.now();
  return {
    ...{ schema: "work-order.v1", orderId: randomUUID(), incidentId: "by-hand" },
    ...{ actionId: id, actionKey: key, risk, input, target, acts: actsOn(id) },
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + deadlineMs).toISOString(),
    ...{ permittedBy: "command-line", approvedBy: null },
    guards: guardsOf(known.settings.policy, { unasked: false }),
  };
}

/** Only a person at a terminal can be asked. */
export async function agreed(): Promise<boolean> {
  if (process.stdin.isTTY !== true) return false;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await ask.question("Do it? [y/N] ")).trim());
  } finally {
    ask.close();
  }
}

export function textOf(outcome: Outcome, { dryRun }: Pick<How, "dryRun">): string {
  const { summary, refusal } = outcome;
  const release = refusal === null ? "" : `\n${refusal.release} (guard ${refusal.guard})`;
  return dryRun && refusal === null ? summary : `${outcomeWord(outcome)}: ${summary}${release}`;
}

function codeOf({ status, summary }: Outcome): ExitCode {
  switch (status) {
    case "done":
    case "already-done":
      return exitCodes.healthy;
    case "refused":
      return exitCodes.refused;
    case "failed":
      return summary.includes("could not be reached") ? exitCodes.notConnected : exitCodes.findings;
    case "running":
    case "not-verified":
      return exitCodes.findings;
    default:
      return status satisfies never;
  }
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
