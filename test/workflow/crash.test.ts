import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { decideApproval } from "../../functions/core/respond/decide-approval.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import type { StateHandler } from "../support/responder-lab.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount, responderFor } from "./for-one-test.ts";
import { approver, fire, incidentOf, startBank } from "./support.ts";

const states = [
  "Prepare",
  "Locate",
  "Collect",
  "ProbePostgres",
  "Diagnose",
  "Announce",
  "ReadPolicy",
  "Authorize",
  "ActOnPostgres",
  "Record",
  "Close",
];

/** The first call of a state dies: before it did anything, or after it did everything and before it could say so. */
function dying(
  where: string,
  when: "before" | "after",
): (state: string, handler: StateHandler) => StateHandler {
  let died = false;
  return (state, handler) => async (input) => {
    if (state !== where || died) return handler(input);
    died = true;
    if (when === "after") await handler(input);
    throw new Error(`${state} died ${when} its work`);
  };
}

function throttled(): Error {
  return Object.assign(new Error("Rate Exceeded."), { name: "Lambda.TooManyRequestsException" });
}

describeEngine("Q3 a function that dies", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  describe.each(states)("at %s", (state) => {
    it.each(["before", "after"] as const)("%s its work leads to the same end", async (when) => {
      const fault = await faultOnAccount(server, 3);
      const lab = responderFor(server, definition, { mode: "auto", around: dying(state, when) });
      const id = await fire(lab);
      await fault.served;
      await lab.workflow.idle();
      const incident = await incidentOf(lab, id);
      const audit = await lab.deps.incidents.audit(id);

      expect(lab.workflow.failures).toEqual([]);
      expect(incident.status).toBe("resolved");
      expect(incident.cause?.rootCauses[0]?.id).toBe("blocked-by-idle-transaction");
      expect(incident.actions.map((action) => action.outcome?.status)).toEqual([
        expect.stringMatching(/^(done|already-done)$/),
      ]);
      expect(audit.map((record) => record.phase)).toEqual(["ordered", "finished"]);
      expect(
        audit.flatMap((record) => record.outcome?.killed ?? []).filter((pid) => pid !== fault.culprit),
      ).toEqual([]);
      expect(await fault.bystanderIsWell()).toBe(true);
      expect(lab.chat.messages.filter((sent) => sent.thread === null)).toHaveLength(1);
      expect(await lab.deps.incidents.openIncidentOf(incident.group)).toBeNull();
    });
  });

  /** Approved by hand, so that the machine rests until the click. */
  it.each(["before", "after"] as const)("at Rest %s its work loses no click", async (when) => {
    const fault = await faultOnAccount(server, 3);
    let clicked = false;
    const lab = responderFor(server, definition, {
      mode: "approve",
      around: dying("Rest", when),
      onRest: async () => {
        const [custody] = await lab.deps.incidents.custodies();
        const incident = custody === undefined ? null : await lab.deps.incidents.get(custody.incidentId);
        if (clicked || incident?.status !== "awaiting-approval") return;
        clicked = true;
        const approvalId = incident.actions[0]?.approvalId ?? "";
        await decideApproval({ approvalId, decision: "approve", by: approver }, lab.deps);
      },
    });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    expect(lab.workflow.failures).toEqual([]);
    expect(await incidentOf(lab, id)).toMatchObject({ status: "resolved" });
    const audit = await lab.deps.incidents.audit(id);
    expect(audit.map((record) => record.phase)).toEqual(["ordered", "finished"]);
    expect(await fault.bystanderIsWell()).toBe(true);
  });

  it.each([
    ["NextRun", "before"],
    ["NextRun", "after"],
    ["Continue", "before"],
    ["Continue", "after"],
  ] as const)(
    "at %s %s its work leaves the incident in one pair of hands",
    async (state, when) => {
      const fault = await faultOnAccount(server, 3);
      let looks = 0;
      const lab = responderFor(server, definition, {
        mode: "observe",
        around: dying(state, when),
        onWatch: async () => {
          looks += 1;
          if (looks === 45) await fault.close();
        },
      });
      const id = await fire(lab);
      await lab.workflow.idle();
      // Whoever was named and not started is started by the sweeper.
      await lab.sweep({});
      await lab.workflow.idle();
      const incident = await incidentOf(lab, id);
      expect(lab.workflow.failures).toEqual([]);
      expect(incident.status).toBe("resolved");
      expect(incident.cycle).toBeGreaterThan(45);
      expect(new Set(lab.workflow.starts.map(({ name }) => name)).size).toBeGreaterThanOrEqual(2);
      expect(await lab.deps.incidents.audit(id)).toSatisfy((records: readonly { phase: string }[]) =>
        records.every(({ phase }) => phase === "withheld"),
      );
    },
    180_000,
  );

  it("A40 an acting function without a free place is called again, and at the next look ordered again", async () => {
    const fault = await faultOnAccount(server, 3);
    let calls = 0;
    const lab = responderFor(server, definition, {
      mode: "auto",
      around: (state, handler) => async (input) => {
        calls += state === "ActOnPostgres" ? 1 : 0;
        // The first call and its six repeats.
        if (state === "ActOnPostgres" && calls <= 7) throw throttled();
        return handler(input);
      },
    });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect((await incidentOf(lab, id)).status).toBe("resolved");
    expect(calls).toBe(8);
    expect(audit.map(({ phase, outcome }) => [phase, outcome?.status])).toEqual([
      ["ordered", undefined],
      ["finished", "refused"],
      ["ordered", undefined],
      ["finished", "done"],
    ]);
    expect(audit[1]?.outcome?.summary).toContain("Nothing was sent");
  });

  it.each([
    ["throttled", "after", "throttled"],
    ["after", "throttled", "throttled"],
  ] as const)(
    "A40 of calls that end %s, %s, %s the one whose answer was lost is counted",
    async (...ends) => {
      const fault = await faultOnAccount(server, 3);
      const told: unknown[] = [];
      const lab = responderFor(server, definition, {
        mode: "auto",
        around: (state, handler) => async (input) => {
          if (state !== "ActOnPostgres") return handler(input);
          const end = ends[told.length];
          told.push(z.looseObject({ retries: z.number() }).parse(input).retries);
          if (end === "throttled") throw throttled();
          const outcome = await handler(input);
          if (end === "after") throw new Error("Runtime exited");
          return outcome;
        },
      });
      const id = await fire(lab);
      await fault.served;
      await lab.workflow.idle();
      const audit = await lab.deps.incidents.audit(id);
      expect(told).toEqual(ends[0] === "after" ? [0, 1, 1, 1] : [0, 0, 1, 1]);
      expect(audit.map(({ phase }) => phase)).toEqual(["ordered", "finished"]);
      expect(audit[1]?.outcome).toMatchObject({ mayHaveActed: true });
      expect(await fault.bystanderIsWell()).toBe(true);
    },
  );

  it("Q3 an execution that is lost whole is taken up again by a second one, which acts once", async () => {
    const fault = await faultOnAccount(server, 3);
    const lab = responderFor(server, definition, { mode: "auto" });
    const id = await fire(lab);
    await fault.served;
    await Promise.all([
      lab.workflow.idle(),
      lab.run(`${id}-again`, { schema: "respond.v1", incidentId: id }),
    ]);
    const incident = await incidentOf(lab, id);
    const audit = await lab.deps.incidents.audit(id);
    expect(incident.status).toBe("resolved");
    expect(audit.filter((record) => record.outcome?.status === "done")).toHaveLength(1);
    expect(await fault.bystanderIsWell()).toBe(true);
  });
});
