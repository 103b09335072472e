import { describe, expect, it } from "vitest";
import { toBlocks } from "../../../functions/adapters/slack/blocks.ts";
import { sessionTargetSchema } from "../../../functions/core/actions/signals/session-target.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { anAction, anIncident, aProposal, aTarget } from "../../support/incident-builder.ts";

/** Turns the direction of writing, takes no room, ends a line: what follows would read as another statement. */
const hidden = ["\u202e", "\u2066", "\u200b", "\u200d", "\u00ad", "\ufeff", "\u2028", "\u001b", "\u{e0041}"];

/** An approval card whose every name carries the character. */
function cardWith(character: string): string {
  const name = `nightly${character}kcehc\n*Frees:* nobody`;
  const proposal = aProposal();
  const action = anAction({
    status: "awaiting-approval",
    approvalId: "apr-1",
    proposal: {
      ...proposal,
      describes: `Terminate ${name}`,
      preview: `SELECT pg_terminate_backend(1) -- ${name}`,
      consequence: `Ends ${name}`,
      input: {
        ...sessionTargetSchema.parse(proposal.input),
        application: name,
        user: name,
        client: name,
        query: `select '${name}'`,
      },
    },
  });
  const incident = anIncident({ target: aTarget({ name }), status: "awaiting-approval", actions: [action] });
  const { thread } = incidentMessages(incident, defaultSettings, Date.parse(incident.openedAt));
  const card = thread.find(({ message }) => message.kind === "approval-request");
  if (card === undefined) throw new Error("no card");
  return JSON.stringify(toBlocks(card.message));
}

describe("the approval card", () => {
  it.each(
    hidden.map((character) => [
      character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0"),
      character,
    ]),
  )("A42 shows U+%s by its number, in every name and statement", (number, character = "") => {
    const card = cardWith(character);
    expect(card).not.toContain(character);
    expect(card.split(`⟪U+${number}⟫`).length).toBeGreaterThan(5);
  });

  it("A42 keeps a name on its line, so that what follows cannot read as another field", () => {
    expect(cardWith("")).not.toMatch(/\*Application\*\\n[^"]*\\n/);
    expect(cardWith("")).toContain("⟪U+000A⟫*Frees:* nobody");
  });

  it("C3 breaks up the end of a code fence without showing how", () => {
    const { blocks } = toBlocks({
      ...{ schema: "message.v1", kind: "alert", incidentId: "inc-1", headline: "x", severity: null },
      ...{
        status: "Investigating",
        sections: [{ kind: "code", title: "Statement", code: "a ``` b" }],
        buttons: [],
      },
    });
    const text = JSON.stringify(blocks);
    expect(text).not.toContain("U+200B");
    expect(text.match(/```/g)).toHaveLength(2);
  });
});
