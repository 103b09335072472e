import { heaviestUser, topSpiller } from "../../facts/insights.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { crowdedMinutes } from "../../facts/outside-load.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import { spaceOf } from "../../facts/storage-space.ts";
import type { View } from "../../facts/view.ts";
import { type OutsideWait, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const soonSeconds = 3600;

/**
 * Without a look inside: one statement's sessions wait for its temporary files, and storage falls or is slow meanwhile;
 * or far more sessions than CPUs do, whosever.
 */
export function outsideSpill(view: View): readonly FindingDraft[] {
  const crowd = crowdedMinutes(view) === null ? null : outsideWait(view, waitNames.temporary);
  const spiller = topSpiller(view) ?? crowd;
  return spiller === null ? [] : [draftOf(view, spiller, crowd)];
}

function draftOf(
  view: View,
  spiller: Pick<OutsideWait, "statement" | "sessions" | "percent">,
  crowd: OutsideWait | null,
): FindingDraft {
  const statement = spiller.statement === null ? "" : `: ${spiller.statement}`;
  // Of the instance's own storage the finding on that names who spills.
  const { left } = spaceOf(view);
  const fills = left !== null && left <= soonSeconds;
  const slow = left !== null && (ioPressure(view)?.severity ?? "P3") !== "P3";
  const user = heaviestUser(view);
  const because = "its temporary files take the space, until it ends";
  const slows = fills || slow || crowd !== null;
  return {
    subject: "insights",
    severity: slows ? "P2" : "P3",
    confidence: fromOutside(view, fills ? 0.75 : 0.6),
    summary: `${crowd === null ? "A statement writes and reads" : `${Math.round(crowd.sessions)} sessions at a time write and read`} temporary files, ${percentText(spiller.percent)} of the load waits for them${user === null ? "" : ` (${user})`}${fills ? `, while storage falls and is full in ${duration(left)}` : ""}${statement}`,
    evidence: [
      {
        source: "Performance Insights",
        says: `${Math.round(spiller.sessions * 10) / 10} sessions at a time wait for temporary files of it; how it is planned, and whose session runs it, could not be seen`,
      },
      {
        source: "engine",
        says: endings[view.evidence.target.engine === "postgres" ? "postgres" : "mysql"],
      },
    ],
    explains: [
      ...(fills ? [{ cause: "storage-low" as const, because }] : []),
      ...(slows
        ? (["io-saturated", "burst-balance-exhausted", "write-stall"] as const).map((cause) => ({
            cause,
            because: "it writes and reads temporary files",
          }))
        : []),
    ],
    actions: [],
  };
}

/** What its files have taken is free again when it has ended: seconds until then matter, not the size of the volume. */
const endings = {
  postgres:
    "ended, it gives the space back at once: pg_cancel_backend for its pid in pg_stat_activity, by whoever gets in; temp_file_limit bounds what one session may take, more work_mem or a smaller result spares the files",
  mysql:
    "ended, it gives the space back at once: CALL mysql.rds_kill_query for its id in the process list, by whoever gets in; an index that gives the order, or a smaller result, spares the files",
} as const;
