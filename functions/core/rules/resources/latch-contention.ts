import type { ProposedAction } from "../../contract/finding.ts";
import { type LatchWaits, latchWaits } from "../../facts/latch-waits.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { settingsOf } from "../../facts/settings-facts.ts";
import type { View } from "../../facts/view.ts";
import { asEverText } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { mysqlEngineStateRows } from "../../probes/mysql/engine-state/rows.ts";
import { setMysqlParameter } from "../../remedies/mysql-parameter-remedies.ts";
import { plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";

/** Sessions that queue for a short lock inside the engine: more of them make it slower, not faster. */
export const latchContention = defineRule({
  id: "latch-contention",
  spec: ["D4", "P28"],
  category: "resources",
  title: "Many sessions queue for one latch inside the engine",
  needs: ["mysql-engine-state", "mysql-wait-profile"],
  evaluate: (view) => {
    const latch = latchWaits(view);
    return [
      ...(latch === null ? [] : [latchDraft(view, latch)]),
      ...autoIncrementDrafts(view),
      ...waitFamilyDrafts(view, "latch-contention"),
    ];
  },
});

const severeSessions = 16;

function latchDraft(view: View, latch: LatchWaits): FindingDraft {
  const { averageSessions, threadsRunning, vcpus, source, says, outside } = latch;
  const { kind, words, advice } = latch.latch;
  const running =
    threadsRunning === null
      ? ""
      : `; ${Math.round(threadsRunning)} threads run${vcpus === null ? "" : ` on ${vcpus} vCPUs`}`;
  return {
    subject: kind,
    severity: outside?.asEver ? "P3" : isLatch(latch) && averageSessions >= severeSessions ? "P1" : "P2",
    confidence: fromOutside(view, vcpus === null ? 0.65 : 0.8),
    summary: `${Math.round(averageSessions)} sessions at a time ${isLatch(latch) ? "wait for a latch, of" : "queue for"} ${words}${running}${outside === null ? "" : `${outside.statement === null ? "" : `; most load: ${outside.statement}`}${asEverText(outside)}`}`,
    evidence: [
      { source, says },
      {
        source: "engine",
        says: `${advice === undefined ? "" : `${advice}; `}fewer sessions at once are faster here: a smaller pool, or thread pooling`,
      },
    ],
    explains: [
      { cause: "cpu-saturated", because: "who waits for a latch spins on a CPU" },
      { cause: "instance-undersized", because: "more CPUs do not shorten the queue for one latch" },
    ],
    actions: kind === "adaptive-hash" && !outside?.asEver ? [withoutAdaptiveHash(view)] : [],
  };
}

/** A file or the state of a thread tells of the same queue, and not of a latch. */
function isLatch({ outside }: LatchWaits): boolean {
  return outside === null || outside.waits.some(({ name }) => waitNames.latch.test(name));
}

/** https://dev.mysql.com/doc/refman/8.4/en/innodb-adaptive-hash.html */
function withoutAdaptiveHash(view: View): ProposedAction {
  return setMysqlParameter(view, {
    id: "switch-off-adaptive-hash",
    name: "innodb_adaptive_hash_index",
    value: 0,
    was: 1,
    consequence:
      "Point reads of a small hot set become a little dearer, and nobody queues for the hash any more; it is emptied at once.",
  });
}

const severeWaiters = 10;
/** Fewer at one moment take turns, as INSERT … SELECT of one row each makes them. */
const someWaiters = 3;

/**
 * The lock of a table's counter, kept by a whole INSERT … SELECT or LOAD DATA.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-auto-increment-handling.html
 */
function autoIncrementDrafts(view: View): readonly FindingDraft[] {
  const waits = view.rows(mysqlEngineStateRows)?.[0]?.autoIncrementWaits ?? [];
  const mode = settingsOf(view)?.value("innodb_autoinc_lock_mode") ?? null;
  return waits.map(({ table, waiters }) => ({
    subject: `auto-increment:${table}`,
    severity: waiters >= severeWaiters ? "P1" : waiters >= someWaiters ? "P2" : "P3",
    confidence: 0.9,
    summary: `${plural(waiters, "INSERT waits", "INSERTs wait")} for the AUTO-INC lock of ${table}, which one that fills it from a query keeps until it ends`,
    evidence: [
      {
        source: mysqlEngineStateRows.id,
        says: `innodb_autoinc_lock_mode ${mode === null ? "below 2" : `is ${mode}`}: with 2, MySQL 8's default, nobody waits for it; it takes row-based binary logs and a restart`,
      },
    ],
    explains: outsideUnseen(view),
    actions: [],
  }));
}

/** InnoDB does not count these as waits for rows, so that they pass for work. */
function outsideUnseen(view: View): FindingDraft["explains"] {
  if (metricFact(view, "CPUUtilization") !== null) return [];
  return [{ cause: "cpu-saturated", because: "the state of a thread does not tell such a wait from work" }];
}
