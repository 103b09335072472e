import { duration } from "../text/wording.ts";
import { chartSvg } from "./chart-svg.ts";
import { findingHtml } from "./finding-html.ts";
import { type Html, html, markupOf } from "./html.ts";
import type { Report } from "./report.ts";
import { reportStyle } from "./report-style.ts";
import { treeHtml } from "./tree-html.ts";

/** One page that needs nothing but itself: it can be mailed, stored and opened in ten years. */
export function htmlReport(report: Report): string {
  const sections = [
    connections(report),
    tree(report),
    charts(report),
    statements(report),
    findings(report),
    path(report),
    missing(report),
    cost(report),
  ];
  const page = html`<main>${head(report)}${sections}<footer>Made by rds-responder from evidence of ${when(report)}. It looked, read-only; this page changes nothing.</footer></main>`;
  const title = html`${report.database}: ${report.headline}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${markupOf(title)}</title><style>${reportStyle}</style></head>
<body>${markupOf(page)}</body></html>
`;
}

function head(report: Report): Html {
  const { verdict, severity, severityText, headline, surePercent, database, engine, trigger } = report;
  return html`<header class="${verdict === "unknown" ? "unknown" : (severity ?? "none")}">
<p><span class="pill">${severityText}</span></p>
<h1>${headline}</h1>
<p class="meta"><strong>${database}</strong> · ${engine} · looked at ${when(report)} · ${surePercent} % sure</p>
${trigger === null ? null : html`<p class="meta">Alarm: ${trigger}</p>`}
</header>`;
}

function when({ collectedAt }: Report): string {
  return `${collectedAt.slice(0, 19).replace("T", " ")} UTC`;
}

function section(title: string, content: Html | readonly Html[]): Html {
  return html`<section><h2>${title}</h2>${content}</section>
`;
}

function connections({ connections: all }: Report): Html | null {
  if (all === null) return null;
  const used = all.shares.reduce((sum, { kind, count }) => sum + (kind === "free" ? 0 : count), 0);
  const bars = all.shares.map(
    ({ kind, count, state }) =>
      html`<span class="${kind}" style="flex:${count}" title="${count} ${state}"></span>`,
  );
  const legend = all.shares.map(
    ({ kind, count, state }) => html`<li><i class="${kind}"></i>${count} ${state}</li>`,
  );
  return section(
    `Connections: ${used} of ${all.usable}`,
    html`<div class="bar">${bars}</div><ul class="legend">${legend}</ul>`,
  );
}

function tree({ tree: blocking }: Report): Html | null {
  if (blocking === null) return null;
  const { waiters } = blocking;
  return section(`Who blocks whom: ${waiters} waiting`, treeHtml(blocking));
}

function charts({ charts: all }: Report): Html | null {
  return all.length === 0 ? null : section("Metrics", html`<div class="charts">${all.map(chartSvg)}</div>`);
}

function statements({ statements: all }: Report): Html | null {
  if (all.length === 0) return null;
  const rows = all.map(
    ({ query, load, callsPerSecond, meanSeconds }) =>
      html`<tr><td><code>${query}</code></td><td class="n">${load.toFixed(2)}</td><td class="n">${callsPerSecond.toFixed(1)}</td><td class="n">${meanSeconds === null ? "–" : duration(meanSeconds)}</td></tr>`,
  );
  return section(
    "Busiest statements while it looked",
    html`<table><tr><th>Statement</th><th class="n">Sessions</th><th class="n">Calls/s</th><th class="n">Mean</th></tr>${rows}</table>`,
  );
}

function findings({ roots, worthKnowing, hygiene }: Report): readonly (Html | null)[] {
  const part = (title: string, all: Report["roots"]): Html | null =>
    all.length === 0 ? null : section(title, all.map(findingHtml));
  return [
    part("What is wrong, and why", roots),
    part("Worth knowing", worthKnowing),
    part("Hygiene, when there is time", hygiene),
  ];
}

function path({ path: steps }: Report): Html {
  const items = steps.map(({ question, answer }) => html`<li><b>${question}</b><span>${answer}</span></li>`);
  return section("How it was decided", html`<ol class="path">${items}</ol>`);
}

function missing({ missing: all }: Report): Html | null {
  if (all.length === 0) return null;
  const rows = all.map(
    ({ what, reason, howToSee }) =>
      html`<tr><td>${what}</td><td>${reason}</td><td>${howToSee === null ? "" : html`<code>${howToSee}</code>`}</td></tr>`,
  );
  return section(
    "What could not be seen",
    html`<table><tr><th>What</th><th>Why</th><th>What would show it</th></tr>${rows}</table>`,
  );
}

function cost({ cost: { says, probes } }: Report): Html {
  const rows = probes.map(
    ({ id, tookMs, statements: sent, rows: found, status }) =>
      html`<tr><td>${id}</td><td>${status}</td><td class="n">${tookMs} ms</td><td class="n">${sent}</td><td class="n">${found}</td></tr>`,
  );
  const table = html`<table><tr><th>Question</th><th>Answer</th><th class="n">Took</th><th class="n">Statements</th><th class="n">Rows</th></tr>${rows}</table>`;
  const each =
    probes.length === 0
      ? null
      : html`<details><summary>${probes.length} questions, one by one</summary>${table}</details>`;
  return section("What the look cost", html`<p>${says}.</p>${each}`);
}
