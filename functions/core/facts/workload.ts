import { compare } from "../text/compare.ts";
import { statementText } from "../text/wording.ts";
import { loadShares, nobodys } from "./insights.ts";
import { loadProfile, type Wait } from "./load-profile.ts";
import { slowLog, slowStatement } from "./slow-log.ts";
import { statementsOf } from "./statements.ts";
import { unkept } from "./uncounted-statements.ts";
import type { View } from "./view.ts";

export interface Dominant {
  readonly source: string;
  readonly query: string;
  /** Of the time that all statements took. */
  readonly percent: number;
}

/**
 * The statement that takes most of the database's time, when Performance Insights or the engine's statistics tell, or the
 * slow log, where its calls keep the CPUs busy.
 */
export function dominantStatement(view: View): Dominant | null {
  return fromInsights(view) ?? fromStatements(view) ?? fromSessions(view) ?? fromSlowLog(view);
}

function fromSessions(view: View): Dominant | null {
  const [first] = unkept(view).toSorted((a, b) => b.now.percentOfTime - a.now.percentOfTime);
  const query = statementText(first?.query ?? null);
  return first === undefined || query === null
    ? null
    : { source: first.source, query, percent: first.now.percentOfTime };
}

function fromSlowLog(view: View): Dominant | null {
  const slow = slowStatement(view);
  const query = statementText(slow?.query ?? null);
  return slow === null || query === null ? null : { source: slowLog, query, percent: slow.percent };
}

function fromInsights(view: View): Dominant | null {
  const [first] = loadShares(view, "statement").filter(({ name }) => !nobodys.test(name));
  const query = statementText(first?.name ?? null);
  return first === undefined || query === null
    ? null
    : { source: "Performance Insights", query, percent: first.percent };
}

function fromStatements(view: View): Dominant | null {
  const [first] = (statementsOf(view) ?? [])
    .filter(({ query }) => !sleeps.test(query ?? ""))
    .toSorted((a, b) => b.now.percentOfTime - a.now.percentOfTime || compare(a.key, b.key));
  const query = statementText(first?.query ?? null);
  if (first === undefined || query === null || first.now.averageSessions < 0.5) return null;
  return { source: first.source, query, percent: first.now.percentOfTime };
}

/** Told to wait, it takes time and nothing else. */
const sleeps = /^\s*(?:select|do)\s+(?:pg_catalog\.)?(?:pg_sleep\w*|sleep)\s*\(/i;

export interface WaitShare {
  readonly percent: number;
  readonly averageSessions: number;
  readonly says: string;
}

/** What part of the working sessions was seen in such a wait; null when nobody looked or nobody worked. */
export function waitShare(view: View, test: (wait: Wait) => boolean): WaitShare | null {
  const waits = loadProfile(view)?.waits ?? [];
  const all = waits.reduce((sum, { observations }) => sum + observations, 0);
  const such = waits.filter(test);
  const seen = such.reduce((sum, { observations }) => sum + observations, 0);
  if (all === 0) return null;
  const averageSessions = such.reduce((sum, wait) => sum + wait.averageSessions, 0);
  const percent = (100 * seen) / all;
  return {
    percent,
    averageSessions,
    says: `${Math.round(percent)} % of the working sessions, ${Math.round(averageSessions * 10) / 10} on average`,
  };
}

/** On one, waiting for one, or at what the engine does not tell from it. */
export const onCpu = ({ kind }: Wait): boolean => kind === "cpu" || kind === "work";
export const onStorage = ({ storage }: Wait): boolean => storage;

const nearlyAll = 95;

/** Next to all that work were seen on a CPU, and none at a wait. */
export function isAllOnCpu(view: View): boolean {
  return (waitShare(view, ({ kind }) => kind === "cpu")?.percent ?? 0) >= nearlyAll;
}

type Line = { readonly source: string; readonly says: string };

/** The lines that say where the time goes, for a finding about load. */
export function workloadEvidence(view: View): readonly Line[] {
  const dominant = dominantStatement(view);
  const says = dominant && `${Math.round(dominant.percent)} % of the time goes into ${dominant.query}`;
  return [
    ...profileEvidence(view),
    ...(dominant === null || says === null ? [] : [{ source: dominant.source, says }]),
  ];
}

function profileEvidence(view: View): readonly Line[] {
  const profile = loadProfile(view);
  if (profile === null || profile.waits.length === 0) return [];
  const { source, threadsRunning, blur } = profile;
  const waits = profile.waits
    .toSorted((a, b) => b.observations - a.observations || compare(a.name, b.name))
    .slice(0, 3)
    .map(({ kind, name, percent }) => `${shownName(kind, name)} ${Math.round(percent)} %`);
  const running = threadsRunning === null ? "" : `; ${Math.round(threadsRunning)} threads running`;
  return [
    { source, says: `working sessions: ${waits.join(", ")}${running}` },
    ...(blur === null ? [] : [{ source, says: blur }]),
  ];
}

function shownName(kind: Wait["kind"], name: string): string {
  if (name === "on CPU") return name;
  return kind === "cpu" || kind === "work" ? `at work (${name})` : `${kind} (${name})`;
}
