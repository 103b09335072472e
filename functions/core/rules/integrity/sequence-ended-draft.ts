import { keyUses } from "../../facts/key-use.ts";
import {
  isSaid,
  type LogHits,
  type LogWords,
  recentLogHits,
  recentLogRecords,
} from "../../facts/log-lines.ts";
import type { View } from "../../facts/view.ts";
import { mainTable } from "../../text/main-table.ts";
import { duration, plural } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Error 2200H. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const sequenceEnded: LogWords = {
  levels: ["ERROR"],
  says: /^nextval: reached (?:maximum|minimum) value of sequence "([\p{L}\p{N}_$]{1,63})"/u,
};

/** Longer ago it may have been given numbers again. */
const nowSeconds = 5 * 60;
/** One may be somebody's trial. */
const several = 3;

/** By the log alone, where the keys could not be looked at: a sequence that has ended says so to each who asks it. */
export function sequenceEndedDrafts(view: View): readonly FindingDraft[] {
  const hits = keyUses(view) === null ? recentLogHits(view.evidence, sequenceEnded) : null;
  if (hits === null) return [];
  return hits.caught
    .slice(0, several)
    .map(({ text: sequence, count }) => draftOf(view, sequence, count, hits));
}

function draftOf(view: View, sequence: string, count: number, hits: LogHits): FindingDraft {
  const goesOn = hits.newestAgeSeconds <= nowSeconds;
  const table = tableOf(view, sequence);
  const because = `every INSERT${table === null ? "" : ` into ${table}`} that needs a number of it fails`;
  return {
    subject: `sequence:${sequence}`,
    severity: goesOn && count >= several ? "P1" : "P2",
    confidence: 0.85,
    summary: `Sequence ${sequence} has come to its end, as the log says in ${plural(count, "line")} of 15 min, the last ${duration(hits.newestAgeSeconds)} ago: ${because}`,
    evidence: [
      { source: "error log", says: hits.newest },
      {
        source: "engine",
        says: "at once it needs numbers that are free: a larger MAXVALUE where its column holds them (bigint), else negative ones for a time (MINVALUE -2147483648 INCREMENT -1 RESTART -1, where no application minds); to stay, column and sequence as bigint, which writes an integer column's table anew under a lock that lets nobody in",
      },
    ],
    explains: [{ cause: "error-storm", because }],
    actions: [],
  };
}

/** Of the newest statement that has failed so. */
function tableOf(view: View, sequence: string): string | null {
  const record = recentLogRecords(view.evidence).findLast(
    (one) => isSaid(one, sequenceEnded) && one.text.includes(`"${sequence}"`),
  );
  return mainTable(record?.details.find(({ level }) => level === "STATEMENT")?.text ?? null);
}
