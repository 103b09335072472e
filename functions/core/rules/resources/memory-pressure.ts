import type { ProposedAction, Severity } from "../../contract/finding.ts";
import { bareMinimum, creepingSwap, grownSwap, lowMemory, memoryOf } from "../../facts/memory.ts";
import { memoryByConnections, takenByText } from "../../facts/memory-by-connections.ts";
import {
  baselineText,
  isAlarming,
  lastingFor,
  type MetricFact,
  metricFact,
} from "../../facts/metric-facts.ts";
import { bytesText, fromOutside, minutesSince, percentText, recentEvents } from "../../facts/rds-facts.ts";
import { restartOf } from "../../facts/restarts.ts";
import { sessionMemory } from "../../facts/session-memory.ts";
import { isNoLowerThanEver } from "../../facts/usual.ts";
import type { View } from "../../facts/view.ts";
import { shrunkClass } from "../../facts/what-changed.ts";
import { scaleInstanceClass, withheldClass } from "../../remedies/aws/class-remedies.ts";
import { defineRule } from "../define.ts";

const severeUsedPercent = 98;

export const memoryPressure = defineRule({
  id: "memory-pressure",
  spec: ["D4", "M1"],
  category: "resources",
  title: "Memory is short",
  needs: ["FreeableMemory", "SwapUsage", "AuroraMemoryHealthState", "DatabaseConnections", "mysql-memory"],
  evaluate: (view) => {
    const state = memoryState(view);
    if (state === null) return [];
    const { free, total, swap, event } = state;
    const severity = severityOf(view, state);
    const used = total === null ? null : 100 - (100 * free.latest) / total;
    const taken = sessionMemory(view);
    const by = memoryByConnections(view);
    const share = used === null ? "" : `, ${percentText(used)} of ${bytesText(total ?? 0)} are in use`;
    return [
      {
        subject: "",
        severity,
        confidence: fromOutside(view, event !== null || swap !== null ? 0.85 : 0.65),
        summary: `${summaryOf(state, share)}${creepingText(view)}${by === null ? "" : `; ${takenByText(by)}`}${taken.ending}`,
        evidence: [
          { source: free.id, says: `${bytesText(free.lowest)} at the least in the last minutes` },
          ...(swap === null ? [] : [{ source: swap.id, says: `peak ${bytesText(swap.peak)}` }]),
          ...taken.evidence,
        ],
        // Pages that were swapped out come back from storage.
        explains: [
          ...(by === null
            ? []
            : [
                {
                  cause: "connections-near-limit",
                  because: "the memory they take ends before the slots",
                } as const,
              ]),
          ...(swap !== null && severity !== "P3"
            ? [{ cause: "io-saturated", because: "swapping reads and writes storage" } as const]
            : []),
          ...(restartOf(view, view.evidence.target.name)?.cause?.is === "memory"
            ? [{ cause: "restart-or-crash", because: "without memory the engine is ended" } as const]
            : []),
        ],
        actions: severity === "P3" ? [] : remediesOf(view, by !== null),
      },
    ];
  },
});

/** What is wrong, or was, comes first: of memory that is free again, that it was not. */
function summaryOf({ free, low, swap, event }: State, share: string): string {
  const told = event?.says ?? "";
  const bytes = `${bytesText(free.latest)} of memory are free`;
  const swapped = swap === null ? "" : `; swap has grown to ${bytesText(swap.latest)}`;
  if (!low)
    return `${told}; ${bytes}${event?.isOver ? " again" : ""}${share}${swapped}${baselineText(free, bytesText)}`;
  return `Only ${bytes}${share}${swapped}${told === "" ? "" : `; ${told}`}${baselineText(free, bytesText)}`;
}

/** It says how short memory really is, and that it has been so for days. */
function creepingText(view: View): string {
  const swap = creepingSwap(view);
  return swap === null
    ? ""
    : `; ${bytesText(swap.latest)} are swapped out, ${bytesText(swap.week)} a week ago`;
}

/** Pools fill a larger class the same way, and it restarts everything: their size comes first, and no click before it. */
function remediesOf(view: View, byConnections: boolean): readonly ProposedAction[] {
  return byConnections
    ? withheldClass(
        view,
        "its connections have taken the memory: first the size of the pools, times how many instances of the application keep one, or a pooler such as RDS Proxy; a larger class comes after that",
      )
    : scaleInstanceClass(view, beforeSize(view));
}

/** What takes the memory is made smaller first: a larger class restarts everything, and is filled the same way. */
function beforeSize({ evidence: { target } }: View): string {
  const session = target.engine === "postgres" ? "work_mem" : "sort, join and temporary-table buffers";
  return `First see what takes it: the size of the ${target.engine === "postgres" ? "shared buffers" : "buffer pool"} if somebody has raised it, then ${session} by how many sessions use them at once, then max_connections; only then the size.`;
}

interface State {
  readonly free: MetricFact;
  /** Less than the threshold leaves, now and for some minutes. */
  readonly low: boolean;
  readonly total: number | null;
  /** Null while swap is what it always was. */
  readonly swap: MetricFact | null;
  readonly event: {
    readonly minutes: number;
    readonly says: string;
    /** It told of a moment, and not of now. */
    readonly isOver: boolean;
  } | null;
}

/** An engine that fills its memory with cache is well; it takes swapping, or nothing left, to suffer. */
function memoryState(view: View): State | null {
  const memory = lowMemory(view);
  if (memory === null) return null;
  const event = lowMemoryEvent(view);
  if (!memory.low && event === null) return null;
  const state = { ...memory, total: memoryOf(view), swap: grownSwap(view), event };
  return isItsDailyLife(view, state) ? null : state;
}

/**
 * As little is free as a day and a week ago, and swap, which was seen, has not grown: so the engine was set up, whatever
 * threshold somebody chose for an alarm. By default Aurora's buffer pool alone takes three quarters.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ParameterGroups.html
 */
function isItsDailyLife(view: View, state: State): boolean {
  const wasRead = metricFact(view, "SwapUsage") !== null;
  const calm = state.event === null && state.swap === null && !isNearlyNone(state);
  return calm && wasRead && isNoLowerThanEver(state.free);
}

/** An absolute number says nothing about a class with 1 GiB, whose every day is like that. */
function isNearlyNone({ free, total }: State): boolean {
  if (total === null) return free.latest <= bareMinimum;
  return 100 - (100 * free.latest) / total >= severeUsedPercent;
}

/** An event is news while memory is still short, and until a metric of a minute could show that it is not. */
const freshMinutes = 10;

function severityOf(view: View, state: State): Severity {
  const { free, low, swap, event } = state;
  const nearlyNone = isNearlyNone(state);
  if (event !== null && (low || event.minutes <= freshMinutes)) return "P1";
  if (!low) return "P3";
  if (nearlyNone && swap !== null) return "P1";
  // Of a smaller class less is free, however well it does.
  const dropped = free.day !== null && free.latest < 0.5 * free.day && shrunkClass(view) === null;
  if (swap !== null || nearlyNone || dropped || isAlarming(view, free.id)) return "P2";
  return "P3";
}

/** RDS-EVENT-0403 and 0404: memory was critically low, and RDS has taken some from the cache. */
function lowMemoryEvent(view: View): State["event"] {
  const event = recentEvents(view, 60).find(({ message }) =>
    /critically low memory|low on memory/i.test(message),
  );
  if (event === undefined) return healthWord(view);
  const minutes = minutesSince(view, event.at);
  return { minutes, says: `RDS said ${minutes} min ago: ${event.message.replace(/\.$/, "")}`, isOver: true };
}

const reserved = 10;

/** What Aurora MySQL says of it by a metric; without its own response to a lack of memory it publishes none. */
function healthWord(view: View): State["event"] {
  const state = metricFact(view, "AuroraMemoryHealthState");
  if (lastingFor(view, state, (value) => value >= reserved) === null || state === null) return null;
  const says = "Memory is near a critical level: AuroraMemoryHealthState is 10 (RESERVED)";
  return { minutes: minutesSince(view, state.at), says, isOver: false };
}
