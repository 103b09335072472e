import { hasBinlogsOf } from "./binlog-space.ts";
import { type Blamed, blamedChange } from "./blamed-change.ts";
import { insideWriter } from "./inside-writer.ts";
import { loadShares, topSpiller, topWriter } from "./insights.ts";
import { spilledOfLate, spilledText } from "./logged-work.ts";
import { metricFact } from "./metric-facts.ts";
import { bytesText } from "./rds-facts.ts";
import type { Space } from "./storage-space.ts";
import { temporaryEater } from "./temporary-eater.ts";
import type { View } from "./view.ts";
import { waitNames } from "./wait-names.ts";

/** Logs of the engine on the same volume, by the metric that measures them. */
const logs = [
  { id: "TransactionLogsDiskUsage", what: "WAL" },
  { id: "BinLogDiskUsage", what: "binary logs" },
] as const;

/**
 * Who takes the space that is lost within the window, in words: the temporary tables of one session (and who writes beside it), else a log that grew by most of it, else the statement that
 * writes most by Performance Insights, else by the engine itself. Empty where the space does not fall.
 */
export function storageFillers(view: View, { free }: Space): readonly string[] {
  const lost = lostOf(free);
  const eater = temporaryEater(view);
  const most = topWriter(view);
  if (eater !== null)
    return [eater.says, ...(eater.beside && most !== null ? [`beside it, what writes most: ${most}`] : [])];
  if (lost <= 0) return [];
  const grown = grownLogs(view, lost);
  if (grown.length > 0) return grown;
  const spill = loadShares(view, "wait-event").find(
    ({ name, percent }) => waitNames.temporary.test(name) && percent >= 20,
  );
  const spiller = topSpiller(view);
  const writer = most ?? insideWriter(view);
  return [
    ...(writer === null ? [] : [`what writes most: ${writer}`]),
    ...(spill === undefined
      ? loggedFiles(view)
      : [
          `temporary files: ${Math.round(spill.percent)} % of the load waits for ${spill.name}${spiller === null ? "" : `, most of it in ${spiller.statement}`}`,
        ]),
  ];
}

const largeFiles = 1024 ** 3;

function loggedFiles(view: View): readonly string[] {
  const spilled = spilledOfLate(view);
  return spilled === null || spilled.bytes < largeFiles
    ? []
    : [`temporary files by the log: ${spilledText(spilled)}`];
}

function lostOf(free: Space["free"]): number {
  const first = free?.points[0]?.value;
  return first === undefined || free === null ? 0 : first - free.latest;
}

function grownLogs(view: View, lost: number): readonly string[] {
  return logs.flatMap(({ id, what }) => {
    const fact = metricFact(view, id);
    const grew = fact === null ? 0 : fact.latest - (fact.points[0]?.value ?? fact.latest);
    return grew >= lost / 2 ? [`${what} grew by ${bytesText(grew)}, most of what was lost`] : [];
  });
}

/** The parameter that makes the server write what fills it: of binary logs where those grow, else of any other log. */
export function loggingChange(view: View, space: Space): Blamed | null {
  const lost = lostOf(space.free);
  const blamed = lost <= 0 ? null : blamedChange(view, ["space"]);
  const logsGrow = hasBinlogsOf(view, space) !== null || grownLogs(view, lost).length > 0;
  return blamed?.change.name?.startsWith("binlog_") === logsGrow ? blamed : null;
}
