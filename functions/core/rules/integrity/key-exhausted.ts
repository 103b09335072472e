import type { Severity } from "../../contract/finding.ts";
import { type KeyUse, keyName, keyUseProbes, keyUses } from "../../facts/key-use.ts";
import { percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { postgresNarrowReferencesRows } from "../../probes/postgres/narrow-references-rows.ts";
import { postgresSequencesBehindRows } from "../../probes/postgres/sequences-behind-rows.ts";
import { widenKey } from "../../remedies/key-remedies.ts";
import { duration, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { tidyDraft } from "../tidy-draft.ts";
import { sequencesBehindDrafts } from "./sequences-behind-draft.ts";

const soonPercent = 80;
const nowPercent = 95;
/** Failures older than this are of an incident that is over, or of a table that nobody fills any more. */
const recentSeconds = 15 * 60;
const toldApart = 5;

/**
 * A key that has no number left for the next row. On MySQL it shows as a duplicate (1062), on MariaDB as out of range
 * (167), on both as 1467 for the largest type, on PostgreSQL as 2200H or 22003; nothing else of the server looks unwell.
 */
export const keyExhausted = defineRule({
  id: "key-exhausted",
  spec: ["D4", "P30"],
  category: "integrity",
  title: "A key runs out of numbers, and INSERTs fail when it has",
  needs: [...keyUseProbes, postgresSequencesBehindRows.id],
  evaluate: (view) => {
    const uses = (keyUses(view) ?? []).filter(({ usedPercent }) => usedPercent >= soonPercent);
    const urgent = uses.filter((use) => use.exhausted || use.usedPercent > nowPercent);
    const apart = urgent.slice(0, toldApart);
    const rest = uses.filter((use) => !apart.includes(use));
    return [
      ...apart.map((use) => draftOf(view, use)),
      ...sequencesBehindDrafts(view),
      ...laterOf(view, rest),
    ];
  },
});

function draftOf(view: View, use: KeyUse): FindingDraft {
  const failing = isFailing(use);
  return {
    subject: keyName(use),
    severity: severityOf(use),
    confidence: use.exhausted && failing === null ? 0.85 : 0.95,
    summary: `${keyName(use)} (${use.type}) ${use.exhausted ? gone(use) : `has used ${percentText(use.usedPercent)} of its numbers`}: ${outlook(use)}`,
    evidence: [
      {
        source: use.source,
        says: `next value ${use.refersTo === undefined ? "" : `of ${parentOf(use.refersTo)} `}${use.nextValue}, the last that fits is ${use.maxValue}`,
      },
      ...failuresText(use),
    ],
    explains:
      use.exhausted && failing !== false
        ? [
            {
              cause: "error-storm",
              because: `every INSERT into ${use.table} ${use.refersTo === undefined ? "that needs a number" : "for a new row of its parent"} fails`,
            },
          ]
        : [],
    actions: widenKey(view, use),
  };
}

/** Null: whether anybody inserts could not be seen. */
function isFailing({ failed }: KeyUse): boolean | null {
  return failed === null ? null : failed.count > 0 && failed.secondsAgo <= recentSeconds;
}

function severityOf(use: KeyUse): Severity {
  return use.exhausted && isFailing(use) !== false ? "P1" : "P2";
}

type RefersTo = NonNullable<KeyUse["refersTo"]>;

function parentOf({ parentSchema, parentTable, parentColumn }: RefersTo): string {
  return `${parentSchema}.${parentTable}.${parentColumn}`;
}

function gone({ refersTo }: KeyUse): string {
  return refersTo === undefined
    ? "has no number left"
    : `is too narrow for the keys that ${parentOf(refersTo)} gives now`;
}

function outlook(use: KeyUse): string {
  if (!use.exhausted) return "INSERTs fail when they are gone";
  if (use.failed === null) return "INSERTs fail; how many could not be seen";
  if (use.refersTo !== undefined && isFailing(use) === true)
    return "INSERTs fail, and take what was made with them back";
  const { count, secondsAgo } = use.failed;
  if (isFailing(use) === false) return "the next INSERTs fail; none has of late";
  // The server does not count what fails: who is seen at it tells that some do, and not how many.
  if (use.postgres !== undefined) return `INSERTs fail, ${plural(count, "session")} at it in this one look`;
  return `INSERTs fail, ${count} so far, the last ${secondsAgo < 1 ? "just now" : `${duration(secondsAgo)} ago`}`;
}

function failuresText({ failed, source, table, postgres, refersTo }: KeyUse): FindingDraft["evidence"] {
  if (failed === null) return [];
  if (refersTo !== undefined) return referenceText(refersTo, failed.count);
  const says =
    postgres === undefined
      ? `${failed.count} failed INSERTs that name ${table} are counted since the statistics began, other errors than this among them`
      : `next of ${postgres.sequence}, by which the ${postgres.narrow} ends first; ${failed.count === 0 ? "nothing was rolled back while it was looked at" : `caught in ${plural(failed.count, "session")}`}`;
  return [{ source, says }];
}

function referenceText(refersTo: RefersTo, count: number): FindingDraft["evidence"] {
  const seen =
    count > 0
      ? `INSERTs into it were caught failing, or nearly all into ${refersTo.parentTable} are rolled back`
      : "nothing was rolled back while it was looked at";
  return [{ source: postgresNarrowReferencesRows.id, says: `refers by ${refersTo.constraint}; ${seen}` }];
}

/** One piece of work for all that are not urgent. */
function laterOf(view: View, uses: readonly KeyUse[]): readonly FindingDraft[] {
  return tidyDraft(
    uses.map((use) => ({
      name: keyName(use),
      says: `${keyName(use)} (${use.type}): ${percentText(use.usedPercent)} used, next value ${use.refersTo === undefined ? "" : `of ${parentOf(use.refersTo)} `}${use.nextValue} of ${use.maxValue}`,
      source: use.source,
      weight: use.usedPercent,
      action: widenKey(view, use)[0] ?? null,
    })),
    {
      confidence: 0.9,
      summary: (count, worst) =>
        `${count === 1 ? "A key has" : `${count} keys have`} used more than ${soonPercent} % of their numbers: ${worst}`,
    },
  );
}
