import { connectedDatabase } from "../../facts/connected-database.ts";
import { crowdedMinutes } from "../../facts/outside-load.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { waitLoad } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { postgresSlruRows } from "../../probes/postgres/slru-rows.ts";
import type { WraparoundRow } from "../../probes/postgres/vacuum-wraparound-rows.ts";
import { closedText, lookThere, vacuumOldest } from "../../remedies/wraparound-remedies.ts";
import { compare } from "../../text/compare.ts";
import type { FindingDraft } from "../define.ts";

/** Members are numbered with 32 bits; from half of them on every vacuum is one against wraparound. */
const allMembers = 2 ** 32;
const worthPercent = 46;
const urgentPercent = 75;

const fewestSessions = 1;
const leastPercent = 10;

/**
 * What rows locked by several transactions at once cost: room for their members, which may run out long before the
 * multixacts' own ids do, and a small cache through which everybody looks them up.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-MULTIXACT-WRAPAROUND
 */
export function multixactDrafts(view: View, rows: readonly WraparoundRow[]): readonly FindingDraft[] {
  return [...membersDraft(view, rows), ...multixactCacheDraft(view)];
}

/** Up to 18 the server says how many members there ever were, not how many are kept: so many each, times their age. */
function membersDraft(view: View, rows: readonly WraparoundRow[]): readonly FindingDraft[] {
  const control = view.rows(postgresSlruRows)?.[0]?.multixacts ?? null;
  const [worst] = rows.filter(({ kind }) => kind === "database").toSorted(byMultixactAge);
  if (control === null || control.ids === 0 || worst === undefined) return [];
  const age = worst.multixactAge;
  const each = control.members / control.ids;
  const percent = (100 * each * age) / allMembers;
  if (percent < worthPercent) return [];
  const tables = rows.filter(({ kind, temporary }) => kind === "table" && !temporary);
  const [oldest] = tables.toSorted(byMultixactAge);
  // Tables are those of the connected database, which need not be the one that holds them back.
  const here = connectedDatabase(view) === worst.name;
  return [
    {
      subject: "multixact-members",
      severity: percent >= urgentPercent ? "P1" : "P2",
      confidence: 0.6,
      summary: `Multixacts have taken about ${percentText(Math.min(100, percent))} of the room for their members (${rounded(each)} each, ${age} of them since the oldest): when it is full, nobody can lock a row that somebody else has locked`,
      evidence: [
        {
          source: postgresSlruRows.id,
          says: `${control.members} members in ${control.ids} multixacts, as of the last checkpoint; what is kept of them is an estimate`,
        },
        {
          source: "engine",
          says: "from half of the room on autovacuum freezes against wraparound whatever the ages say",
        },
        ...[closedText(view, worst)].flatMap((says) => (says === null ? [] : [{ source: "engine", says }])),
      ],
      explains: [],
      actions: here
        ? oldest === undefined
          ? []
          : [vacuumOldest(view, oldest)]
        : lookThere(view, worst, "multixacts"),
    },
  ];
}

function byMultixactAge(a: WraparoundRow, b: WraparoundRow): number {
  return b.multixactAge - a.multixactAge || compare(a.name, b.name);
}

export function multixactCacheDraft(view: View): readonly FindingDraft[] {
  const load = waitLoad(view, waitNames.multixacts);
  if (load === null || load.averageSessions < fewestSessions || load.percent < leastPercent) return [];
  const because = "each row that others have locked is looked up among multixacts";
  const isNote = load.asEver || (load.source === "Performance Insights" && crowdedMinutes(view) === null);
  return [
    {
      subject: "multixact-cache",
      severity: isNote ? "P3" : "P2",
      confidence: fromOutside(view, 0.85),
      summary: `${rounded(load.averageSessions)} sessions at a time (${percentText(load.percent)} of those at work) wait for the cache of multixacts: many transactions lock the same rows at once, as foreign keys do${load.query === null ? "" : `; most of them with ${load.query}`}`,
      evidence: [
        ...cacheText(view),
        {
          source: "engine",
          says: "what helps is to let transactions end that keep such locks, shorter transactions, fewer that refer to the same few rows at once; from 17 on multixact_member_buffers and multixact_offset_buffers, which take a restart",
        },
      ],
      explains: [
        { cause: "cpu-saturated", because },
        { cause: "long-running-query", because },
      ],
      actions: [],
    },
  ];
}

function cacheText(view: View): FindingDraft["evidence"] {
  const caches = view.rows(postgresSlruRows)?.[0]?.caches ?? [];
  return caches
    .filter(({ name, readsPerSecond }) => name.startsWith("multixact") && readsPerSecond !== null)
    .map(({ name, hitsPerSecond, readsPerSecond }) => ({
      source: postgresSlruRows.id,
      says: `${name}: ${rounded(hitsPerSecond ?? 0)} look-ups a second, ${rounded(readsPerSecond ?? 0)} pages read for them`,
    }));
}
