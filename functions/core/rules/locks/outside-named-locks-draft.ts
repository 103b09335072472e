import { namedLockWait } from "../../facts/named-lock-wait.ts";
import { crowdedMinutes } from "../../facts/outside-load.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { asEverText } from "../../facts/wait-load.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import type { FindingDraft } from "../define.ts";

/** Without a look at the locks. A few that stand by on purpose, as for the election of a leader, are no crowd. */
export function outsideNamedLocks(view: View): readonly FindingDraft[] {
  const wait = namedLockWait(view);
  if (wait === null) return [];
  const { sessions, percent, statement, evidence } = wait;
  const fallen = workFallen(view);
  const holder =
    view.evidence.target.engine === "postgres"
      ? "pg_locks with locktype advisory and granted tells"
      : "performance_schema.metadata_locks with USER LEVEL LOCK and GRANTED tells, and IS_USED_LOCK() on any version";
  return [
    {
      subject: "insights",
      severity: crowdedMinutes(view) === null ? "P3" : severityOfWaits(view, sessions),
      confidence: fromOutside(view, 0.6),
      summary: `${Math.round(sessions)} sessions on average wait for an advisory lock, ${Math.round(percent)} % of the load${statement === null ? "" : `; most load: ${statement}`}; who holds it, and whether they take turns, could not be seen, so nobody is to be ended for it${asEverText(wait)}`,
      evidence: [
        ...evidence,
        ...(fallen === null ? [] : [fallen]),
        {
          source: "engine",
          says: `who has it, by whoever gets in: ${holder}; its owner may hang, or wait for something outside the database`,
        },
      ],
      explains: [{ cause: "connections-near-limit", because: "who waits for a lock keeps its connection" }],
      actions: [],
    },
  ];
}
