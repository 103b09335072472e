import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../../functions/adapters/memory/memory-incident-store.ts";
import { createMemorySettings } from "../../../functions/adapters/memory/memory-settings.ts";
import { createMemoryWorkflow } from "../../../functions/adapters/memory/memory-workflow.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { setTimeoutOffer } from "../../../functions/core/actions/database/set-timeout.ts";
import type { Incident, IncidentAction } from "../../../functions/core/contract/incident.ts";
import { undoState } from "../../../functions/core/contract/undo-state.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { reduceContext } from "../../../functions/core/respond/reduce-context.ts";
import { requestUndo } from "../../../functions/core/respond/request-undo.ts";
import { updateIncident } from "../../../functions/core/respond/update-incident.ts";
import { settingsSchema } from "../../../functions/core/settings.ts";
import { anAction, anIncident, anOutcome, aTarget, secondsLater } from "../../support/incident-builder.ts";
import { anOrder } from "../../support/order-builder.ts";

const by = "UANA";
const policy = { approvers: [by] };
const settings = settingsSchema.parse({ policy });
const limit = { of: "role", name: "shop", setting: "statement_timeout" };
const key = `set-timeout ALTER ROLE "shop" SET statement_timeout = '60s'`;
const offered = setTimeoutOffer.offer({ ...limit, value: "90min", from: "1min" }, aTarget());
if (offered.kind !== "offered") throw new Error("no undo");
const { input, preview, describes } = offered;

const done: IncidentAction = anAction({
  ...{ key, status: "finished", orderId: "o1", decidedBy: by },
  outcome: anOutcome({
    ...{ orderId: "o1", actionId: "set-timeout", actionKey: key, killed: [], mayHaveActed: true },
    undo: { actionId: "set-timeout", input, preview, describes },
  }),
});

const refusal = { guard: "state-changed", reason: "It is 5min now.", release: "A person decides." };
const nothing = { mayHaveActed: false, killed: [] };
const acted = { mayHaveActed: true, killed: [] };
const running = { startedAt: secondsLater(9), until: secondsLater(99), handle: {} };

describe("an undo that was pressed", () => {
  it.each([
    ["was refused", "finished", { ...nothing, status: "refused", refusal }, "offered"],
    ["could not reach the database", "finished", { ...nothing, status: "failed" }, "offered"],
    ["the gate held back", "withheld", null, "offered"],
    ["found no second approver in time", "expired", null, "offered"],
    ["a second approver declined", "declined", null, "asked"],
    ["is asked about", "awaiting-approval", null, "asked"],
    ["is ordered", "ordered", null, "asked"],
    ["was done", "finished", { ...acted, status: "done" }, "asked"],
    ["found it done", "finished", { ...nothing, status: "already-done" }, "asked"],
    ["was refused to a repeat", "finished", { ...acted, status: "refused", refusal }, "asked"],
    ["gave no answer", "finished", { ...acted, status: "failed" }, "asked"],
    ["is under way", "running", { ...acted, status: "running", running }, "asked"],
    ["is not followed any more", "withheld", { ...acted, status: "running", running }, "asked"],
  ] as const)(
    "A42 leaves its button where it is certain that it did nothing: it %s",
    (_how, status, ended, is) => {
      const outcome = ended === null ? null : anOutcome({ orderId: "o2", ...ended });
      const undo = anAction({ key: "back", undoes: "o1", status, approvalId: "o1-undo", outcome });
      const incident = anIncident({ actions: [done, undo] });
      expect(undoState(incident, done)).toBe(is);
      const shown = incidentMessages(incident, settings, Date.parse(secondsLater(100))).thread.find(
        ({ message }) => message.buttons.some(({ id }) => id === "undo"),
      );
      expect(shown?.key).toBe(is === "offered" ? "result:o1:done:again-1" : undefined);
    },
  );
});

async function limited() {
  const clock = createVirtualClock(Date.parse(secondsLater(100)));
  const log = createCollectingLog();
  const incidents = createMemoryIncidentStore();
  const deps = {
    ...{ incidents, clock, log, random: () => 0, workflow: createMemoryWorkflow() },
    settings: createMemorySettings({ policy }, { clock, log }),
  };
  const { id } = anIncident();
  await incidents.open(anIncident({ actions: [done] }));
  const order = anOrder({ orderId: "o1", incidentId: id, actionKey: key });
  const at = secondsLater(10);
  await incidents.appendAudit({
    ...{ schema: "audit.v1", incidentId: id, orderId: "o1", phase: "ordered", at, order },
    ...{ outcome: null, refusal: null },
  });
  const stored = async (): Promise<Incident> => (await incidents.get(id)) ?? anIncident();
  const undo = async () => (await stored()).actions.find(({ undoes }) => undoes === "o1");
  return {
    stored,
    undo,
    press: () => requestUndo({ incidentId: id, orderId: "o1", by }, deps),
    ended: async (orderId: string, ends: Partial<typeof nothing> & { status: "refused" | "failed" }) => {
      const actionKey = (await undo())?.key ?? "";
      const outcome = anOutcome({ ...nothing, ...ends, orderId, actionKey, refusal: null });
      const event = { kind: "action-finished", at: secondsLater(110), outcome } as const;
      await updateIncident(deps, id, () => [event], reduceContext(settings));
    },
  };
}

describe("a press of Undo after one before", () => {
  it("A42 asks anew, under a request of its own, when the one before sent nothing", async () => {
    const { press, undo, ended } = await limited();
    expect(await press()).toMatchObject({ accepted: true });
    expect(await undo()).toMatchObject({ status: "approved", approvalId: "o1-undo" });
    await ended("o2", { status: "failed" });
    expect(await press()).toMatchObject({ accepted: true });
    expect(await undo()).toMatchObject({ status: "approved", approvalId: "o1-undo-2" });
  });

  it("A42 does nothing where the one before may have acted, and names the command", async () => {
    const { press, undo, ended, stored } = await limited();
    await press();
    await ended("o2", { status: "failed", mayHaveActed: true });
    const before = await stored();
    const answer = await press();
    expect(answer).toMatchObject({
      accepted: false,
      says: expect.stringMatching(/whether it was done is not known\. Nothing will be done by this click/),
    });
    // Words of a shell: the key holds quotes.
    const command = `responder undo FILE --url URL --action 'set-timeout ALTER ROLE "shop" SET statement_timeout = '\\''60s'\\'''`;
    expect(answer.says).toContain(command);
    expect(await stored()).toEqual(before);
    expect(await undo()).toMatchObject({ approvalId: "o1-undo", outcome: { orderId: "o2" } });
    const card = incidentMessages(before, settings, Date.parse(secondsLater(120))).thread.find(
      (one) => one.key === "result:o1:done:asked:unproved",
    );
    expect(card?.edits).toBe("result:o1:done");
    const texts = card?.message.sections.flatMap((one) => (one.kind === "note" ? one.text : []));
    expect(texts?.join("\n")).toContain(`${command} --dry-run`);
  });
});
