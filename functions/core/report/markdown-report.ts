import type { ProposedAction } from "../contract/finding.ts";
import { proofFields } from "../messages/proof-fields.ts";
import { roleOf, sentence } from "../messages/wording.ts";
import { sentenceCase } from "../text/sentence-case.ts";
import { duration } from "../text/wording.ts";
import { codeSpan, escapeMarkdown, fenced, table } from "./markdown.ts";
import type { RankedFinding, Report } from "./report.ts";
import { treeLines } from "./tree-text.ts";

/** The same report for a post-mortem that lives in a repository or a wiki. */
export function markdownReport(report: Report): string {
  const { database, engine, severityText, headline, surePercent, collectedAt, trigger } = report;
  const text = escapeMarkdown;
  return `${[
    [`# ${text(database)}: ${text(headline)}`],
    [
      `**${text(severityText)}** · ${text(engine)} · looked at ${text(collectedAt.slice(0, 19).replace("T", " "))} UTC · ${surePercent} % sure`,
    ],
    trigger === null ? [] : [`Alarm: ${text(trigger)}`],
    connections(report),
    report.tree === null
      ? []
      : [`## Who blocks whom: ${report.tree.waiters} waiting`, fenced(treeLines(report.tree).join("\n"))],
    metrics(report),
    statements(report),
    findings("What is wrong, and why", report.roots),
    findings("Worth knowing", report.worthKnowing),
    findings("Hygiene, when there is time", report.hygiene),
    ["## How it was decided", ...list(report.path.map(({ question, answer }) => `${question} ${answer}`))],
    missing(report),
    ["## What the look cost", `${text(report.cost.says)}.`],
  ]
    .flat()
    .join("\n\n")}\n`;
}

function list(items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [items.map((item) => `- ${escapeMarkdown(item)}`).join("\n")];
}

function connections({ connections: all }: Report): readonly string[] {
  if (all === null) return [];
  return ["## Connections", ...list(all.shares.map(({ count, state }) => `${count} ${state}`))];
}

function metrics({ charts }: Report): readonly string[] {
  if (charts.length === 0) return [];
  const rows = charts.map(({ title, subject, points, threshold, show }) => {
    const values = points.map(({ value }) => value);
    const last = values.at(-1);
    return [
      title,
      subject,
      last === undefined ? "–" : show(last),
      values.length === 0 ? "–" : show(values.reduce((a, b) => Math.max(a, b))),
      threshold === null ? "–" : show(threshold),
    ].map(escapeMarkdown);
  });
  return ["## Metrics", table(["Metric", "Of", "Now", "Highest", "Alarm at"], rows)];
}

function statements({ statements: all }: Report): readonly string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ query, load, callsPerSecond, meanSeconds }) => [
    codeSpan(query),
    load.toFixed(2),
    callsPerSecond.toFixed(1),
    meanSeconds === null ? "–" : duration(meanSeconds),
  ]);
  return ["## Busiest statements while it looked", table(["Statement", "Sessions", "Calls/s", "Mean"], rows)];
}

function findings(title: string, all: readonly RankedFinding[]): readonly string[] {
  return all.length === 0 ? [] : [`## ${title}`, ...all.flatMap(findingParts)];
}

function findingParts({ number, finding, explains }: RankedFinding): readonly string[] {
  return [
    `### ${number}. ${escapeMarkdown(sentence(sentenceCase(finding.summary)))}`,
    `${finding.severity} · ${roleOf(finding)} · ${finding.category} · ${codeSpan(finding.id)} · ${Math.round(finding.confidence * 100)} % sure`,
    ...list(finding.evidence.map(({ says, source }) => `${says} (${source})`)),
    ...(explains.length === 0 ? [] : ["It explains:", ...list(explains)]),
    ...finding.actions.flatMap(actionParts),
  ];
}

function actionParts(action: ProposedAction): readonly string[] {
  const { automatic, describes, risk, consequence, preview } = action;
  const who = automatic ? "Remedy the responder can carry out" : "Remedy for a person";
  return [
    `**${who}** (${risk}): ${escapeMarkdown(sentence(sentenceCase(describes)))} ${escapeMarkdown(consequence)}`,
    fenced(preview, "sql"),
    ...list(proofFields(action).map(({ label, value }) => `${label}: ${value}`)),
  ];
}

function missing({ missing: all }: Report): readonly string[] {
  if (all.length === 0) return [];
  const items = all.map(
    ({ what, reason, howToSee }) =>
      `${what}: ${reason}${howToSee === null ? "" : `. To see it: ${howToSee}`}`,
  );
  return ["## What could not be seen", ...list(items)];
}
