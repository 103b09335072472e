import { heaviestUser, topSpiller } from "../../facts/insights.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { crowdedMinutes } from "../../facts/outside-load.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import { spaceOf } from "../../facts/storage-space.ts";
import type { View } from "../../facts/view.ts";
import { outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { loggedSpill } from "./logged-spill-draft.ts";

const soonSeconds = 3600;

/** Without a look inside: sessions wait for temporary files, and fill the load, or storage falls or is slow meanwhile. */
export function outsideSpill(view: View): readonly FindingDraft[] {
  const spill = spillOf(view);
  if (spill === null) return loggedSpill(view);
  const { sessions, percent, who, what } = spill;
  // Of the instance's own storage the finding on that names who spills.
  const { left } = spaceOf(view);
  const fills = left !== null && left <= soonSeconds;
  const slow = left !== null && (ioPressure(view)?.severity ?? "P3") !== "P3";
  const user = heaviestUser(view);
  const because = "its temporary files take the space, until it ends";
  return [
    {
      subject: "insights",
      severity: fills || slow || spill.crowds ? "P2" : "P3",
      confidence: fromOutside(view, fills ? 0.75 : 0.6),
      summary: `${who} temporary files, ${percentText(percent)} of the load waits for them${user === null ? "" : ` (${user})`}${fills ? `, while storage falls and is full in ${duration(left)}` : ""}${what}`,
      evidence: [
        {
          source: "Performance Insights",
          says: `${Math.round(sessions * 10) / 10} sessions at a time wait for temporary files; how it is planned, and whose session runs it, could not be seen`,
        },
        {
          source: "engine",
          says: endings[view.evidence.target.engine === "postgres" ? "postgres" : "mysql"],
        },
      ],
      explains: [
        ...(fills ? [{ cause: "storage-low" as const, because }] : []),
        ...(spill.crowds ? [{ cause: "storage-low" as const, subject: "local", because }] : []),
        ...(fills || slow
          ? (["io-saturated", "burst-balance-exhausted", "write-stall"] as const).map((cause) => ({
              cause,
              because: "it writes and reads temporary files",
            }))
          : []),
      ],
      actions: [],
    },
  ];
}

/** Of one statement, or of all where none was seen; `crowds`: they fill a load far above the CPUs and what is usual. */
function spillOf(view: View) {
  const wait = outsideWait(view, waitNames.temporary);
  const crowds = wait !== null && !wait.asEver && crowdedMinutes(view) !== null;
  const spiller = topSpiller(view);
  if (spiller !== null)
    return { ...spiller, crowds, who: "A statement writes and reads", what: `: ${spiller.statement}` };
  return wait === null ? null : { ...wait, crowds, who: "Statements write and read", what: "" };
}

/** What its files have taken is free again when it has ended: seconds until then matter, not the size of the volume. */
const endings = {
  postgres:
    "ended, it gives the space back at once: pg_cancel_backend for its pid in pg_stat_activity, by whoever gets in; temp_file_limit bounds what one session may take, more work_mem or a smaller result spares the files",
  mysql:
    "ended, it gives the space back at once: CALL mysql.rds_kill_query for its id in the process list, by whoever gets in; an index that gives the order, or a smaller result, spares the files",
} as const;
