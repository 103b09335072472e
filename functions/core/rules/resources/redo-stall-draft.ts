import type { Severity } from "../../contract/finding.ts";
import { freePageWaits, logStall, waitsWereSeen, writes, writesAreQuick } from "../../facts/innodb-strain.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { bytesText, percentText } from "../../facts/rds-facts.ts";
import { fullPercent, type RedoPressure, redoPressure } from "../../facts/redo-pressure.ts";
import { costliest } from "../../facts/statement-cost.ts";
import type { View } from "../../facts/view.ts";
import { enlargeRedo, isDynamic } from "../../remedies/redo-remedies.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/**
 * Writes that go no faster than pages can be flushed, because the redo log has no room left (MySQL, MariaDB). From
 * outside it looks like busy storage; a larger log makes the same writes with fewer flushes.
 */
export function redoStallDrafts(view: View): readonly FindingDraft[] {
  const redo = redoPressure(view);
  if (redo === null) return [];
  const draft = draftOf(view, redo);
  // What a load left in it before is flushed beside so few writes, and nobody waits for it; fuller, they may be so few
  // because they wait.
  const isLeft =
    redo.usedPercent < waitsPercent && redo.writtenPerSecond < littlePerSecond && waitsWereSeen(view);
  return draft.severity === "P3" && isLeft ? [] : [draft];
}

/** Bytes: some dozens of pages. */
const littlePerSecond = 1024 ** 2;

/** So fast the whole log: what is flushed is dirty again at once. */
const rushSeconds = 10;
/** From here on whoever writes has to wait for pages to be flushed; below it the flushing goes on beside. */
const waitsPercent = 85;
/** At the same level, a log that lasts longer is written too slowly to wait much. */
const shortSeconds = 60;

function draftOf(view: View, redo: RedoPressure): FindingDraft {
  const stall = logStall(view);
  const pages = freePageWaits(view);
  const watched = waitsWereSeen(view);
  const seen = stall !== null || pages !== null || (redo.lastsSeconds <= rushSeconds && !keepsUp(view, redo));
  const severity: Severity = seen || isPressed(redo, watched) ? "P2" : "P3";
  const [what, whether] = wordsOf(severity, seen || redo.usedPercent >= waitsPercent, watched);
  const size = bytesText(redo.capacityBytes);
  return {
    subject: "redo",
    severity,
    confidence: stall === null && pages === null ? 0.75 : 0.9,
    summary: `${what}: at ${bytesText(redo.writtenPerSecond)} a second, its ${size} are written through in ${duration(redo.lastsSeconds)}; ${percentText(redo.usedPercent)} hold changes that no checkpoint covers${whether}`,
    evidence: [
      { source: redo.source, says: `${redo.parameter} is ${bytesText(redo.parameterBytes)}` },
      ...(stall === null
        ? []
        : [
            {
              source: stall.source,
              says: `commits wait for the log, ${duration(stall.meanSeconds)} when seen`,
            },
          ]),
      ...(pages === null ? [] : [{ source: pages.source, says: pages.says }]),
      ...(isDynamic(view, redo)
        ? []
        : [{ source: "engine", says: `${redo.parameter} of this version takes a restart` }]),
    ],
    explains: severity === "P3" ? [] : explained(view),
    actions: enlargeRedo(view, redo),
  };
}

/** However fast it goes round: below the level from which on pages are flushed at any price, and none who writes is held up. */
function keepsUp(view: View, { usedPercent }: RedoPressure): boolean {
  return usedPercent < fullPercent && waitsWereSeen(view) && writesAreQuick(view);
}

/** Whose waits nobody could read may wait all the same. */
function isPressed({ lastsSeconds, usedPercent }: RedoPressure, watched: boolean): boolean {
  const full = usedPercent >= waitsPercent;
  return watched ? full && lastsSeconds <= shortSeconds : full || lastsSeconds <= shortSeconds;
}

function wordsOf(severity: Severity, certain: boolean, watched: boolean): readonly [string, string] {
  const unseen = "; whether somebody waits for room could not be seen";
  if (severity === "P3")
    return ["The redo log is small for its writes", watched ? "; nobody was seen to wait for room" : unseen];
  return certain
    ? ["Writes wait for room in the redo log", ""]
    : ["Writes may wait for room in the redo log", unseen];
}

function explained(view: View): FindingDraft["explains"] {
  const because = "every page is flushed again and again, because the redo log has to be freed";
  // A thread's state is the same whether it wants a CPU or waits inside InnoDB; only the machine's own count tells.
  const work = metricFact(view, "CPUUtilization") === null ? (["cpu-saturated"] as const) : [];
  const causes = ["io-saturated", ...work] as const;
  return [
    ...causes.map((cause) => ({ cause, because })),
    { cause: "commit-stall", subject: "log", because },
    { cause: "replication-lag", subject: "", because },
    ...costliest(view)
      .filter(({ query }) => writes.test(query ?? ""))
      .map(({ key }) => ({ cause: "expensive-statement", subject: key, because }) as const),
  ];
}
