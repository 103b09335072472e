import aslValidator from "asl-validator";
import { StateMachine } from "aws-local-stepfunctions";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { neverTakenErrors, notInvokedErrors } from "../../functions/core/respond/outcome-of-error.ts";
import { respondDefinition, synthesize } from "../support/synth.ts";

const catcherSchema = z.object({
  ErrorEquals: z.array(z.string()),
  Next: z.string(),
  ResultPath: z.string().nullish(),
});
const stateSchema = z.looseObject({
  Type: z.string(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  TimeoutSecondsPath: z.string().optional(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ StringEquals: z.string().optional(), Next: z.string() })).optional(),
  Retry: z.array(z.looseObject({ ErrorEquals: z.array(z.string()), MaxAttempts: z.number() })).optional(),
  Catch: z.array(catcherSchema).optional(),
  Branches: z.array(z.object({ States: z.record(z.string(), z.unknown()) })).optional(),
});
type State = z.infer<typeof stateSchema>;
const statesSchema = z.record(z.string(), stateSchema);

const definition = await respondDefinition();
const outer = statesSchema.parse(definition.States);
const branches = ["WakeUp", "Assess"].flatMap((name) =>
  (outer[name]?.Branches ?? []).map((branch) => statesSchema.parse(branch.States)),
);
const states: Record<string, State> = Object.assign({}, outer, ...branches);
const acting = ["ActOnAws", "ActOnMysql", "ActOnPostgres"];
const tasks = Object.entries(states).filter(([, state]) => state.Type === "Task");

function caught(name: string, error: string): string | undefined {
  return states[name]?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error))?.Next;
}

describe("the respond machine", () => {
  it("Q3 is Amazon States Language, and the local interpreter takes it", () => {
    const { isValid, errorsText } = aslValidator(definition);
    expect(isValid ? "" : errorsText("\n")).toBe("");
    expect(() => new StateMachine(definition)).not.toThrow();
  });

  it("Q3 the validator notices a broken machine", () => {
    const broken = {
      ...definition,
      States: { ...definition.States, Watch: { Type: "Wait", Next: "Nowhere" } },
    };
    expect(aslValidator(broken).isValid).toBe(false);
  });

  it("Q2 every task has a time-out, longer than its function's own wherever the answer is needed", () => {
    const { template, handlers } = synthesize({ bundle: false });
    const functions = template.findResources("AWS::Lambda::Function");
    const limits = new Map(
      Object.entries(functions).map(([id, fn]) => [handlers.get(id), fn["Properties"].Timeout]),
    );
    for (const [name, { Resource = "", TimeoutSeconds, TimeoutSecondsPath }] of tasks) {
      if (name.startsWith("Wake")) continue;
      const limit = limits.get(Resource.split(":").at(-1)) ?? 0;
      expect([name, TimeoutSecondsPath ?? (TimeoutSeconds ?? 0) > limit]).toEqual([
        name,
        name === "Rest" ? "$.Payload.timeoutSeconds" : true,
      ]);
    }
  });

  it("Q1 whoever does not wake up holds the first message up for 5 seconds, not for as long as it may run", () => {
    const woken = tasks.filter(([name]) => name.startsWith("Wake"));
    expect(woken).toHaveLength(5);
    for (const [name, { TimeoutSeconds, Retry }] of woken) {
      expect([name, TimeoutSeconds, Retry]).toEqual([name, 5, undefined]);
    }
  });

  it("A42 while a click is waited for the looking goes on, and the click ends the wait before the next look", () => {
    const long = { Variable: "$.step.seconds", NumericGreaterThan: 60 };
    const asked = {
      And: [
        { Variable: "$.step.awaitsDecision", IsPresent: true },
        { Variable: "$.step.awaitsDecision", BooleanEquals: true },
      ],
    };
    expect(states["NextStep"]?.Choices?.find(({ Next }) => Next === "Nap")).toMatchObject({
      And: [{ Variable: "$.step.kind", StringEquals: "watch" }, { Or: [long, asked] }],
    });
    expect(states["Rest"]).toMatchObject({ ResultPath: "$.step", Next: "Woken" });
    expect(states["Woken"]).toMatchObject({
      Choices: [{ Variable: "$.step.kind", StringEquals: "act", Next: "ReadPolicy" }],
      Default: "Prepare",
    });
  });

  it("A41 nothing leads to the gate but the state that has just read the tags, and unread ones come there too", () => {
    const leading = Object.entries(states).filter(([, state]) => nextsOf(state).includes("Authorize"));
    expect(leading.map(([name]) => name)).toEqual(["ReadPolicy"]);
    expect(states["ReadPolicy"]).toMatchObject({
      Parameters: { step: "read-policy" },
      ResultPath: "$.policy",
      Next: "Authorize",
    });
    expect(states["ReadPolicy"]?.Catch?.every(({ ResultPath }) => ResultPath === null)).toBe(true);
  });

  it("S11 a look begins with reading who is looked at, and goes on with what was known when that fails", () => {
    expect(states["Prepare"]?.Next).toBe("Locate");
    expect(states["Locate"]).toMatchObject({ Next: "Assess", ResultPath: "$.assignment" });
    expect(caught("Locate", "States.ALL")).toBe("Assess");
  });

  it("S11 a long wait is one that a signal can end, and its end is a look in every case", () => {
    expect(states["Rest"]).toMatchObject({
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters: { Payload: { step: "rest", input: { "taskToken.$": "$$.Task.Token" } } },
      Next: "Woken",
    });
    expect(states["Nap"]).toMatchObject({
      Parameters: { "timeoutSeconds.$": "$.step.seconds" },
      Next: "Rest",
    });
    expect(caught("Rest", "States.Timeout")).toBe("Prepare");
    expect(caught("Rest", "SignalWaiting")).toBe("Prepare");
    expect(states["Rest"]?.Retry?.[0]).toMatchObject({ MaxAttempts: 0 });
    expect(states["Rest"]?.Retry?.[0]?.ErrorEquals).toContain("SignalWaiting");
  });

  it("S11 an incident that could not be closed is looked at again", () => {
    expect(states["Close"]?.Next).toBe("Ended");
    expect(states["Ended"]).toMatchObject({
      Choices: [{ Variable: "$.step.kind", StringEquals: "resolve", Next: "Closed" }],
      Default: "Prepare",
    });
  });

  it("A42 nothing leads to an acting state but the gate's permission, and the engine chooses which", () => {
    const leadingTo = (target: string) =>
      Object.entries(states)
        .filter(([, state]) => nextsOf(state).includes(target))
        .map(([name]) => name)
        .sort();
    for (const one of acting) expect(leadingTo(one)).toEqual(["ActingEngine"]);
    expect(leadingTo("FirstAttempt")).toEqual(["Permitted"]);
    // And, for the same order, one of them that gave no answer.
    expect(leadingTo("ActingEngine")).toEqual(["ActAgain", "FirstAttempt"]);
    expect(leadingTo("ActAgain")).toEqual(["CountNoAnswer", "CountNotStarted"]);
    for (const id of ["NoAnswer", "NotStarted"]) {
      expect(leadingTo(`Count${id}`)).toEqual([id]);
      expect(leadingTo(id)).toEqual(acting);
    }
    expect(states["ActingEngine"]).toMatchObject({
      Choices: [
        {
          // An order of before says nothing of it.
          And: [
            { Variable: "$.order.acts", IsPresent: true },
            { Variable: "$.order.acts", StringEquals: "aws" },
          ],
          Next: "ActOnAws",
        },
        { Variable: "$.order.target.engine", StringEquals: "postgres", Next: "ActOnPostgres" },
      ],
      Default: "ActOnMysql",
    });
    expect(states["Permitted"]).toMatchObject({
      Choices: [{ Variable: "$.permitted", BooleanEquals: true, Next: "FirstAttempt" }],
      Default: "Announce",
    });
    expect(states["Authorize"]?.Next).toBe("Permitted");
  });

  it("Q3 every task but GiveUp catches every error that can be caught", () => {
    for (const [name] of tasks) {
      if (name === "GiveUp") continue;
      const limit = acting.includes(name) ? "Record" : caught(name, "States.ALL");
      expect([name, caught(name, "States.DataLimitExceeded")]).toEqual([name, limit]);
      expect([name, caught(name, "States.ALL")]).not.toEqual([name, undefined]);
    }
  });

  it("C2 a channel that is down never stops the incident", () => {
    expect(caught("Announce", "States.ALL")).toBe("NextStep");
    expect(states["Announce"]?.Next).toBe("NextStep");
    expect(states["Announce"]).toHaveProperty("ResultPath", null);
  });

  it("Q3 an action whose function died is recorded like one that ended", () => {
    for (const one of acting) {
      expect(caught(one, "States.Timeout")).toBe("Record");
      // The function's own time is over first, and Lambda names that.
      expect(caught(one, "Sandbox.Timedout")).toBe("Record");
      for (const name of neverTakenErrors) expect([name, caught(one, name)]).toEqual([name, "Record"]);
      expect(caught(one, "States.ALL")).toBe("NoAnswer");
      expect(states[one]?.Next).toBe("Record");
    }
    for (const id of ["NoAnswer", "NotStarted"]) expect(states[id]?.Default).toBe("Record");
  });

  it("A40 an attempt counts as one that may have begun, unless Lambda says that it ran nothing", () => {
    for (const one of acting) {
      expect([one, states[one]?.Retry]).toEqual([one, undefined]);
      const [first] = states[one]?.Catch ?? [];
      expect(first).toMatchObject({
        Next: "NotStarted",
        ErrorEquals: notInvokedErrors,
        ResultPath: "$.error",
      });
      expect(states[one]?.["Parameters"]).toEqual({
        "order.$": "$.order",
        "settings.$": "$.settings",
        "retries.$": "$.attempts.begun",
      });
    }
    expect(states["FirstAttempt"]).toMatchObject({
      ...{ Type: "Pass", ResultPath: "$.attempts", Result: { begun: 0, notStarted: 0 } },
    });
    expect(states["CountNotStarted"]?.["Parameters"]).toMatchObject({
      "begun.$": "$.attempts.begun",
      "notStarted.$": "States.MathAdd($.attempts.notStarted, 1)",
    });
    expect(states["CountNoAnswer"]?.["Parameters"]).toMatchObject({
      "begun.$": "States.MathAdd($.attempts.begun, 1)",
      "notStarted.$": "$.attempts.notStarted",
    });
  });

  it.each([
    ["NotStarted", "$.attempts.notStarted", 37],
    ["NoAnswer", "$.attempts.begun", 15],
  ])("A40 %s waits a known time before each further call, and half a minute in all", (id, counter, most) => {
    const [below] = states[id]?.Choices ?? [];
    expect(below).toMatchObject({ Variable: counter, Next: `Count${id}` });
    const seconds = z.object({ "seconds.$": z.string() }).parse(states[`Count${id}`]?.["Parameters"]);
    const listed =
      /States\.Array\(([\d, ]+)\)/.exec(seconds["seconds.$"])?.[1]?.split(", ").map(Number) ?? [];
    // Beyond its end the intrinsic fails, which nothing can catch.
    expect(listed).toHaveLength(z.number().parse(below?.["NumericLessThan"]));
    expect(listed.reduce((sum, one) => sum + one, 0)).toBe(most);
    expect(states["ActAgain"]).toMatchObject({ Type: "Wait", SecondsPath: "$.attempts.seconds" });
  });

  it("D7 a branch of Assess that fails leaves the other one's report", () => {
    for (const [state, failed, branch] of [
      ["Collect", "CollectFailed", "collect"],
      ["ProbePostgres", "ProbeFailed", "probe"],
      ["ProbeMysql", "ProbeFailed", "probe"],
    ] as const) {
      expect(caught(state, "States.ALL")).toBe(failed);
      expect(states[failed]).toMatchObject({
        Type: "Pass",
        Parameters: { schema: "branch-failure.v1", branch, "error.$": "$.error" },
      });
    }
    expect(caught("Assess", "States.DataLimitExceeded")).toBe("AssessFailed");
    expect(states["AssessFailed"]?.Next).toBe("Diagnose");
  });

  it("Q3 what cannot go on is told, and fails the execution", () => {
    for (const name of ["Prepare", "Diagnose", "Authorize", "Record", "Close"]) {
      expect([name, caught(name, "States.ALL")]).toEqual([name, "GiveUp"]);
    }
    expect(states["GiveUp"]?.Next).toBe("ResponderFailed");
    expect(states["ResponderFailed"]?.Type).toBe("Fail");
  });

  it("S6 an input that is not valid is never tried again, and one that was typed fails with its own words", () => {
    const coordinated = tasks.filter(
      ([name, { Resource = "" }]) =>
        !name.startsWith("Wake") && (name === "Rest" || /:(coordinate|diagnose)$/.test(Resource)),
    );
    expect(coordinated.length).toBeGreaterThan(8);
    for (const [name, { Retry = [] }] of coordinated) {
      expect([name, Retry[0]]).toEqual([
        name,
        {
          ErrorEquals: ["InvalidInput", "IncidentOver", "SignalWaiting", "HandOver"],
          MaxAttempts: 0,
        },
      ]);
    }
    expect(caught("Prepare", "InvalidInput")).toBe("InvalidInput");
    expect(states["InvalidInput"]).toEqual({ Type: "Fail", ErrorPath: "$.Error", CausePath: "$.Cause" });
    expect(caught("Prepare", "IncidentOver")).toBe("Over");
    expect(states["Over"]?.Type).toBe("Succeed");
    expect(states["Prepare"]).toMatchObject({ Parameters: { "execution.$": "$$.Execution.Name" } });
    expect(states["GiveUp"]).toMatchObject({ Parameters: { "retries.$": "$$.State.RetryCount" } });
  });

  it("S10 an alarm without a database is told by an execution that does nothing else", () => {
    expect(definition.StartAt).toBe("Begin");
    expect(outer["Begin"]).toMatchObject({
      Choices: [
        {
          And: [
            { Variable: "$.schema", IsPresent: true },
            { Variable: "$.schema", StringEquals: "unknown-database.v1" },
          ],
          Next: "TellUnknown",
        },
        {
          And: [
            { Variable: "$.schema", IsPresent: true },
            { Variable: "$.schema", StringEquals: "give-up.v1" },
          ],
          Next: "GiveUp",
        },
        {
          And: [
            { Variable: "$.schema", IsPresent: true },
            { Variable: "$.schema", StringEquals: "way-back.v1" },
          ],
          Next: "AskWayBack",
        },
      ],
    });
    expect(states["TellUnknown"]?.Next).toBe("Told");
    expect(caught("TellUnknown", "States.ALL")).toBe("NotTold");
    expect(states["NotTold"]?.Type).toBe("Fail");
  });

  it("Q3 an unknown step is told to people instead of closing the incident", () => {
    const kinds = states["NextStep"]?.Choices?.map(({ StringEquals, Next }) => [StringEquals, Next]);
    expect(kinds).toEqual([
      // To act, or to ask people: the gate comes first.
      [undefined, "ReadPolicy"],
      // A watch, too: of more than a minute, or while a request is out.
      [undefined, "Nap"],
      ["watch", "Watch"],
      ["resolve", "Close"],
    ]);
    expect(states["NextStep"]?.Choices?.[0]).toMatchObject({
      Or: [
        { Variable: "$.step.kind", StringEquals: "act" },
        { Variable: "$.step.kind", StringEquals: "ask-approval" },
      ],
    });
    expect(states["NextStep"]?.Default).toBe("UnknownStep");
    expect(states["UnknownStep"]?.Next).toBe("GiveUp");
  });

  it("Q2 a state that has used its time is not run again, except those that write the record", () => {
    const again = tasks.filter(([, { Retry = [] }]) =>
      Retry.some(({ ErrorEquals }) =>
        ErrorEquals.some((error) => ["States.Timeout", "States.ALL"].includes(error)),
      ),
    );
    expect(again.map(([name]) => name).sort()).toEqual(["GiveUp", "Record", "TellUnknown"]);
  });

  it("Q1 whoever is needed for the first message is woken at once, and nobody waits for one that is not", () => {
    expect(outer["Begin"]?.Default).toBe("WakeUp");
    expect(outer["WakeUp"]).toMatchObject({ Type: "Parallel", Next: "Prepare", ResultPath: null });
    const woken = tasks.filter(([name]) => name.startsWith("Wake"));
    expect(woken.map(([name]) => name).sort()).toEqual([
      "WakeCollect",
      "WakeCoordinate",
      "WakeDiagnose",
      "WakeProbeMysql",
      "WakeProbePostgres",
    ]);
    for (const [name, state] of woken) {
      expect([name, caught(name, "States.ALL"), state["Parameters"]]).toEqual([
        name,
        `${name}Failed`,
        { wake: true },
      ]);
      expect(states[`${name}Failed`]?.Type).toBe("Pass");
    }
  });

  it("Q3 an execution whose history is nearly full starts the next one of the same incident, and ends well", () => {
    expect(caught("Prepare", "HandOver")).toBe("NextRun");
    expect(states["NextRun"]).toMatchObject({ Next: "Continue", ResultPath: "$.next" });
    expect(states["Continue"]).toMatchObject({
      Resource: expect.stringMatching(/:states:::states:startExecution$/),
      Parameters: { "StateMachineArn.$": "$$.StateMachine.Id", "Name.$": "$.next.execution" },
      Next: "Continued",
    });
    expect(states["Continued"]?.Type).toBe("Succeed");
  });

  it("Q3 a round of watching is no longer than it has to be", () => {
    const look = ["Prepare", "Locate", "Assess", "Diagnose", "Announce", "NextStep"];
    expect(walk("Watch", { NextStep: "Watch" })).toEqual(["Watch", ...look]);
    expect(walk("Nap", { Woken: "Prepare", NextStep: "Nap" })).toEqual(["Nap", "Rest", "Woken", ...look]);
  });

  it("A42 the log holds no data of executions: task tokens are data", () => {
    const [machine] = Object.values(
      synthesize({ bundle: false }).template.findResources("AWS::StepFunctions::StateMachine"),
    );
    expect(machine?.["Properties"].LoggingConfiguration).toMatchObject({
      IncludeExecutionData: false,
      Level: "ALL",
    });
  });
});

function nextsOf({ Next, Default, Choices = [], Catch = [] }: State): readonly (string | undefined)[] {
  return [Next, Default, ...Choices.map((choice) => choice.Next), ...Catch.map((catcher) => catcher.Next)];
}

/** States from `start` until it comes round, choices decided by `chosen`. */
function walk(start: string, chosen: Record<string, string>): readonly string[] {
  const names = [start];
  for (
    let name = chosen[start] ?? states[start]?.Next;
    name && name !== start;
    name = chosen[name] ?? states[name]?.Next
  ) {
    names.push(name);
  }
  return names;
}
