import { explainsPressure } from "../../facts/capacity.ts";
import { describeHolder, xminHolders } from "../../facts/old-xmin.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import { isMany } from "../../facts/severity.ts";
import { rounded, statementsOf } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, type WaitLoad, waitLoad } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { postgresSlruRows } from "../../probes/postgres/slru-rows.ts";
import { majorOf } from "../../remedies/run-as.ts";
import { plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

const fewestSessions = 1;
const leastPercent = 10;

/**
 * A transaction with more than 64 subtransactions no longer fits into its session's part of a snapshot: whoever reads
 * rows then looks up the parent of each transaction in a cache that is small.
 * https://www.postgresql.org/docs/current/subxacts.html
 */
export const subtransactionOverflow = defineRule({
  id: "subtransaction-overflow",
  spec: ["D4", "P6"],
  category: "resources",
  title: "Readers look up subtransactions that no longer fit into snapshots",
  needs: ["postgres-wait-profile", postgresSlruRows.id, "postgres-oldest-xmin"],
  evaluate: (view) => {
    const load = waitLoad(view, waitNames.subtransactions);
    if (load === null || load.averageSessions < fewestSessions || load.percent < leastPercent) return [];
    return [draftOf(view, load)];
  },
});

function draftOf(view: View, load: WaitLoad): FindingDraft {
  const sessions = Math.round(load.averageSessions);
  const because = "each row that it reads is looked up among subtransactions";
  return {
    subject: "",
    severity: load.asEver ? "P3" : isMany(sessions, view.server?.maxConnections ?? null) ? "P1" : "P2",
    confidence: fromOutside(view, 0.9),
    summary: `${rounded(load.averageSessions)} sessions at a time (${percentText(load.percent)} of those at work) wait for the cache of subtransactions${overflowText(view)}${asEverText(load)}`,
    evidence: [
      ...(load.query === null ? [] : [{ source: load.source, says: `most of them with ${load.query}` }]),
      ...readsText(view),
      ...holderText(view),
      ...savepointText(view),
      { source: "engine", says: adviceText(view) },
    ],
    explains: [
      { cause: "cpu-saturated", because },
      { cause: "instance-undersized", because },
      { cause: "long-running-query", because },
      ...explainsPressure(view, sessions, sessions),
    ],
    actions: [],
  };
}

function overflowText(view: View): string {
  const overflowed = view.rows(postgresSlruRows)?.[0]?.overflowed ?? null;
  if (overflowed === null || overflowed.length === 0) return "";
  const pids = overflowed.slice(0, 3).map(({ pid }) => pid);
  return `; ${plural(overflowed.length, "transaction has", "transactions have")} more than 64 of them (pid ${pids.join(", ")})`;
}

function readsText(view: View): FindingDraft["evidence"] {
  const cache = view.rows(postgresSlruRows)?.[0]?.caches.find(({ name }) => name === "subtransaction");
  if (cache === undefined || cache.readsPerSecond === null) return [];
  const says = `${rounded(cache.hitsPerSecond ?? 0)} look-ups a second in the cache of subtransactions, ${rounded(cache.readsPerSecond)} pages read for them`;
  return [{ source: postgresSlruRows.id, says }];
}

/** While an old transaction is open, everything since it began has to be looked up. */
function holderText(view: View): FindingDraft["evidence"] {
  const [oldest] = (xminHolders(view) ?? []).filter(({ row }) => row.holder !== "replication-slot");
  if (oldest === undefined) return [];
  return [
    { source: "postgres-oldest-xmin", says: `the oldest that is open: ${describeHolder(view, oldest)}` },
  ];
}

function savepointText(view: View): FindingDraft["evidence"] {
  const savepoints = (statementsOf(view) ?? []).filter(({ query }) => /^\s*savepoint\b/i.test(query ?? ""));
  const calls = savepoints.reduce((sum, { now }) => sum + now.callsPerSecond, 0);
  return calls === 0
    ? []
    : [{ source: "postgres-top-statements", says: `${rounded(calls)} SAVEPOINT a second` }];
}

function adviceText(view: View): string {
  const major = majorOf(view);
  const cache =
    major === null || major < 17
      ? "from 17 on the cache can be made larger (subtransaction_buffers)"
      : "a larger subtransaction_buffers, which takes a restart";
  return `what helps is to let the oldest transaction end, then fewer than 64 savepoints (or EXCEPTION blocks of PL/pgSQL that write) in one transaction; ${cache}`;
}
