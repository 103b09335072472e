import { describe, expect, it } from "vitest";
import { toBlocks } from "../../../functions/adapters/slack/blocks.ts";
import type { Incident } from "../../../functions/core/contract/incident.ts";
import type { Message } from "../../../functions/core/contract/message.ts";
import { incidentMessages } from "../../../functions/core/messages/incident-messages.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { checkBlocks } from "../../lab/slack/block-kit-rules.ts";
import { mrkdwnHtml } from "../../lab/slack/mrkdwn-html.ts";
import {
  aDiagnosis,
  aFinding,
  anAction,
  anIncident,
  anOutcome,
  aProposal,
} from "../../support/incident-builder.ts";

const hostile =
  "SELECT '<!channel> <@U0DANA01> <https://evil|x>' AS a, 1 < 2 && 3 > 2; ``` 😀 \u0000 -- *b* ";
const long = hostile.repeat(250);

function aMessage(overrides: Partial<Message>): Message {
  return {
    schema: "message.v1",
    kind: "alert",
    incidentId: "inc-1",
    headline: "headline",
    severity: "P1",
    status: "Investigating",
    sections: [],
    buttons: [],
    ...overrides,
  };
}

function checked(message: Message) {
  const { blocks, text } = toBlocks(message);
  const json = JSON.stringify(blocks);
  expect(checkBlocks(json)).toMatchObject({ kind: "valid" });
  expect(text.length).toBeLessThanOrEqual(4000);
  expect(json.isWellFormed()).toBe(true);
  return { json, text, html: htmlOf(json) };
}

/** Every text as Slack's client would show it. */
function htmlOf(json: string): string {
  const check = checkBlocks(json);
  if (check.kind === "invalid") return "";
  return check.blocks
    .flatMap((block) => {
      if (block.type === "section") return [block.text, ...(block.fields ?? [])];
      return block.type === "context" ? block.elements : [];
    })
    .map((text) => (text?.type === "mrkdwn" ? mrkdwnHtml(text.text, (id) => id) : ""))
    .join("\n");
}

function hostileIncident(): Incident {
  const proposal = aProposal({
    preview: long,
    describes: long,
    consequence: long,
    input: { ...Object(aProposal().input), query: long, application: hostile },
  });
  const finding = aFinding({
    summary: long,
    evidence: Array.from({ length: 500 }, (_, index) => ({
      source: hostile,
      says: `waiter ${index}: ${long}`,
    })),
    actions: Array.from({ length: 30 }, () => proposal),
  });
  const diagnosis = aDiagnosis({
    headline: long,
    rootCauses: Array.from({ length: 20 }, () => finding),
    symptoms: Array.from({ length: 100 }, (_, index) => ({ key: `${index}`, summary: long })),
    missing: [long, long],
  });
  return anIncident({
    severity: "P0",
    diagnosis,
    cause: diagnosis,
    target: { ...anIncident().target, name: `db-${hostile}` },
    actions: [
      anAction({ proposal, status: "awaiting-approval", approvalId: "a1" }),
      anAction({ proposal, key: "b", status: "finished", outcome: anOutcome({ summary: long }) }),
      anAction({ proposal, key: "c", status: "withheld" }),
    ],
    timeline: [{ key: "e", at: anIncident().openedAt, kind: "escalation", says: long }],
  });
}

describe("Block Kit", () => {
  it("C3 stays within every limit for 500 waiters, statements of 20,000 characters and emoji", () => {
    expect(long.length).toBeGreaterThan(20_000);
    const { root, thread } = incidentMessages(hostileIncident(), defaultSettings, 0);
    const all = [root, ...thread.map((one) => one.message)];
    expect(all).toHaveLength(6);
    for (const message of all) {
      const { json } = checked(message);
      expect(json.length).toBeLessThan(16_000);
    }
  });

  it("C3 mentions nobody and links nowhere, whatever a statement or a name says", () => {
    const { root, thread } = incidentMessages(hostileIncident(), defaultSettings, 0);
    for (const message of [root, ...thread.map((one) => one.message)]) {
      const { html, text } = checked(message);
      expect(html).not.toContain('class="mention"');
      expect(html).not.toContain("<a ");
      expect(text).not.toContain("<");
    }
  });

  it("C3 escapes inside code too and keeps a statement in its fence", () => {
    const code = "SELECT 1 < 2 && '```<!channel>'";
    const { json, html } = checked(aMessage({ sections: [{ kind: "code", title: "t", code }] }));
    expect(json).toContain("1 &lt; 2 &amp;&amp; '");
    expect(json.match(/```/g)).toHaveLength(2);
    expect(html.match(/<pre>/g)).toHaveLength(1);
  });

  it("C3 shows a statement exactly as it is when it fits", () => {
    const code = "DELETE FROM a\n WHERE b <> 'x & y';";
    const { html } = checked(aMessage({ sections: [{ kind: "code", title: "t", code }] }));
    expect(html).toContain("<pre>DELETE FROM a\n WHERE b &lt;&gt; &#39;x &amp; y&#39;;</pre>");
  });

  it("C3 says how much of a long statement it shows", () => {
    const { json } = checked(
      aMessage({ sections: [{ kind: "code", title: "t", code: "x".repeat(20_000) }] }),
    );
    expect(json).toMatch(/cut: 8,9\d\d of 20,000 characters shown/);
  });

  it("C3 cuts a list at whole items and says how many are left", () => {
    const items = Array.from({ length: 500 }, (_, index) => `waiter ${index} of 500`);
    const { json } = checked(aMessage({ sections: [{ kind: "list", title: "waiters", items }] }));
    const shown = json.match(/•/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(json).toContain(`… and ${500 - shown} more`);
  });

  it("C3 keeps the buttons when a message has far too many parts", () => {
    const sections = Array.from({ length: 200 }, () => ({ kind: "text" as const, text: "y" }));
    const button = {
      id: "approve",
      label: "z".repeat(200),
      style: "danger",
      value: "a",
      confirm: long,
    } as const;
    const { json } = checked(aMessage({ sections, buttons: [button] }));
    expect(json).toContain('"action_id":"approve:0"');
    expect(json).toContain("more parts left out");
  });

  it("C3 never sends an empty text, which Slack refuses", () => {
    checked(
      aMessage({
        headline: "",
        sections: [
          { kind: "text", text: " " },
          { kind: "note", text: "" },
          { kind: "fields", fields: [] },
          {
            kind: "fields",
            fields: [
              { label: "a", value: "" },
              { label: "", value: "" },
            ],
          },
          { kind: "list", title: "", items: [] },
          { kind: "code", title: "", code: "" },
        ],
      }),
    );
  });

  it("C3 splits more than ten fields", () => {
    const fields = Array.from({ length: 23 }, (_, index) => ({ label: `l${index}`, value: "v" }));
    const { json } = checked(aMessage({ sections: [{ kind: "fields", fields }] }));
    expect(json).toContain("l22");
  });

  it("A42 names the person who decided as a mention, and takes nothing else for a person", () => {
    const fields = (label: string, value: string) =>
      aMessage({ sections: [{ kind: "fields", fields: [{ label, value }] }] });
    expect(checked(fields("Approved by", "U0DANA01")).html).toContain('class="mention"');
    expect(checked(fields("Database", "U0DANA01")).html).not.toContain('class="mention"');
    expect(checked(fields("Approved by", "<!channel>")).html).not.toContain('class="mention"');
  });
});

describe("the stand-in's rules", () => {
  const section = (text: string) => JSON.stringify([{ type: "section", text: { type: "mrkdwn", text } }]);

  it.each([
    ["a section of 3001 characters", section("x".repeat(3001))],
    ["an empty text", section("")],
    ["51 blocks", JSON.stringify(Array.from({ length: 51 }, () => ({ type: "divider" })))],
    ["an unknown block", JSON.stringify([{ type: "blink" }])],
    ["an unknown key", JSON.stringify([{ type: "divider", colour: "red" }])],
    ["no JSON", "["],
  ])("C3 refuse %s as Slack would", (_name, json) => {
    expect(checkBlocks(json).kind).toBe("invalid");
  });

  it("C3 take a section of 3000 characters", () => {
    expect(checkBlocks(section("x".repeat(3000))).kind).toBe("valid");
  });

  it("C3 would show an unescaped mention and link, also inside a fence", () => {
    expect(mrkdwnHtml("<!channel>", (id) => id)).toContain('class="mention"');
    expect(mrkdwnHtml("```<https://e|x>```", (id) => id)).toContain("<a ");
  });
});
