import { describe, expect, it } from "vitest";
import type { Incident, IncidentAction } from "../../../functions/core/contract/incident.ts";
import type { Message } from "../../../functions/core/contract/message.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { renderText } from "../../../functions/core/messages/text.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import {
  aDiagnosis,
  aFinding,
  anAction,
  anIncident,
  anOutcome,
  secondsLater,
} from "../../support/incident-builder.ts";

const database = "orders-reader";
const refusal = { guard: "protected-user", reason: "It is protected.", release: "Take it off the list." };

/** The incident is about its writer, orders-prod, and the action is for a reader of the same group. */
function incidentOf(action: IncidentAction, overrides: Partial<Incident> = {}): Incident {
  return anIncident({
    actions: [action],
    databases: [
      { name: "orders-prod", role: "writer", look: null },
      { name: database, role: "reader", look: null },
    ],
    ...overrides,
  });
}

function messagesOf(incident: Incident): readonly Message[] {
  const { root, thread } = incidentMessages(incident, defaultSettings, Date.parse(secondsLater(60)));
  return [root, ...thread.map(({ message }) => message)];
}

const asked = { database, approvalId: "apr-5d20", askedUntil: secondsLater(904) };

describe("an action on another database than the one that the incident shows", () => {
  it.each([
    ["is asked about", anAction({ ...asked, status: "awaiting-approval" })],
    ["was approved", anAction({ ...asked, status: "approved", decidedBy: "U1" })],
    ["was declined", anAction({ ...asked, status: "declined", decidedBy: "U1" })],
    ["was done after a click", anAction({ ...asked, status: "finished", outcome: anOutcome() })],
    ["was done unasked", anAction({ database, status: "finished", mode: "auto", outcome: anOutcome() })],
    [
      "was refused",
      anAction({ database, status: "finished", outcome: anOutcome({ status: "refused", refusal }) }),
    ],
    ["was withheld", anAction({ database, status: "withheld", refusal })],
  ])("A42 names its own database wherever it %s, and no other", (_, action) => {
    const [, ...thread] = messagesOf(incidentOf(action));
    expect(thread).not.toEqual([]);
    for (const message of thread) {
      expect(message.headline).toContain(`on ${database}`);
      expect(JSON.stringify(message)).not.toContain("orders-prod");
    }
  });

  it("A42 asks before approving with the name of the database that is hit", () => {
    const messages = messagesOf(incidentOf(anAction({ ...asked, status: "awaiting-approval" })));
    const confirms = messages.flatMap(({ buttons }) => buttons.flatMap(({ confirm }) => confirm ?? []));
    expect(confirms).toEqual([expect.stringContaining(`on ${database}`)]);
  });

  it("A42 offers nothing instead of it that another database's session would suffer", () => {
    const incident = incidentOf(anAction({ ...asked, status: "awaiting-approval" }), {
      diagnosis: aDiagnosis({ rootCauses: [aFinding()] }),
    });
    const cardOf = (one: Incident): string =>
      messagesOf(one)
        .filter(({ kind }) => kind === "approval-request")
        .map(renderText)
        .join();
    expect(cardOf(incident)).not.toContain("Cancel query");
    expect(
      cardOf({
        ...incident,
        actions: [anAction({ ...asked, status: "awaiting-approval", database: "orders-prod" })],
      }),
    ).toContain("Cancel query");
  });

  it("C1 says in the root message where something was done, and where it will be", () => {
    const done = anAction({ database, status: "finished", outcome: anOutcome() });
    const step = { kind: "act", actionKey: done.key, database } as const;
    const [root] = messagesOf(incidentOf(done, { step })).map(renderText);
    expect(root).toContain("Done and verified on orders-reader: Session 4242 is gone");
    expect(root).toMatch(/Acting now: .* on orders-reader/);
  });

  it("C1 does not repeat the name where the incident has one database only", () => {
    const done = anAction({ database: "orders-prod", status: "finished", outcome: anOutcome() });
    const [root] = messagesOf(anIncident({ actions: [done] })).map(renderText);
    expect(root).toContain("Done and verified: Session 4242 is gone");
  });
});
