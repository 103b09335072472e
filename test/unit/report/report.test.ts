import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { htmlReport } from "../../../functions/core/report/html-report.ts";
import { markdownReport } from "../../../functions/core/report/markdown-report.ts";
import { reportOf } from "../../../functions/core/report/report.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import {
  aConnection,
  aGroup,
  aMetric,
  anAlarm,
  aTarget,
  someEvidence,
} from "../../support/evidence-builder.ts";
import { aForest, aSession, keyOf } from "../../support/forest-builder.ts";

const hostile = `</code></style><script>alert(1)</script><img src=x onerror="a"> [x](javascript:1) \u001b[31m \u202e "' & \`\`\` | # x`;

function blocked(waiters: number, name = "checkout"): Evidence {
  const idle = { state: "idle-in-transaction", stateSeconds: 252, transactionSeconds: 260 } as const;
  const holder = aSession(1, { application: name, query: `UPDATE ${name}`, user: name, ...idle });
  const behind = Array.from({ length: waiters }, (_, index) => ({
    who: aSession(10 + index, { application: name, query: name, statementSeconds: 90 }),
    behind: keyOf(holder),
    waits: {
      object: name,
      objectKind: "table" as const,
      mode: "RowExclusiveLock",
      waitSeconds: 90 - index / 10,
    },
  }));
  return someEvidence({
    forests: [aForest([{ who: holder, holds: [{}] }, ...behind])],
    groups: [
      aGroup(waiters, { waitingOnLock: waiters, application: name }),
      aGroup(1, { state: "idle-in-transaction" }),
    ],
    overrides: {
      signal: anAlarm("DatabaseConnections", { threshold: 40, reason: name }),
      metrics: [aMetric("DatabaseConnections", [10, 12, 40, 55]), aMetric("CPUUtilization", [50])],
      missing: [{ what: name, reason: name, howToSee: name }],
      target: aTarget({ name }),
    },
  });
}

function reportFor(evidence: Evidence) {
  return reportOf(diagnose(evidence, defaultSettings), evidence, defaultSettings);
}

const page = (evidence: Evidence): string => htmlReport(reportFor(evidence));

describe("the report as HTML", () => {
  it("C5 says what is wrong, who blocks whom, what to do, how it was decided and what it cost", () => {
    const text = page(blocked(9));
    for (const part of [
      "P2 moderate",
      "checkout",
      "Who blocks whom: 9 waiting",
      "9 sessions of checkout",
      "pg_terminate_backend",
    ])
      expect(text).toContain(part);
    for (const title of [
      "Metrics",
      "What is wrong, and why",
      "How it was decided",
      "What could not be seen",
      "What the look cost",
    ])
      expect(text).toContain(`<h2>${title}</h2>`);
    expect(text.match(/<svg/g)).toHaveLength(1);
    expect(text).toContain('class="limit"');
  });

  it("Q4 lets no name, statement or reason become markup", () => {
    const clean = page(blocked(3));
    const dirty = page(blocked(3, hostile));
    const tags = (text: string): string[] => text.match(/<\/?[a-z][^\s>/]*/gi) ?? [];
    expect(tags(dirty)).toEqual(tags(clean));
    expect(dirty).toContain("&lt;script&gt;");
    expect(dirty).not.toContain("\u001b");
    expect(dirty).not.toContain("\u202e");
    expect(dirty).not.toMatch(/<script|onerror="/);
  });

  it("C5 needs nothing from a network", () => {
    expect(page(blocked(3))).not.toMatch(/https?:\/\/|<script|<link|<img|\bsrc=|\bhref=|url\(|@import/);
  });

  it("P4 draws 1,000 waiters that are alike as one, and says how many", () => {
    const text = page(blocked(1000));
    expect(text).toContain("1000 sessions of checkout");
    expect(text.length).toBeLessThan(60_000);
  });

  it("D6 says of a healthy database that nothing serious was found, without an empty section", () => {
    const text = page(someEvidence());
    expect(text).toContain("nothing serious found");
    expect(text).not.toContain("<h2>Metrics</h2>");
    expect(text).not.toContain("Who blocks whom");
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });

  it("D7 says of one that could not be reached what was seen of it", () => {
    const connection = aConnection({ status: "not-connected", failedStep: "tcp", detail: "timed out" });
    const text = page(someEvidence({ overrides: { connection, probes: [] } }));
    expect(text).toContain("No statement was sent");
    expect(text).toContain("timed out");
  });

  it("D1 gives the same page for the same evidence", () => {
    expect(page(blocked(20))).toBe(page(blocked(20)));
  });
});

describe("the report as Markdown", () => {
  const markdown = (evidence: Evidence): string => markdownReport(reportFor(evidence));

  it("C5 has the same parts, with the tree drawn in characters", () => {
    const text = markdown(blocked(9));
    expect(text).toMatch(/^# checkout: /);
    expect(text).toContain("└─ 9 sessions of checkout");
    expect(text).toContain("## What is wrong, and why");
    expect(text).toContain("```sql\n");
  });

  it("Q4 lets no name become a heading, link, image, table or HTML", () => {
    const lines = markdown(blocked(3, `${hostile}\n# heading\n| a | b |`)).split("\n");
    let fence: string | null = null;
    const outside = lines.filter((line) => {
      const [, mark] = /^(`{3,})/.exec(line) ?? [];
      if (mark !== undefined && (fence === null || line === fence)) fence = fence === null ? mark : null;
      return fence === null;
    });
    const text = outside.join("\n");
    expect(text).not.toMatch(/(?<!\\)</);
    expect(text).not.toMatch(/(?<!\\)\]\(/);
    expect(outside.filter((line) => line.startsWith("# "))).toHaveLength(1);
    expect(outside.some((line) => line === "# heading")).toBe(false);
  });
});
