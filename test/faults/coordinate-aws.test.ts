import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DecidingStep } from "../../functions/core/contract/workflow.ts";
import { onEndpoint } from "../contract/on-endpoint.ts";
import { type AwsCall, type AwsFault, faultBefore } from "./aws-faults.ts";
import { type CoordinateLab, startCoordinateLab } from "./coordinate-lab.ts";
import { deploymentSettings, runStep, stepCases } from "./coordinate-steps.ts";

interface StepFault {
  readonly step: DecidingStep;
  readonly call: AwsCall;
  readonly fault: AwsFault;
  /** How often it strikes before it lets go by itself; left out, as long as the step tries. */
  readonly times?: number;
  /** Whether the step gets through all the same. */
  readonly passes: boolean;
}

const lasting: readonly AwsFault[] = [
  "throttled",
  "refused",
  "broken down",
  "hung",
  "reset",
  "half-answered",
];
/** What the SDK's own second try is for; the last two may have been carried out. */
const passing: readonly AwsFault[] = ["throttled", "broken down", "reset", "lost"];

const fails = (step: DecidingStep, call: AwsCall, faults = lasting): StepFault[] =>
  faults.map((fault) => ({ step, call, fault, passes: false }));
const survives = (
  step: DecidingStep,
  call: AwsCall,
  faults: readonly AwsFault[],
  times?: number,
): StepFault[] =>
  faults.map((fault) => ({ step, call, fault, passes: true, ...(times === undefined ? {} : { times }) }));

const rows: readonly StepFault[] = [
  ...fails("prepare", "dynamodb:GetItem"),
  ...survives("prepare", "ssm:GetParameter", lasting),
  ...survives("record", "ssm:GetParameter", lasting),
  ...fails("diagnose", "dynamodb:PutItem", ["refused", "hung", "lost"]),
  ...survives("diagnose", "dynamodb:PutItem", passing, 1),
  ...survives("announce", "secretsmanager:GetSecretValue", ["throttled", "refused", "hung"]),
  ...survives("announce", "dynamodb:PutItem", passing, 1),
  ...fails("authorize", "dynamodb:PutItem", ["refused", "hung", "lost"]),
  ...survives("authorize", "dynamodb:PutItem", passing, 1),
  ...fails("record", "dynamodb:PutItem", ["refused", "reset", "lost"]),
  ...survives("record", "dynamodb:PutItem", passing, 1),
  ...survives("close", "dynamodb:PutItem", passing, 1),
];

/** Coordinate may run 50 s; the machine waits 60. */
const boundMs = 50_000;

await onEndpoint("the steps that decide and speak, behind faults", (aws) => {
  let lab: CoordinateLab;
  let cases = 0;
  beforeAll(async () => {
    lab = await startCoordinateLab(aws, deploymentSettings);
    // As the sweeper does every few minutes: what is good is kept.
    await lab.deps("clean").settings.read();
  });
  afterAll(() => lab?.stop());

  /** The step as the machine runs it: once, and when it failed once more when the fault has gone. */
  async function play({ step, call, fault, times }: Omit<StepFault, "passes">) {
    const given = stepCases[step];
    if (given === undefined) throw new Error(`no case for ${step}`);
    const id = `inc-${cases++}`;
    const clean = lab.deps("clean");
    await clean.incidents.open(given.incident(id));
    const before = lab.slack.messages().length;
    await lab.proxy.inject([faultBefore(call, fault, times)]);
    const deps = lab.deps("faulty");
    const started = performance.now();
    const first = await runStep(given.input(id), deps).then(
      () => "passed" as const,
      (error: unknown) => String(error),
    );
    const tookMs = performance.now() - started;
    const fired = await lab.proxy.fired();
    await lab.proxy.inject([]);
    await runStep(given.input(id), lab.deps("clean"));
    const posted = lab.slack
      .messages()
      .slice(before)
      .map(({ text }) => text);
    return { id, given, first, tookMs, fired, posted, clean, log: deps.log };
  }

  it.each(rows)("Q9 loses nothing and does nothing twice when $step meets $call $fault", async (row) => {
    const { id, given, first, tookMs, fired, posted, clean } = await play(row);
    expect(fired).not.toEqual([]);
    expect(tookMs).toBeLessThan(boundMs);
    if (row.passes) expect(first).toBe("passed");
    else expect(first).not.toMatch(/^passed$|^Error:?\s*$/);
    await given.holds(id, clean, posted);
    expect(new Set(posted).size).toBe(posted.length);
  });

  describe("the gate, when the kill switch cannot be read", () => {
    it.each(["throttled", "refused", "hung", "half-answered"] as const)(
      "A41 permits nothing and says why when Parameter Store is %s",
      async (fault) => {
        const given = stepCases.authorize;
        if (given === undefined) throw new Error("no case");
        const id = `inc-${cases++}`;
        const deps = lab.deps("faulty");
        await lab.proxy.inject([]);
        await deps.settings.read();
        await lab.deps("clean").incidents.open(given.incident(id));
        await lab.proxy.inject([faultBefore("ssm:GetParameter", fault)]);
        const answer = await runStep(given.input(id), deps);
        expect(await lab.proxy.fired()).not.toEqual([]);
        expect(answer).toMatchObject({ permitted: false, order: null });
        const [action] = (await lab.deps("clean").incidents.get(id))?.actions ?? [];
        expect(action).toMatchObject({ status: "withheld", refusal: { guard: "kill-switch-unreadable" } });
      },
    );
  });
});
