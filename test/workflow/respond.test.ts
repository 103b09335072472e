import { afterAll, beforeAll, expect, it } from "vitest";
import type { Incident } from "../../functions/core/contract/incident.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { waitUntil } from "../lab/engines/sql.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount, responderFor } from "./for-one-test.ts";
import { approver, type BankLabOptions, fire, incidentOf, startBank } from "./support.ts";

type Lab = ReturnType<typeof responderFor>;

async function openIncident({ deps }: Lab): Promise<Incident | null> {
  const [custody] = await deps.incidents.custodies();
  return custody === undefined ? null : deps.incidents.get(custody.incidentId);
}

async function asked(lab: Lab, id: string): Promise<Incident["actions"][number]> {
  const pending = async () =>
    (await incidentOf(lab, id)).actions.find(
      (action) => action.approvalId !== null && action.status === "awaiting-approval",
    );
  await waitUntil(async () => (await pending()) !== undefined, {
    what: "a request for approval",
    timeoutMs: 15_000,
  });
  const action = await pending();
  if (action === undefined) throw new Error("the request is gone");
  return action;
}

describeEngine("the respond workflow", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  async function play(options: BankLabOptions, during: (lab: Lab, id: string) => Promise<void>) {
    const fault = await faultOnAccount(server, 3);
    const lab = responderFor(server, definition, options);
    const id = await fire(lab);
    try {
      await during(lab, id);
      return { fault, lab, incident: await incidentOf(lab, id) };
    } finally {
      await fault.close();
    }
  }

  async function click(lab: Lab, approvalId: string | null, decision: "approve" | "decline", by = approver) {
    const { decideApproval } = await import("../../functions/core/respond/decide-approval.ts");
    return decideApproval({ approvalId: approvalId ?? "", decision, by }, lab.deps);
  }

  it("A42 acts after one click of an approver, and not before", async () => {
    const { incident } = await play({ mode: "approve" }, async (lab, id) => {
      const action = await asked(lab, id);
      expect(await lab.deps.incidents.audit(id)).toEqual([]);
      expect((await click(lab, action.approvalId, "approve", "U0STRANGER")).accepted).toBe(false);
      expect(await lab.deps.incidents.audit(id)).toEqual([]);
      expect((await click(lab, action.approvalId, "approve")).accepted).toBe(true);
      await lab.workflow.idle();
    });
    expect(incident.status).toBe("resolved");
    expect(incident.actions[0]).toMatchObject({ status: "finished", decidedBy: approver });
  });

  it("A42 a decline is respected; the incident goes to a person and is watched", async () => {
    let looks = 0;
    const { incident, lab } = await play(
      {
        mode: "approve",
        onWatch: async () => {
          looks += 1;
        },
      },
      async (lab, id) => {
        const action = await asked(lab, id);
        await click(lab, action.approvalId, "decline");
        await waitUntil(() => looks >= 3, { what: "three more looks", timeoutMs: 15_000 });
        expect((await click(lab, action.approvalId, "approve")).accepted).toBe(false);
      },
    );
    expect(incident.status).toBe("escalated");
    expect(await lab.deps.incidents.audit(incident.id)).toEqual([]);
    await lab.workflow.idle();
  });

  it("A42 a request that nobody answers expires, and the click that comes too late does nothing", async () => {
    const { incident, lab } = await play(
      { mode: "approve", settings: { policy: { approvers: [approver], approvalSeconds: 1 } } },
      async (lab, id) => {
        const action = await asked(lab, id);
        const expired = async (): Promise<boolean> =>
          (await incidentOf(lab, id)).actions.some((one) => one.status === "expired");
        await waitUntil(expired, { what: "the request to expire", timeoutMs: 15_000 });
        const late = await click(lab, action.approvalId, "approve");
        expect(late.accepted).toBe(false);
      },
    );
    expect(incident.actions[0]?.status).toBe("expired");
    expect(await lab.deps.incidents.audit(incident.id)).toEqual([]);
    await lab.workflow.idle();
  });

  it("A42 the target is checked again after the click: a session that moved on is not hit", async () => {
    const fault = await faultOnAccount(server, 2);
    let clicked = false;
    const lab = responderFor(server, definition, {
      mode: "approve",
      onRest: async () => {
        const incident = await openIncident(lab);
        if (incident?.status !== "awaiting-approval" || clicked) return;
        clicked = true;
        await fault.close();
        await click(lab, incident.actions[0]?.approvalId ?? null, "approve");
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    const incident = await incidentOf(lab, id);
    expect(incident.actions[0]?.outcome?.killed).toEqual([]);
    expect(incident.actions[0]?.outcome?.status).toMatch(/already-done|refused/);
    expect(incident.status).toBe("resolved");
  });

  it("A42 a card whose reason has gone is taken back at the next look, and takes no click any more", async () => {
    const fault = await faultOnAccount(server, 2);
    let approvalId: string | null = null;
    let answer: { accepted: boolean; says: string } | null = null;
    const lab = responderFor(server, definition, {
      mode: "approve",
      onRest: async () => {
        if (approvalId !== null) return;
        const incident = await openIncident(lab);
        approvalId = incident?.actions[0]?.approvalId ?? null;
        await fault.close();
      },
      onWatch: async () => {
        if (answer !== null || approvalId === null) return;
        if ((await lab.deps.incidents.getApproval(approvalId))?.status === "pending") return;
        answer = await click(lab, approvalId, "approve");
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    const incident = await incidentOf(lab, id);
    expect(answer).toMatchObject({ accepted: false, says: expect.stringContaining("withdrawn") });
    expect(incident.actions[0]).toMatchObject({ status: "withheld", refusal: { guard: "reason-gone" } });
    expect(await lab.deps.incidents.audit(id)).toEqual([]);
    expect(incident.status).toBe("resolved");
    const cards = lab.chat.messages.filter(({ message }) => message.kind === "approval-request");
    expect(cards.map(({ message }) => message.headline)).toEqual([expect.stringMatching(/^Withdrawn: /)]);
    expect(cards[0]?.message.buttons).toEqual([]);
  });

  it("A42 a click that comes while the database is looked at is carried out after the look", async () => {
    const fault = await faultOnAccount(server, 2);
    let clicked = false;
    const lab = responderFor(server, definition, {
      mode: "approve",
      around: (state, handler) => async (input) => {
        const result = await handler(input);
        const incident = state === "ProbePostgres" && !clicked ? await openIncident(lab) : null;
        if (incident?.status === "awaiting-approval") {
          clicked = true;
          expect(await click(lab, incident.actions[0]?.approvalId ?? null, "approve")).toMatchObject({
            accepted: true,
          });
        }
        return result;
      },
    });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit.map(({ phase, outcome }) => [phase, outcome?.status])).toEqual([
      ["ordered", undefined],
      ["finished", "done"],
    ]);
    expect((await incidentOf(lab, id)).actions[0]).toMatchObject({ decidedBy: approver });
  });

  it("A41 people are not asked to agree to what would be withheld: the gate comes first", async () => {
    const fault = await faultOnAccount(server, 2);
    let looks = 0;
    const lab = responderFor(server, definition, {
      mode: "approve",
      onWatch: async () => {
        looks += 1;
        if (looks === 2) await fault.close();
      },
    });
    lab.deps.killSwitch.set("engaged: drill");
    const id = await fire(lab);
    await lab.workflow.idle();
    expect(lab.chat.messages.filter(({ message }) => message.kind === "approval-request")).toEqual([]);
    const audit = await lab.deps.incidents.audit(id);
    expect(audit.length).toBeGreaterThan(0);
    expect(new Set(audit.map(({ refusal }) => refusal?.guard))).toEqual(new Set(["kill-switch"]));
    expect((await incidentOf(lab, id)).actions[0]?.approvalId).toBeNull();
  });

  it("A41 in observe mode nothing is done, and the message says what would release it", async () => {
    let looks = 0;
    const { incident, lab } = await play(
      {
        mode: "observe",
        onWatch: async () => {
          looks += 1;
        },
      },
      async () => {
        await waitUntil(() => looks >= 2, { what: "two looks", timeoutMs: 15_000 });
      },
    );
    expect(incident.actions[0]?.refusal?.release).toMatch(/mode/);
    expect((await lab.deps.incidents.audit(incident.id)).every((record) => record.phase === "withheld")).toBe(
      true,
    );
    await lab.workflow.idle();
  });

  it("A41 the kill switch stops the action, and its release lets it happen", async () => {
    const fault = await faultOnAccount(server, 2);
    let looks = 0;
    const lab = responderFor(server, definition, {
      mode: "auto",
      onWatch: async () => {
        looks += 1;
        if (looks === 2) lab.deps.killSwitch.set("off");
      },
    });
    lab.deps.killSwitch.set("engaged: drill");
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit[0]).toMatchObject({ phase: "withheld", refusal: { guard: "kill-switch" } });
    expect(audit.at(-1)).toMatchObject({ phase: "finished" });
    expect((await incidentOf(lab, id)).status).toBe("resolved");
  });

  it("A41 a kill switch that cannot be read holds everything", async () => {
    const fault = await faultOnAccount(server, 2);
    let looks = 0;
    const lab = responderFor(server, definition, {
      mode: "auto",
      onWatch: async () => {
        looks += 1;
        if (looks === 3) await fault.close();
      },
    });
    lab.deps.killSwitch.fail("AccessDenied");
    const id = await fire(lab);
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit.length).toBeGreaterThan(0);
    expect(new Set(audit.map((record) => record.refusal?.guard))).toEqual(
      new Set(["kill-switch-unreadable"]),
    );
  });

  it("C2 the incident goes on while the channel is down, and the story is told when it is back", async () => {
    const fault = await faultOnAccount(server, 2);
    const lab = responderFor(server, definition, { mode: "auto" });
    lab.chat.behave({ kind: "failing", reason: "channel down" }, 4);
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    expect((await incidentOf(lab, id)).status).toBe("resolved");
    const told = lab.chat.messages.map((sent) => sent.message.kind);
    expect(told).toContain("resolution");
    expect(told).toContain("action-result");
    // D5: the thread tells the way through the decision tree.
    expect(JSON.stringify(lab.chat.messages)).toContain("Does anyone wait for a lock?");
  });

  it("Q2 a probing function that fails for good still gives a message that says what was not seen", async () => {
    const fault = await faultOnAccount(server, 2);
    let looks = 0;
    const lab = responderFor(server, definition, {
      mode: "auto",
      around: (state, handler) => async (input) => {
        if (state === "ProbePostgres" && looks < 2) throw new Error("Runtime exited");
        return handler(input);
      },
      onWatch: async () => {
        looks += 1;
      },
    });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    const [root] = lab.chat.messages;
    expect(JSON.stringify(root?.history)).toMatch(/could not|not be seen|did not answer/i);
    expect((await incidentOf(lab, id)).status).toBe("resolved");
  });
});
