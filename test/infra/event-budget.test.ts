import { describe, expect, it } from "vitest";
import * as z from "zod";
import { looksOfAnExecution } from "../../functions/core/incident/custody.ts";
import { respondDefinition } from "../support/synth.ts";

const stateSchema = z.looseObject({
  Type: z.string(),
  Retry: z.array(z.looseObject({ MaxAttempts: z.number() })).default([]),
  Choices: z.array(z.looseObject({ NumericLessThan: z.number().optional() })).default([]),
  Branches: z
    .array(
      z.object({
        States: z.record(
          z.string(),
          z.lazy(() => z.looseObject({ Type: z.string() })),
        ),
      }),
    )
    .default([]),
});

const { States } = await respondDefinition();
const states = z.record(z.string(), stateSchema).parse(States);

/**
 * Most events that a state can cost: entered and exited, and for a task scheduled, submitted or started, and ended, again
 * for every retry of every retrier.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
function worst(state: unknown): number {
  const { Type, Retry, Branches } = stateSchema.parse(state);
  if (Type === "Task") {
    const attempts = 1 + Retry.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
    return 2 + attempts * 3;
  }
  const inside = Branches.flatMap((branch) => Object.values(branch.States)).map(worst);
  return 4 + inside.reduce((sum, events) => sum + events, 0);
}

/** Ran once in an execution, at its beginning or as its end. */
const wayBack = ["AskWayBack", "CanBeGivenBack", "TryWayBack", "TellWayBack"];
const once = ["WakeUp", "TellUnknown", "NextRun", "Continue", "GiveUp", ...wayBack];

/** Called again after a wait: each call of an acting state, of which an order has one, with what leads back to it. */
const acting = ["ActOnAws", "ActOnPostgres", "ActOnMysql"];
const again = ["NotStarted", "NoAnswer"];
const calls = again.reduce((sum, name) => sum + (states[name]?.Choices[0]?.NumericLessThan ?? Infinity), 1);
const call = ["ActingEngine", acting[0] ?? "", "NoAnswer", "CountNoAnswer", "ActAgain"];
const counted = [...acting, ...call, "NotStarted", "CountNotStarted"];

describe("the events of an execution", () => {
  it("Q3 as many looks as one takes fit into 25,000, even if in each every state ran and failed as often as it may", () => {
    const rounds = Object.entries(states).filter(([name]) => ![...once, ...counted].includes(name));
    const sum = (all: readonly number[]): number => all.reduce((total, events) => total + events, 0);
    const acts = calls * sum(call.map((name) => worst(states[name])));
    const round = sum(rounds.map(([, state]) => worst(state))) + acts;
    expect(calls).toBe(11);
    // Said after the diagnosis and again after an action.
    const twice = worst(states["Announce"]) + worst(states["NextStep"]);
    const frame = sum(once.map((name) => worst(states[name])));
    expect(round).toBeGreaterThan(100);
    expect((round + twice) * looksOfAnExecution + frame).toBeLessThan(24_500);
  });
});
