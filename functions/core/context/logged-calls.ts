import { parseLogLine } from "../text/log-line.ts";
import type { Call } from "./slow-calls.ts";

/** As log_min_duration_statement and auto_explain write them; what was read is not told. */
const timed =
  /^duration: ([\d.]{1,12}) ms +(?:(plan): |statement: |execute (?:fetch from )?\S{1,128}: )(.+)$/;

/** Behind the statement: "Seq Scan on invoices (cost=…". */
const planBegins =
  / (?:Query (?:Parameters|Identifier): |(?:(?:CTE|(?:[A-Z][a-z]+){1,3}) ){1,6}(?:using \S+ )?(?:on \S+ )?(?:\S+ )?\(cost=)/;

/** With log_lock_waits. */
const hadWaited = /^process \S+ acquired .* after ([\d.]{1,12}) ms/;

/** Told to wait, it takes no CPU. */
const waitsAsAsked = /\bpg_(?:advisory_(?:xact_)?lock|sleep)/i;

/**
 * Of PostgreSQL's log. `lines` are without values.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-MIN-DURATION-STATEMENT
 */
export function loggedCalls(lines: readonly string[]): readonly Call[] {
  const [waits, plans]: readonly [Timed[], Map<string, Timed>] = [[], new Map()];
  return lines.flatMap((line) => {
    const { level, text = "", at = 0, client, process } = parseLogLine(line, "postgres") ?? {};
    if (level !== "LOG" || process == null) return [];
    const wait = hadWaited.exec(text)?.[1];
    if (wait !== undefined) waits.push({ process, at, ms: Number(wait) });
    const [, time, plan, query = ""] = timed.exec(text) ?? [];
    const [statement = ""] = query.split(planBegins, 1);
    if (time === undefined || statement === "?" || waitsAsAsked.test(statement)) return [];
    const call = { process, at, ms: Number(time) };
    if (isPlanned(plans, call, plan !== undefined)) return [];
    return [
      {
        at,
        user: client?.user ?? "",
        seconds: Math.max(0, call.ms - waitedIn(call, waits)) / 1000,
        locked: 0,
        sent: 0,
        examined: 0,
        query: statement,
      },
    ];
  });
}

interface Timed {
  readonly process: string;
  /** Of its end. */
  readonly at: number;
  readonly ms: number;
}

/** By auto_explain, whose line comes first, beside log_min_duration_statement. */
function isPlanned(plans: Map<string, Timed>, call: Timed, isPlan: boolean): boolean {
  const plan = plans.get(call.process);
  plans.delete(call.process);
  if (isPlan) plans.set(call.process, call);
  return !isPlan && plan !== undefined && call.at - plan.at <= 1 && Math.abs(call.ms - plan.ms) <= 1;
}

function waitedIn({ process, at, ms }: Timed, waits: readonly Timed[]): number {
  const own = waits.filter((wait) => wait.process === process && wait.at >= at - ms / 1000 - 1);
  return own.reduce((all, wait) => all + wait.ms, 0);
}
