import { behindStorage } from "../../facts/behind-storage.ts";
import { explainsErrors } from "../../facts/cut-off.ts";
import { crowdedMinutes } from "../../facts/outside-load.ts";
import { unusableText } from "../../facts/passed-index.ts";
import { innerStatements, isCall } from "../../facts/routine-calls.ts";
import {
  costliest,
  type PlanSpending,
  resourceOf,
  seenSince,
  shareText,
  spendingOf,
  temporaryFiles,
  unplannedBecause,
  viewBehind,
} from "../../facts/statement-cost.ts";
import { isHeavyInsert, pagesPerRow } from "../../facts/statement-works.ts";
import { rounded, type Statement, statementProbes, statementsOf } from "../../facts/statements.ts";
import { crowdsCpus, explainsLoad, harmlessText, overload, strainOf } from "../../facts/strain.ts";
import { missesItsWay, switchedOff, switchedOffText } from "../../facts/switched-off.ts";
import type { View } from "../../facts/view.ts";
import { type WriteScans, writeScans } from "../../facts/write-scans.ts";
import { costlyShapes, lessOf } from "../../text/costly-shapes.ts";
import { oneStatement } from "../../text/main-table.ts";
import { policyText } from "../../text/policy-text.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { waitFamilyDrafts } from "../wait-family-draft.ts";
import { withoutBehind } from "./behind-draft.ts";
import { missingIndex } from "./missing-index.ts";
import { nPlusOne } from "./n-plus-one.ts";
import { outsideStatement } from "./outside-statement-draft.ts";
import { planRegression } from "./plan-regression.ts";
import { spillingQuery } from "./spilling-query.ts";
import { staleStatistics } from "./stale-statistics.ts";
import { unboundedResult } from "./unbounded-result.ts";

/** Each says of a statement what this rule only says in general. */
const special = [missingIndex, nPlusOne, planRegression, spillingQuery, staleStatistics, unboundedResult];
/** What work may be too much for. What a statement does with the cache is not known of one that is not counted. */
const machine = ["cpu-saturated", "io-saturated", "instance-undersized"] as const;
/** A person waits for it. */
const feltSeconds = 0.5;

/** Work that no other rule explains: what it is, where it goes, and what would make it less. Nothing is ever done. */
export const expensiveStatement = defineRule({
  id: "expensive-statement",
  spec: ["D4"],
  category: "queries",
  title: "A statement costs most of the database's time",
  needs: [...statementProbes, "postgres-plans", "mysql-plans", "mariadb-plans", "DBLoad", "slow log"],
  evaluate: (view) => {
    if (statementsOf(view) === null && view.sessions === null) {
      const one = outsideStatement(view);
      return one.length > 0 ? one : waitFamilyDrafts(view, "expensive-statement");
    }
    const dear = costliest(view);
    // One report keeps some processes busy.
    if (dear.length === 0)
      return crowdedMinutes(view) === null ? [] : waitFamilyDrafts(view, "expensive-statement");
    const told = special
      .flatMap((rule) => rule.evaluate(view))
      .map(({ subject, explains, severity }) => ({
        of: [subject, ...explains.map((effect) => effect.subject)],
        severity,
      }));
    // What is told as harmless does not stand for what hurts.
    const drafts = dear
      .map((statement) => draftOf(view, statement))
      .filter(
        (draft) => !told.some(({ of, severity }) => of.includes(draft.subject) && severity <= draft.severity),
      );
    return withoutBehind(drafts, behindStorage(view, dear));
  },
});

function draftOf(view: View, statement: Statement): FindingDraft {
  const { now } = statement;
  const plan = spendingOf(view, statement);
  const unplanned = unplannedBecause(view, statement);
  const unusable = unusableText(view, statement, plan);
  const off = switchedOff(view, statement);
  // Of work that an index was made to spare, or another way would, no call is quick enough.
  const spared = unusable !== null || missesItsWay(off, plan?.says ?? []);
  const strain = spared || isFelt(view, statement) ? strainOf(view, statement) : null;
  const resource = resourceOf(statement);
  const shapes = costlyShapes(statement.query, view.evidence.target.engine);
  const scans = writeScans(view, statement);
  const known = plan !== null || shapes.length > 0 || scans !== null;
  const changes =
    insideText(view, statement) ??
    setOffText(statement, scans) ??
    policyText(unplanned) ??
    changesOf(statement, shapes, plan?.loops ?? false, unusable ?? viewBehind(unplanned));
  return {
    subject: statement.key,
    severity: strain === null ? "P3" : "P2",
    confidence: strain === null ? 0.5 : known ? 0.7 : 0.6,
    summary: `${oneStatement(statement.query)} costs ${shareText(statement)}, in ${resource}${scans === null ? "" : `, as each call scans ${scans.table}`}: ${strain ?? harmlessText(view, statement)}`,
    evidence: evidenceOf(statement, { plan, unplanned }, [...changes, ...switchedOffText(off)]),
    explains: explainsOf(
      view,
      statement,
      `each call takes ${duration(now.meanSeconds)} of ${resource.split(" (")[0]}`,
    ),
    actions: [],
  };
}

/** Slow for a person who waits for it, or while the CPU is short; or far too many at once. */
function isFelt(view: View, statement: Statement): boolean {
  const slow = (statement.now.meanSeconds ?? 0) >= feltSeconds || overload(view) !== null;
  return slow || crowdsCpus(view, statement);
}

function explainsOf(view: View, statement: Statement, because: string): FindingDraft["explains"] {
  if (statement.running === undefined)
    return explainsLoad(view, statement, [...machine, "cache-too-small", "memory-pressure"], because);
  return [...explainsLoad(view, statement, machine, because), ...explainsErrors(view, statement)];
}

function evidenceOf(
  statement: Statement,
  { plan, unplanned }: { readonly plan: PlanSpending | null; readonly unplanned: string | null },
  changes: readonly string[],
): FindingDraft["evidence"] {
  const { source } = statement;
  const text = statementText(statement.query);
  return [
    ...(text === null ? [] : [{ source, says: `statement: ${text}` }]),
    { source, says: seenSince(statement) },
    ...(plan === null
      ? [
          {
            source,
            says: `how it is planned could not be seen${unplanned === null ? "" : `: ${unplanned}`}`,
          },
        ]
      : plan.says.map((says) => ({ source: plan.source, says }))),
    ...changes.map((says) => ({ source, says })),
    ...rerunText(statement, plan).map((says) => ({ source: plan?.source ?? source, says })),
  ];
}

/** A list that fits into work_mem is hashed once; one that does not is walked for each row, in temporary files. */
function rerunText(statement: Statement, plan: PlanSpending | null): readonly string[] {
  if (!/\(SubPlan \d+/.test(plan?.reruns ?? "")) return [];
  const files = temporaryFiles(statement);
  return [
    `the list of the subquery is walked for each row${files === null ? "" : ` (${files} of temporary files)`}: it is hashed once where it fits into work_mem, which a session of its user can try by SET LOCAL work_mem and EXPLAIN ("hashed SubPlan")`,
  ];
}

/** Of a procedure: what was seen to run in it, which is what to look at; null for any other. */
function insideText(view: View, statement: Statement): readonly string[] | null {
  if (!isCall(statement.query)) return null;
  const seen = innerStatements(view, statement);
  if (seen.length === 0)
    return ["what runs inside was not seen: SHOW CREATE PROCEDURE, and EXPLAIN of what it looks up"];
  return [
    ...seen.map(
      ({ query, sessions }) =>
        `${plural(sessions, "session")} in such a call ${sessions === 1 ? "runs" : "run"} ${query}`,
    ),
    "whether an index leads to what it looks up was not seen, since the server keeps no statistics of what runs inside: EXPLAIN it with a value in place of each parameter; what would change it: an index, fewer rows or fewer calls, and no larger class",
  ];
}

/** Of a write whose text and plan do not say what it reads; null for any other. */
function setOffText(statement: Statement, scans: WriteScans | null): readonly string[] | null {
  if (scans === null && !isHeavyInsert(statement)) return null;
  return [
    ...(isHeavyInsert(statement)
      ? [`each row written reads ${rounded(pagesPerRow(statement))} pages, which its own indexes do not need`]
      : []),
    ...(scans === null ? [] : [scans.says]),
    `look at its triggers${scans === null ? ", foreign keys and constraints" : ` (\\d ${scans.table})`}; what would change it: an index for what they look up, or looking it up less often`,
  ];
}

/** What would change it, even where no index helps. */
function changesOf(
  { query }: Statement,
  shapes: ReturnType<typeof costlyShapes>,
  loops: boolean,
  unusable: string | null,
): readonly string[] {
  if (unusable !== null) return [unusable];
  const rewrites = shapes.slice(0, 3).map(({ what, instead }) => `${what}; what would change it: ${instead}`);
  if (rewrites.length > 0) return rewrites;
  return loops
    ? ["many rows meet many: fewer rows before the join, or an index on what the inner table is joined by"]
    : [`what would change it: ${lessOf(query)}`];
}
