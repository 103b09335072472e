import { namedLockWait } from "../../facts/named-lock-wait.ts";
import { crowdedMinutes } from "../../facts/outside-load.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, type OutsideWait, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import type { FindingDraft } from "../define.ts";

/** Without a look at the locks. A few that stand by on purpose, as for the election of a leader, are no crowd. */
export function outsideNamedLocks(view: View): readonly FindingDraft[] {
  const wait = namedLockWait(view);
  const allTables = outsideWait(view, waitNames.allTables);
  const holder =
    view.evidence.target.engine === "postgres"
      ? "pg_locks with locktype advisory and granted tells"
      : "performance_schema.metadata_locks with USER LEVEL LOCK and GRANTED tells, and IS_USED_LOCK() on any version";
  return [
    ...(wait === null
      ? []
      : [
          draftOf(
            view,
            wait,
            {
              forWhat: "for an advisory lock",
              unseen: "who holds it, and whether they take turns, could not be seen",
              says: `${holder}; its owner may hang, or wait for something outside the database`,
            },
            crowdedMinutes(view) === null,
          ),
        ]),
    ...(allTables === null
      ? []
      : [
          draftOf(view, allTables, {
            forWhat: "until all tables may be written again",
            unseen:
              "a backup, a dump or FLUSH TABLES WITH READ LOCK holds them, and its session could not be seen",
            says: "the process list; often a dump that idles, or waits itself for a long statement. UNLOCK TABLES, BACKUP STAGE END or its end gives it back",
          }),
        ]),
  ];
}

function draftOf(
  view: View,
  wait: OutsideWait,
  { forWhat, unseen, says }: Readonly<Record<"forWhat" | "unseen" | "says", string>>,
  few = false,
): FindingDraft {
  const { sessions, percent, statement, evidence } = wait;
  const fallen = workFallen(view);
  return {
    subject: "insights",
    severity: few || wait.asEver ? "P3" : severityOfWaits(view, sessions),
    confidence: fromOutside(view, 0.6),
    summary: `${Math.round(sessions)} sessions on average wait ${forWhat}, ${Math.round(percent)} % of the load${statement === null ? "" : `; most load: ${statement}`}; ${unseen}, so nobody is to be ended for it${asEverText(wait)}`,
    evidence: [
      ...evidence,
      ...(fallen === null ? [] : [fallen]),
      { source: "engine", says: `who has it, by whoever gets in: ${says}` },
    ],
    explains: [{ cause: "connections-near-limit", because: "who waits for a lock keeps its connection" }],
    actions: [],
  };
}
