import { capacityOf } from "../../functions/core/facts/capacity.ts";
import { type View, viewOf } from "../../functions/core/facts/view.ts";
import { blockingTreeOf } from "../../functions/core/report/blocking-tree.ts";
import { connectionShares } from "../../functions/core/report/connection-shares.ts";
import { statementLines } from "../../functions/core/report/statements.ts";
import { cut, treeLines } from "../../functions/core/report/tree-text.ts";
import { visible, visibleLine } from "../../functions/core/text/visible.ts";
import { duration } from "../../functions/core/text/wording.ts";
import type { Look } from "./watcher.ts";

/** What a terminal of that size shows of one look; nothing in it can move the cursor or change colours. */
export function screen(look: Look, columns = 100, rows = 40): string {
  const view = viewOf(look.evidence, look.settings.thresholds, look.settings.policy);
  const { target } = look.evidence;
  const lines = [
    `${target.name}  ${look.at.slice(11, 19)} UTC  look ${look.round}, ${Math.round(look.tookMs)} ms  (Ctrl-C ends it)`,
    "",
    ...wrap(look.diagnosis.headline, columns),
    "",
    ...causes(look),
    ...connections(view),
    ...blocking(view, columns),
    ...statements(view),
  ].map((line) => cut(visibleLine(line), columns));
  const room = Math.max(5, rows - 2);
  const shown =
    lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`];
  return shown.join("\n");
}

/** One line a round, for a pipe or a log file. */
export function roundLine(look: Look): string {
  const { diagnosis, evidence, at, tookMs } = look;
  const view = viewOf(evidence, look.settings.thresholds, look.settings.policy);
  const capacity = capacityOf(view);
  const slots = capacity === null ? "connections unknown" : `${capacity.used}/${capacity.usable} connections`;
  const waiting = view.forests?.reduce((sum, { waiters }) => sum + waiters, 0);
  const waits = waiting === undefined ? "waits unknown" : `${waiting} waiting`;
  const line = `${at} ${diagnosis.severity ?? "ok"} ${slots}, ${waits}, ${Math.round(tookMs)} ms: ${diagnosis.headline}`;
  return visible(line.replaceAll(/\s+/g, " "));
}

function causes({ diagnosis }: Look): readonly string[] {
  const serious = diagnosis.findings.filter(({ severity }) => severity !== "P3");
  const roots = serious.filter(({ key }) => diagnosis.rootCauses.includes(key));
  const counts = [
    [serious.length - roots.length, "symptoms of these"],
    [diagnosis.findings.length - serious.length, "minor findings (responder diagnose tells them)"],
  ] as const;
  const lines = roots.slice(0, 5).map(({ severity, summary }) => `  ${severity}  ${summary}`);
  const more = counts.filter(([count]) => count > 0).map(([count, what]) => `      and ${count} ${what}`);
  return roots.length === 0 ? [] : ["Root causes", ...lines, ...more, ""];
}

function connections(view: View): readonly string[] {
  const capacity = capacityOf(view);
  if (capacity === null || view.connections === null) return [];
  const shares = connectionShares(view.connections, capacity.usable);
  return [`Connections  ${shares.map(({ count, state }) => `${count} ${state}`).join(", ")}`, ""];
}

function blocking(view: View, columns: number): readonly string[] {
  const tree = blockingTreeOf(view);
  if (tree === null) return [];
  return [
    `Who blocks whom (${tree.waiters} waiting)`,
    ...treeLines(tree, columns - 2).map((line) => `  ${line}`),
    "",
  ];
}

function statements(view: View): readonly string[] {
  const lines = statementLines(view, 6) ?? [];
  if (lines.length === 0) return [];
  return [
    "Busiest statements (sessions, calls/s, mean)",
    ...lines.map(
      ({ load, callsPerSecond, meanSeconds, query }) =>
        `  ${load.toFixed(2).padStart(6)} ${callsPerSecond.toFixed(1).padStart(8)} ${(meanSeconds === null ? "–" : duration(meanSeconds)).padStart(10)}  ${query}`,
    ),
  ];
}

function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
