import type { LoadDimension } from "../contract/context.ts";
import { compare } from "../text/compare.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { withoutLeadingComments } from "../text/statement-parts.ts";
import { statementText } from "../text/wording.ts";
import type { View } from "./view.ts";
import { waitNames } from "./wait-names.ts";

export interface LoadShare {
  readonly name: string;
  /** Average active sessions. */
  readonly load: number;
  /** Of all load of the window. */
  readonly percent: number;
  readonly waits: LoadDimension["items"][number]["waits"];
}

/** Less is no load to share out. */
const noticeable = 0.3;

/** Who or what makes the load by Performance Insights, most first; empty where it is off, or nothing works. */
export function loadShares({ evidence }: View, by: LoadDimension["by"]): readonly LoadShare[] {
  return sharesOf(evidence.context?.load ?? [], by);
}

/** Of the load: the mean of minutes, so that of less it is not known whether it rests now, too. */
const nearlyAll = 0.8;

/** Of the load what waits on purpose, as in pg_sleep, where that is nearly all: it takes no CPU, and keeps nobody from one. */
export function restingShare(view: View): number {
  const resting = loadShares(view, "wait-event").filter(({ name }) => waitNames.resting.test(name));
  const share = resting.reduce((sum, { percent }) => sum + percent, 0) / 100;
  return share < nearlyAll ? 0 : share;
}

/** Sessions at a time, all of them together. */
export function totalLoad(items: readonly { readonly load: number }[]): number {
  return items.reduce((sum, { load }) => sum + load, 0);
}

/** Whose text Performance Insights does not give: work, and of nobody. */
const unnamed = "unknown";

function sharesOf(dimensions: readonly LoadDimension[], by: LoadDimension["by"]): readonly LoadShare[] {
  // The answer has the first ten of each: the largest sum is nearest to all.
  const all = Math.max(0, ...dimensions.map(({ items }) => totalLoad(items)));
  const items = dimensions.find((dimension) => dimension.by === by)?.items ?? [];
  if (all < noticeable) return [];
  return items
    .filter(({ name }) => by !== "statement" || name !== unnamed)
    .toSorted((a, b) => b.load - a.load || compare(a.name, b.name))
    .map(({ name, load, waits }) => ({ name, load, waits, percent: (100 * load) / all }));
}

const writing =
  /^(insert|copy\b(?!.*\bto\s+stdout)|update|delete|merge|replace|load\s+data|create\s+(unlogged\s+|or\s+replace\s+)*(table|((unique|fulltext|spatial)\s+)?index|materialized)|alter\s+table|refresh\s+materialized|select\b.*\binto\s+(?!@)|vacuum\s+full|cluster|optimize|reindex|with\b.*\b(insert|update|delete)\b)/is;

export function isWriting(query: string): boolean {
  return writing.test(withoutLeadingComments(query).trimStart());
}

/** What a statement waits for that writes, or reads what it changes; on the CPU alone it fills nothing. */
const storing = /^(wait\/)?io(:|\/(?!socket))|^LWLock:WAL|^WAL/i;

/** Where nobody saw its waits, its share of the load has to do. */
function storesMuch({ waits }: LoadShare): boolean {
  return waits.length === 0 || waits.some(({ name }) => storing.test(name));
}

/** A smaller part of the load is not what fills a volume or outruns a replica. */
const substantialPercent = 20;

/** The statement that writes most, in words; null where Performance Insights shows none of substance. */
export function topWriter(view: View): string | null {
  return writerOf(loadShares(view, "statement"));
}

/** The same of the source that the database follows. */
export function topWriterOfSource({ evidence }: View): string | null {
  return writerOf(sharesOf(evidence.context?.sourceLoad ?? [], "statement"));
}

/** Of a statement's text, as digests and logs cut it: its kind, and the table that it begins with. */
const beginning = 30;

/** Whether the statement that writes most is another than this text; false of what may write by statements of its own. */
export function othersWriteMost(view: View, query: string | null): boolean {
  const first = largestWriter(loadShares(view, "statement"));
  const own = fingerprint(query);
  if (first === undefined || own === null || own.startsWith("call ")) return false;
  return fingerprint(first.name)?.slice(0, beginning) !== own.slice(0, beginning);
}

function largestWriter(shares: readonly LoadShare[]): LoadShare | undefined {
  return shares.find(
    (share) => share.percent >= substantialPercent && isWriting(share.name) && storesMuch(share),
  );
}

function writerOf(shares: readonly LoadShare[]): string | null {
  const first = largestWriter(shares);
  const query = statementText(first?.name ?? null);
  return first === undefined || query === null
    ? null
    : `${query} (${Math.round(first.percent)} % of the load)`;
}

export interface Spiller {
  readonly statement: string;
  /** Sessions at a time that wait for its temporary files. */
  readonly sessions: number;
  /** Of all load. */
  readonly percent: number;
}

/** The statement whose sessions wait most for temporary files; null where that is no substantial part of the load. */
export function topSpiller(view: View): Spiller | null {
  const spilled = ({ waits }: LoadShare): number =>
    totalLoad(waits.filter(({ name }) => waitNames.temporary.test(name)));
  const [first] = loadShares(view, "statement").toSorted((a, b) => spilled(b) - spilled(a));
  const statement = statementText(first?.name ?? null);
  if (first === undefined || statement === null || first.load <= 0) return null;
  const sessions = spilled(first);
  const percent = (first.percent * sessions) / first.load;
  return percent < substantialPercent ? null : { statement, sessions, percent };
}

/** What everybody's writes wait for under one name. */
const everybodys = /^\s*(?:commit|end|rollback)\b/i;
/** That, and the server's own work: nobody's statement. */
export const nobodys = /^\s*(?:(?:commit|end|rollback|checkpoint)\b|autovacuum:)/i;

/** The statement, or vacuum, that makes most of what is asked of storage; null where others share it, or its waits were not seen. */
export function topOfStorage(view: View): { readonly statement: string; readonly percent: number } | null {
  const stored = ({ waits }: Pick<LoadShare, "waits">): number =>
    totalLoad(waits.filter(({ name }) => storing.test(name)));
  const shares = loadShares(view, "statement");
  // The first ten are listed, of each dimension: what waits is known of all.
  const all = Math.max(
    shares.reduce((sum, share) => sum + stored(share), 0),
    stored({ waits: [...loadShares(view, "wait-event")] }),
  );
  const [first] = shares
    .filter(({ name }) => !everybodys.test(name))
    .toSorted((a, b) => stored(b) - stored(a));
  const statement = statementText(first?.name ?? null);
  if (first === undefined || statement === null || all < noticeable) return null;
  const percent = (100 * stored(first)) / all;
  return percent < mostOfLoad ? null : { statement, percent };
}

/** "Lock:transactionid 71 %, CPU 12 %": what the sessions of the window waited for; null where nobody saw. */
export function waitsText(view: View): string | null {
  const shares = loadShares(view, "wait-event").filter(({ percent }) => percent >= 5);
  return shares.length === 0
    ? null
    : shares
        .slice(0, 3)
        .map(({ name, percent }) => `${name} ${Math.round(percent)} %`)
        .join(", ");
}

/** Whose the sessions are that work for the database itself. */
export const serverUsers = /^(system user|rdsadmin|rdsrepladmin|event_scheduler)$/i;
const mostOfLoad = 50;

/** "user metabase makes 87 % of the load, 28.9 sessions at a time": who takes most of the load; null where it is spread. */
export function heaviestUser(view: View): string | null {
  const first = loadShares(view, "user").find(({ percent }) => percent >= mostOfLoad);
  if (first === undefined || serverUsers.test(first.name)) return null;
  return `user ${first.name} makes ${Math.round(first.percent)} % of the load, ${Math.round(first.load * 10) / 10} sessions at a time`;
}

export function waitsEvidence(view: View): { source: string; says: string }[] {
  const text = waitsText(view);
  const user = heaviestUser(view);
  const source = "Performance Insights";
  return [
    ...(text === null ? [] : [{ source, says: `sessions: ${text}` }]),
    ...(user === null ? [] : [{ source, says: user }]),
  ];
}
