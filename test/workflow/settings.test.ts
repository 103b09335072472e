import { afterAll, beforeAll, expect, it } from "vitest";
import { decideApproval } from "../../functions/core/respond/decide-approval.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { waitUntil } from "../lab/engines/sql.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount, responderFor } from "./for-one-test.ts";
import { approver, type BankLabOptions, fire, incidentOf, startBank } from "./support.ts";

type Lab = ReturnType<typeof responderFor>;

const thresholds = { slowQuerySeconds: 0.05, idleInTransactionSeconds: 0.05, manyWaitingSeconds: 0.05 };
const watch = { healthySeconds: 120, healthyCheckSeconds: 60, checkSeconds: 20 };
const policy = { approvers: [approver], pauseAfterActionSeconds: 0 };
const right = { thresholds, watch, policy };
/** Somebody protects the user of the session that holds the lock, and slips. */
const misspelt = { thresholds, watch, policy: { ...policy, protectedUser: ["shop"] } };

describeEngine("settings that are changed while an incident runs", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  /** Somebody writes them between the first look and the gate. */
  function editedAtFirstLook(write: (lab: Lab) => void, options: Partial<BankLabOptions> = {}): Lab {
    let looks = 0;
    const lab: Lab = responderFor(server, definition, {
      ...{ mode: "auto", settings: right },
      ...options,
      around: (state, handler) => async (input) => {
        if (state === "Diagnose") looks += 1;
        if (state === "Diagnose" && looks === 1) write(lab);
        return handler(input);
      },
    });
    return lab;
  }

  const notes = async (lab: Lab, id: string): Promise<string[]> =>
    (await incidentOf(lab, id)).timeline
      .filter(({ kind, says }) => kind === "note" && says.includes("settings"))
      .map(({ says }) => says);
  const toldOnce = (lab: Lab, text: string): number =>
    lab.chat.messages.filter(({ message }) => message.headline.includes(text)).length;

  async function approve(lab: Lab, id: string) {
    const asked = async () =>
      (await incidentOf(lab, id)).actions.find(({ status }) => status === "awaiting-approval");
    await waitUntil(async () => (await asked()) !== undefined, { what: "a request", timeoutMs: 15_000 });
    const approvalId = (await asked())?.approvalId ?? "";
    return decideApproval({ approvalId, decision: "approve", by: approver }, lab.deps);
  }

  it("A41 stop nothing when they are wrong: a person is asked, the thread names the field once, and once that all is right", async () => {
    const fault = await faultOnAccount(server, 2);
    let looks = 0;
    const lab = editedAtFirstLook((made) => made.deps.settings.set(misspelt), {
      onWatch: async () => {
        looks += 1;
        if (looks === 3) lab.deps.settings.set(right);
      },
    });
    const id = await fire(lab);
    expect(await approve(lab, id)).toMatchObject({ accepted: true });
    await fault.served;
    await lab.workflow.idle();
    expect((await incidentOf(lab, id)).status).toBe("resolved");
    expect(await lab.deps.incidents.audit(id)).toMatchObject([
      { phase: "withheld", refusal: { guard: "settings-invalid" } },
      { phase: "ordered", order: { permittedBy: "approval" } },
      { phase: "finished", outcome: { status: "done" } },
    ]);
    expect(await notes(lab, id)).toEqual([
      expect.stringMatching(
        /^Version 2 .*policy\.protectedUser: .*did you mean protectedUsers\?.*Version 1 goes on/,
      ),
      "The settings are right again: version 3 is in force.",
    ]);
    expect(toldOnce(lab, "policy.protectedUser")).toBe(1);
    expect(toldOnce(lab, "right again")).toBe(1);
  });

  it("A41 leave the earlier protection in force when a misspelt one would replace it", async () => {
    const fault = await faultOnAccount(server, 2);
    let looks = 0;
    const lab = editedAtFirstLook((made) => made.deps.settings.set(misspelt), {
      settings: { ...right, policy: { ...policy, protectedUsers: ["shop"] } },
      onWatch: () => {
        looks += 1;
        if (looks === 4) void lab.stop();
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit.filter(({ phase }) => phase === "ordered")).toEqual([]);
    expect(await fault.bystanderIsWell()).toBe(true);
    expect(toldOnce(lab, "policy.protectedUser")).toBe(1);
  });

  it("A41 of which nobody ever saw good ones open an incident all the same, which is only observed and says why", async () => {
    await faultOnAccount(server, 2);
    let looks = 0;
    const lab = responderFor(server, definition, {
      ...{ mode: "auto", settings: misspelt },
      onWatch: () => {
        looks += 1;
        if (looks === 3) void lab.stop();
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    const audit = await lab.deps.incidents.audit(id);
    expect(audit.length).toBeGreaterThan(0);
    expect(new Set(audit.map(({ refusal }) => refusal?.guard))).toEqual(new Set(["no-settings"]));
    expect(await notes(lab, id)).toEqual([expect.stringContaining("everything is only observed")]);
  });

  it("Q3 do not keep an incident from being given up, told and its group freed", async () => {
    const fault = await faultOnAccount(server, 2);
    const lab = responderFor(server, definition, {
      ...{ mode: "auto", settings: right },
      around: (state, handler) => async (input) => {
        if (state === "Prepare") lab.deps.settings.write("policy: {");
        if (state === "Authorize" || state === "Diagnose") throw new Error("Runtime exited");
        return handler(input);
      },
    });
    const id = await fire(lab);
    await lab.workflow.idle();
    expect(await lab.deps.incidents.custodies()).toEqual([]);
    expect((await incidentOf(lab, id)).status).toBe("escalated");
    expect(JSON.stringify(lab.chat.messages)).toContain("The responder itself failed");
    expect(await fault.bystanderIsWell()).toBe(true);
  });

  it("A41 that cannot be read any more stop nothing, and are told after ten minutes", async () => {
    const fault = await faultOnAccount(server, 2);
    let skipped = false;
    const lab = editedAtFirstLook((made) => made.deps.settings.fail("AccessDenied"), {
      onWatch: async () => {
        const [custody] = await lab.deps.incidents.custodies();
        const incident = custody === undefined ? null : await lab.deps.incidents.get(custody.incidentId);
        if (skipped || !incident?.actions.some(({ outcome }) => outcome !== null)) return;
        skipped = true;
        lab.clock.skip(11 * 60_000);
      },
    });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    expect((await incidentOf(lab, id)).status).toBe("resolved");
    expect(await notes(lab, id)).toEqual([
      expect.stringMatching(/^The settings cannot be read .*AccessDenied/),
    ]);
  });
});
