import { describe, expect, it } from "vitest";
import { toBlocks } from "../../../functions/adapters/slack/blocks.ts";
import type { Message, MessageSection } from "../../../functions/core/contract/message.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { diagnosisMessage } from "../../../functions/core/messages/diagnosis-message.ts";
import { renderText } from "../../../functions/core/messages/text.ts";
import { htmlReport } from "../../../functions/core/report/html-report.ts";
import { markdownReport } from "../../../functions/core/report/markdown-report.ts";
import { reportOf } from "../../../functions/core/report/report.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { sqlLiteral } from "../../../functions/core/text/sql-literal.ts";
import { hidesSomething, visible, visibleJson, visibleLine } from "../../../functions/core/text/visible.ts";
import { someEvidence } from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, waiters } from "../../support/forest-builder.ts";

const green = "\u001b[2K\r\u001b[32mall healthy\u001b[0m";
const forged = `app\n1. Nothing wrong ${green}`;

describe("what people see", () => {
  it.each([
    ["a terminal escape", green, "⟪U+001B⟫[2K⟪U+000D⟫⟪U+001B⟫[32mall healthy⟪U+001B⟫[0m"],
    ["an escape of one character", "\u009b31m", "⟪U+009B⟫31m"],
    ["writing turned round", "gnp\u202e.exe\u2066x\u2069", "gnp⟪U+202E⟫.exe⟪U+2066⟫x⟪U+2069⟫"],
    [
      "what takes no room",
      "sh\u200bop\ufeff\u00ad\u2060\u3164",
      "sh⟪U+200B⟫op⟪U+FEFF⟫⟪U+00AD⟫⟪U+2060⟫⟪U+3164⟫",
    ],
    ["a tag beyond the basic plane", "a\u{e0041}", "a⟪U+E0041⟫"],
    ["half a character", "a\ud800b", "a⟪U+D800⟫b"],
    ["a line that only some programs break", "a\u2028b", "a⟪U+2028⟫b"],
  ])("Q4 shows %s by its number", (_what, given, seen) => {
    expect(visible(given)).toBe(seen);
    expect(visible(visible(given))).toBe(seen);
    expect(hidesSomething(given)).toBe(true);
  });

  it("leaves everything else as it is", () => {
    const text = "SELECT 'Zürich', '日本', '😀'\n\tFROM \"Größe\" -- naïve עברית";
    expect(visible(text)).toBe(text);
    expect(visible("a\r\nb")).toBe("a\nb");
    expect(hidesSomething("ordinary")).toBe(false);
  });

  it("keeps to one line what is one line by its nature", () => {
    expect(visibleLine("a\nb\tc")).toBe("a⟪U+000A⟫b⟪U+0009⟫c");
  });

  it("K escapes it in JSON, so that a program reads what was there", () => {
    const value = { name: `${green}\u009b\u202e\u{e0041}` };
    const json = visibleJson(JSON.stringify(value, null, 2));
    expect(JSON.parse(json)).toEqual(value);
    expect(hidesSomething(json.replaceAll("\n", ""))).toBe(false);
  });
});

describe("a value in a statement that is shown", () => {
  it.each([
    ["postgres", "a\nb", "E'a\\U0000000ab'"],
    ["postgres", "o'\u202e\\x", "E'o''\\U0000202e\\\\x'"],
    ["postgres", "it's", "'it''s'"],
    ["postgres", "a\\b", "E'a\\\\b'"],
    ["mysql", "a\nb", "_utf8mb4 0x610a62"],
    ["mariadb", "\u001b[32m", "_utf8mb4 0x1b5b33326d"],
    ["mysql", "a\\b", "'a\\\\b'"],
  ] as const)("is whole on one line, on %s: %j", (engine, value, literal) => {
    expect(sqlLiteral(value, engine)).toBe(literal);
    expect(hidesSomething(literal)).toBe(false);
  });
});

describe("a message", () => {
  const message = (sections: MessageSection[]): Message => ({
    schema: "message.v1",
    kind: "alert",
    incidentId: "none",
    headline: `headline of ${forged}`,
    severity: null,
    status: "Investigating",
    sections,
    buttons: [],
  });

  it("shows a statement exactly, because a line break may stand inside a literal", () => {
    const code = "SELECT 'first\n  second'\n  FROM t";
    const text = renderText(message([{ kind: "code", title: "Remedy", code }]));
    expect(text).toContain(`Remedy:\n${code}`);
  });

  it("Q4 carries no escape to a terminal or to Slack, in whatever part it stands", () => {
    const sections: MessageSection[] = [
      { kind: "text", text: forged },
      { kind: "note", text: forged },
      { kind: "fields", fields: [{ label: forged, value: forged }] },
      { kind: "list", title: forged, items: [forged] },
      { kind: "code", title: forged, code: forged },
    ];
    const slack = toBlocks(message(sections));
    for (const text of [renderText(message(sections)), JSON.stringify(slack.blocks), slack.text])
      expect(hidesSomething(text.replaceAll(/\\n|\n/g, ""))).toBe(false);
    expect(JSON.stringify(slack.blocks)).toContain("⟪U+001B⟫[32mall healthy");
    expect(renderText(message([])).split("\n")).toHaveLength(1);
  });
});

describe("a diagnosis with hostile names", () => {
  const idle = anIdleTransaction(7, 300, { application: forged, user: "shop\u202e", query: "UPDATE orders" });
  const evidence = someEvidence({ forests: [aForest([{ who: idle }, ...waiters(3, "session:7")])] });
  const diagnosis = diagnose(evidence, defaultSettings);

  it("Q4 has sentences of one line each, with the name in them to be seen", () => {
    const says = [
      diagnosis.headline,
      ...diagnosis.findings.flatMap((finding) => [
        finding.summary,
        ...finding.evidence.map((item) => item.says),
        ...finding.actions.flatMap((action) => [action.describes, action.consequence]),
      ]),
      ...diagnosis.path.map(({ answer }) => answer),
    ];
    expect(says.filter(hidesSomething)).toEqual([]);
    expect(diagnosis.headline).toContain("app⟪U+000A⟫1. Nothing wrong ⟪U+001B⟫[2K");
  });

  it("Q4 lets none of it reach the terminal, the page or the post-mortem", () => {
    const report = reportOf(diagnosis, evidence, defaultSettings);
    const channels = {
      text: renderText(diagnosisMessage(diagnosis, evidence, 1)),
      html: htmlReport(report),
      markdown: markdownReport(report),
    };
    for (const [channel, text] of Object.entries(channels)) {
      expect(hidesSomething(text.replaceAll("\n", "")), channel).toBe(false);
      expect(text, channel).not.toMatch(/^\W*1\. Nothing wrong/m);
    }
  });
});
