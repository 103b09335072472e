import { describe, expect, it } from "vitest";
import * as z from "zod";
import { AwsError } from "../../functions/core/errors.ts";
import type { StateHandler } from "../support/responder-lab.ts";
import { respondDefinition } from "../support/synth.ts";
import { approvers, fullStorageLab } from "./aws-lab.ts";

const definition = await respondDefinition();

/** Lets the acting function die so many times, before it does anything or when it has done it. */
function dying(when: "before" | "after", times: number) {
  let left = times;
  return (state: string, handler: StateHandler): StateHandler =>
    async (input) => {
      if (state !== "ActOnAws" || left === 0) return handler(input);
      left -= 1;
      if (when === "after") await handler(input);
      throw new Error("Runtime exited");
    };
}

type Ends = "dies" | "throttled" | "served";

/** How each call of the acting function ends, the rest of them served; and what each was told of those before it. */
function calling(...ends: readonly Ends[]) {
  const told: unknown[] = [];
  const around =
    (state: string, handler: StateHandler): StateHandler =>
    async (input) => {
      if (state !== "ActOnAws") return handler(input);
      const end = ends[told.length] ?? "served";
      told.push(z.looseObject({ retries: z.number() }).parse(input).retries);
      if (end === "dies") throw new Error("Runtime exited");
      if (end === "throttled")
        throw Object.assign(new Error("Rate Exceeded."), { name: "Lambda.TooManyRequestsException" });
      return handler(input);
    };
  return { told, around };
}

const quota = new AwsError("StorageQuotaExceededFault", true, "quota");

async function grown(lab: ReturnType<typeof fullStorageLab>) {
  const { incident, audit } = await lab.respond();
  const [action, ...others] = incident?.actions ?? [];
  expect(others).toEqual([]);
  return { action, incident, audit, phases: audit.map(({ phase }) => phase) };
}

describe("a change on AWS, from the alarm to its proof", () => {
  it("A23 V1 is asked about, ordered, sent once, followed, and done when RDS shows it", async () => {
    const lab = fullStorageLab(definition);
    const { action, incident, audit, phases } = await grown(lab);
    expect(lab.rds.sent).toEqual([
      {
        operation: "ModifyDBInstance",
        input: { DBInstanceIdentifier: "orders-db", AllocatedStorage: 120, ApplyImmediately: true },
      },
    ]);
    expect(phases).toEqual(["ordered", "began", "finished"]);
    expect(audit[0]?.order).toMatchObject({ acts: "aws", approvedBy: approvers.join(", ") });
    expect(action).toMatchObject({ status: "finished", outcome: { status: "done" } });
    const told = incident?.timeline.map(({ says }) => says).join("\n");
    expect(told).toContain("RDS has taken the change");
    expect(told).toContain("orders-db is available with AllocatedStorage 120, and nothing of it is pending.");
    expect(JSON.stringify(lab.chat.messages)).toContain("--allocated-storage 120");
  });

  it.each([
    ["before", 1],
    ["before", 3],
    ["after", 1],
    ["after", 2],
  ] as const)("Q3 acts once when the function dies %s the call, %i times", async (when, times) => {
    const lab = fullStorageLab(definition, { around: dying(when, times) });
    const { action, phases } = await grown(lab);
    expect(lab.rds.sent).toHaveLength(1);
    expect(phases).toEqual(["ordered", "began", "finished"]);
    expect(action?.outcome).toMatchObject({ status: "done", mayHaveActed: true });
  });

  it.each([
    ["after", "done", 1, "nothing of it is pending"],
    ["before", "failed", 0, "RDS has nothing of the change in hand"],
  ] as const)(
    "Q3 tells by what RDS shows whether a function that died for good %s the call has acted",
    async (when, status, sent, says) => {
      const lab = fullStorageLab(definition, { around: dying(when, 8) });
      const { action, audit } = await grown(lab);
      expect(lab.rds.sent).toHaveLength(sent);
      expect(audit.slice(0, 2).map(({ phase }) => phase)).toEqual(["ordered", "began"]);
      expect(audit[1]?.outcome?.summary).toContain("did not answer");
      expect(action?.outcome).toMatchObject({ status, mayHaveActed: true });
      expect(action?.outcome?.summary).toContain(says);
    },
  );

  it("A40 a repeat that RDS does not let look follows what the attempt before it has sent", async () => {
    let calls = 0;
    const lab = fullStorageLab(definition, {
      around: (state, handler) => async (input) => {
        if (state !== "ActOnAws") return handler(input);
        calls += 1;
        if (calls === 1) {
          await handler(input);
          throw new Error("Runtime exited");
        }
        if (calls > 2) return handler(input);
        const { describe: read } = lab.rds;
        const limited = () => Promise.reject(new AwsError("Throttling", true, "Rate exceeded"));
        Object.assign(lab.rds, { describe: limited });
        const outcome = await handler(input);
        Object.assign(lab.rds, { describe: read });
        return outcome;
      },
    });
    const { action, incident, phases } = await grown(lab);
    expect(lab.rds.sent).toHaveLength(1);
    expect(phases).toEqual(["ordered", "began", "finished"]);
    expect(action?.outcome).toMatchObject({ status: "done", mayHaveActed: true });
    const told = incident?.timeline.map(({ says }) => says).join("\n");
    expect(told).toContain("Whether an earlier attempt acted is not known");
    expect(told).not.toContain("Nothing was sent");
    expect(told).not.toContain("did not end well");
  });

  it("A40 a call that found no place is no attempt: whoever acts is told as the first", async () => {
    const { told, around } = calling("throttled", "throttled");
    const lab = fullStorageLab(definition, { around });
    lab.rds.answers.push(quota);
    const { action, phases } = await grown(lab);
    expect(told).toEqual([0, 0, 0]);
    expect(phases).toEqual(["ordered", "finished"]);
    expect(action?.outcome).toMatchObject({ status: "refused", mayHaveActed: false });
  });

  it("A40 one that died stays counted over calls that found no place", async () => {
    const { told, around } = calling("throttled", "dies", "throttled", "dies", "throttled");
    const lab = fullStorageLab(definition, { around });
    lab.rds.answers.push(quota);
    const { action } = await grown(lab);
    expect(told.slice(0, 6)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(lab.rds.sent).toEqual([]);
    expect(action?.outcome).toMatchObject({ mayHaveActed: true });
  });

  it("A40 without a place for half a minute nothing was sent, and the next look orders anew", async () => {
    const { told, around } = calling(...Array<Ends>(7).fill("throttled"));
    const lab = fullStorageLab(definition, { around });
    const { action, audit, phases } = await grown(lab);
    expect(told.slice(0, 8)).toEqual(Array(8).fill(0));
    expect(phases).toEqual(["ordered", "finished", "ordered", "began", "finished"]);
    expect(audit[1]?.outcome).toMatchObject({
      ...{ status: "refused", mayHaveActed: false, refusal: { guard: "acting-function-busy" } },
    });
    expect(lab.rds.sent).toHaveLength(1);
    expect(action?.outcome?.status).toBe("done");
  });

  it("A40 without a place after an attempt that died it may have acted, and RDS is asked", async () => {
    const { told, around } = calling("dies", ...Array<Ends>(7).fill("throttled"));
    const lab = fullStorageLab(definition, { around });
    const { action, audit, phases } = await grown(lab);
    expect(told.slice(0, 8)).toEqual([0, ...Array(7).fill(1)]);
    expect(phases).toEqual(["ordered", "began", "finished"]);
    expect(audit[1]?.outcome).toMatchObject({ status: "running", mayHaveActed: true, refusal: null });
    expect(audit[1]?.outcome?.summary).toContain("could not be started again");
    expect(lab.rds.sent).toEqual([]);
    expect(action?.outcome).toMatchObject({ status: "failed", mayHaveActed: true });
  });

  it("Q3 calls at most eleven times for one order, however the calls end", async () => {
    const { told, around } = calling(...Array<Ends>(6).fill("throttled"), ...Array<Ends>(5).fill("dies"));
    const lab = fullStorageLab(definition, { around });
    const { audit } = await grown(lab);
    // The twelfth call is a look after what may have been begun.
    expect(told.slice(0, 12)).toEqual([...Array(7).fill(0), 1, 2, 3, 4, 0]);
    expect(audit.slice(0, 2).map(({ phase, order }) => [phase, order?.follows])).toEqual([
      ["ordered", undefined],
      ["began", undefined],
    ]);
    expect(audit[1]?.outcome?.mayHaveActed).toBe(true);
  });

  it("Q3 acts once when the answer is lost, and follows what it may have begun", async () => {
    const lab = fullStorageLab(definition);
    lab.rds.answers.push("lost");
    const { action, incident, phases } = await grown(lab);
    expect(lab.rds.sent).toHaveLength(1);
    expect(phases).toEqual(["ordered", "began", "finished"]);
    expect(action?.outcome?.status).toBe("done");
    expect(incident?.timeline.map(({ says }) => says).join("\n")).toContain("may have been taken");
  });

  it("A0 tries again after what passes by itself, and asks again first", async () => {
    const lab = fullStorageLab(definition);
    lab.rds.answers.push(new AwsError("Throttling", true, "Rate exceeded"));
    const { action, incident, phases } = await grown(lab);
    expect(lab.rds.sent).toHaveLength(1);
    expect(phases).toEqual(["ordered", "finished", "ordered", "began", "finished"]);
    expect(action?.outcome?.status).toBe("done");
    expect(incident?.timeline.filter(({ kind }) => kind === "approval")).toHaveLength(2);
  });

  it("A0 leaves to a person what somebody has to put right first", async () => {
    const lab = fullStorageLab(definition);
    lab.rds.answers.push(new AwsError("StorageQuotaExceededFault", true, "quota"));
    const { action, phases } = await grown(lab);
    expect(lab.rds.sent).toEqual([]);
    expect(phases).toEqual(["ordered", "finished"]);
    expect(action?.outcome).toMatchObject({ status: "refused", mayHaveActed: false });
    expect(JSON.stringify(lab.chat.messages)).toContain("the quota has to be raised");
  });

  it("A41 asks nobody about a database whose owner has not tagged it, and says which tag", async () => {
    const lab = fullStorageLab(definition, { tags: {} });
    const { action, phases } = await grown(lab);
    expect(lab.rds.sent).toEqual([]);
    expect(action).toMatchObject({ status: "withheld", approvalId: null });
    expect(phases).toEqual(["withheld"]);
    expect(JSON.stringify(lab.chat.messages)).toContain("rds-responder:change=allowed");
  });

  it("A41 sends nothing while the kill switch is engaged", async () => {
    const lab = fullStorageLab(definition);
    lab.deps.killSwitch.set("engaged: Ana, 09:00");
    const { phases } = await grown(lab);
    expect(lab.rds.sent).toEqual([]);
    expect(new Set(phases)).toEqual(new Set(["withheld"]));
  });
});
