import { isWriting, type LoadShare, loadShares } from "../../facts/insights.ts";
import { lagsByTheClock } from "../../facts/lag-pace.ts";
import { tableWait } from "../../facts/named-lock-wait.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import { hiddenHolder, hiddenQueue } from "../../facts/second-best-text.ts";
import { rounded } from "../../facts/statements.ts";
import { tableWaitWords } from "../../facts/table-wait-words.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, loadAt, type OutsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import { withoutLeadingComments } from "../../text/statement-parts.ts";
import { list, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const wantsTable =
  /^(alter|create|drop|truncate|rename|reindex|cluster|lock\s|optimize|vacuum\s*\(?\s*full|refresh\s+materialized)/i;
const refresh = /^refresh\s+materialized/i;

type Cause = "matview-refresh-blocking" | "blocked-by-running-query" | "ddl-lock-queue";

/**
 * Without a look at the locks. Reads and writes of rows never wait for each other's table: somebody wants, or has, all
 * of it. What itself waits for a table wants one; what works meanwhile, on a table that the waiters name, has it. No
 * session could be seen, and none is to be ended.
 */
export function outsideTableWaits(view: View, cause: Cause): readonly FindingDraft[] {
  const wait = tableWait(view);
  if (wait === null) return [];
  const shares = loadShares(view, "statement").filter(({ name }) => wantsAll(bare(name)));
  const holder = shares.find((share) => hasIt(view, share));
  if (holder !== undefined) {
    const told = refresh.test(bare(holder.name)) ? "matview-refresh-blocking" : "blocked-by-running-query";
    return cause === told ? [draftOf(view, wait, holder, "has")] : [];
  }
  if (cause !== "ddl-lock-queue") return [];
  // Of what works elsewhere it is known that it wants nothing here.
  const wanted = shares.find((share) => loadAt(share, waitNames.table) > 0 || share.waits.length === 0);
  return [draftOf(view, wait, wanted ?? null, "wants")];
}

const bare = (name: string): string => withoutLeadingComments(name).trimStart();

/** CONCURRENTLY keeps nobody from rows. https://www.postgresql.org/docs/current/explicit-locking.html */
function wantsAll(text: string): boolean {
  return wantsTable.test(text) && !/\bconcurrently\b/i.test(text);
}

/** Less of its load waits for a table than this: what is left of its own wait, before it had it. */
const littleShare = 0.2;

function hasIt(view: View, { name, load, waits }: LoadShare): boolean {
  if (waits.length === 0 || load <= 0) return false;
  if (loadAt({ waits }, waitNames.table) > littleShare * load) return false;
  const own = new Set(wordsOf(bare(name)));
  const waiters = loadShares(view, "statement").filter((share) => loadAt(share, waitNames.table) > 0);
  return waiters.some((waiter) => tablesOf(waiter.name).some((table) => own.has(table)));
}

const wordsOf = (text: string): readonly string[] =>
  text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];

/** Without their schemas, which one may write and the other not. */
function tablesOf(text: string): readonly string[] {
  const named =
    /\b(?:from|join|into|update|table|view)\s+(?:only\s+)?((?:[`"]?[\p{L}\p{N}_$]+[`"]?\.)*[`"]?[\p{L}\p{N}_$]+)/giu;
  return [...text.matchAll(named)].flatMap(([, name = ""]) => wordsOf(name).slice(-1));
}

function draftOf(
  view: View,
  wait: OutsideWait,
  blamed: LoadShare | null,
  how: "has" | "wants",
): FindingDraft {
  const { sessions, percent, statement, evidence } = wait;
  const fallen = workFallen(view);
  const text = statementText(blamed?.name ?? null);
  const applier = text !== null && how === "wants" && isOfApplier(view);
  const most = statement === null || statement.startsWith(text ?? "\0") ? "" : `; most load: ${statement}`;
  const unseen = `${unseenText(view, how, blamed?.name ?? statement)}${how === "wants" ? workingText(view, blamed) : ""}`;
  return {
    subject: "insights",
    severity: wait.asEver ? "P3" : severityOfWaits(view, sessions),
    confidence: fromOutside(view, text === null ? 0.6 : 0.75),
    summary: `${Math.round(sessions)} sessions on average wait for ${tableWaitWords(wait).what}, ${Math.round(percent)} % of the load${text === null ? tableWaitWords(wait).behind : becauseText(text, how, applier)}${most}; ${unseen}${asEverText(wait)}`,
    evidence: [
      ...evidence,
      ...hiddenQueue(view, blamed?.name ?? statement),
      ...(fallen === null ? [] : [fallen]),
      ...(blamed !== null && how === "has" ? workOf(blamed) : []),
    ],
    explains: [
      { cause: "connections-near-limit", because: "who waits for a table keeps its connection" },
      { cause: "cpu-saturated", because: "the load waits, and does not want a CPU" },
      ...(applier
        ? [
            {
              cause: "replication-lag",
              subject: view.evidence.target.name,
              because: "the thread that applies changes waits for it",
            } as const,
          ]
        : []),
    ],
    actions: [],
  };
}

function unseenText(view: View, how: "has" | "wants", waiting: string | null): string {
  if (how === "has") return "its session could not be seen, so nobody is to be ended";
  const holder = hiddenHolder(view, waiting);
  return `${holder === null ? "who holds the table" : `${holder}; what it does`} could not be seen, so nobody is to be ended for it`;
}

const named = String.raw`((?:[\x60"]?[\p{L}\p{N}_$]+[\x60"]?\.)*[\x60"]?[\p{L}\p{N}_$]+)`;
const changed = new RegExp(
  String.raw`^(?:alter|drop|truncate|lock|rename|optimize|refresh)\s+(?:(?:materialized\s+view|table)\s+)?(?:if\s+exists\s+)?(?:only\s+)?${named}`,
  "iu",
);
const beside = new RegExp(String.raw`\b(?:on|partition\s+of)\s+(?:only\s+)?${named}`, "giu");

/** Of all its words those that name a table: a column may be called as another one. */
function tablesWanted(text: string): readonly string[] {
  const names = [changed.exec(text)?.[1], ...[...text.matchAll(beside)].map(([, name]) => name)];
  return names.flatMap((name) => wordsOf(name ?? "").slice(-1));
}

/** Of one session that is always at work; a short statement that is asked again and again is none. */
const oneAtWork = 0.7;
const shownAtWork = 2;

/** PostgreSQL: what wants ACCESS EXCLUSIVE, and waits for readers, too. https://www.postgresql.org/docs/current/explicit-locking.html */
const takesAll =
  /^(?:truncate|drop|cluster|vacuum|refresh(?!.*\bconcurrently\b)|reindex(?!.*\bconcurrently\b)|alter\s+table(?!\s+(?:if\s+exists\s+)?(?:only\s+)?\S+\s+(?:validate\s+constraint|add\s+(?:constraint\s+\S+\s+)?foreign\s+key)\b(?!.*,\s*(?:add|drop|alter|rename)\b))|lock\b(?!.*\bin\s+(?:exclusive|share|row)\b))/is;

/** Whoever reads a table has it, too, from whom wants all of it; who has it and idles makes no load. */
function workingText(view: View, wanted: LoadShare | null): string {
  const text = wanted === null ? "" : bare(wanted.name);
  const own = new Set(tablesWanted(text));
  const meetsReaders = view.evidence.target.engine !== "postgres" || takesAll.test(text);
  const working = loadShares(view, "statement")
    .filter(({ name }) => meetsReaders || isWriting(name))
    .filter(({ load, waits }) => load >= oneAtWork && waits.length > 0)
    .filter((share) => loadAt(share, waitNames.table) === 0)
    .filter(({ name }) => tablesOf(name).some((table) => own.has(table)))
    .flatMap(({ name, load }) => {
      const text = statementText(name);
      return text === null ? [] : [`${text} (${rounded(load)})`];
    });
  return working.length === 0
    ? ""
    : `; at work on it meanwhile, and waiting for no table: ${list(working.slice(0, shownAtWork))}, which may be what it waits for, or a transaction that idles`;
}

function becauseText(text: string, how: "has" | "wants", applier: boolean): string {
  return how === "has"
    ? `: ${text} works meanwhile and waits for no table, so that most likely it has this one until it ends`
    : `: ${text} wants it${applier ? ", so that this replica applies nothing" : ""}`;
}

/** A replica of MySQL or MariaDB runs the DDL of its source, one after the other; its clients may change no table. */
function isOfApplier(view: View): boolean {
  return view.evidence.target.engine !== "postgres" && lagsByTheClock(view);
}

function workOf({ name, waits }: LoadShare): FindingDraft["evidence"] {
  const source = "Performance Insights";
  const shown = waits.slice(0, 3).map((wait) => `${wait.name} ${rounded(wait.load)}`);
  const concurrently = "REFRESH … CONCURRENTLY would not block readers; it needs a unique index";
  return [
    { source, says: `${statementText(name) ?? "it"}: ${shown.join(", ")} sessions at a time` },
    ...(refresh.test(bare(name)) ? [{ source: "engine", says: concurrently }] : []),
  ];
}
