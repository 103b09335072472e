import { describe, expect, it } from "vitest";
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
