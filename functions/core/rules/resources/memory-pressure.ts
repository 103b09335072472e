import type { Severity } from "../../contract/finding.ts";
import {
  baselineText,
  isAlarming,
  lastingFor,
  type MetricFact,
  metricFact,
} from "../../facts/metric-facts.ts";
import {
  bytesText,
  fromOutside,
  memoryBytesOf,
  minutesSince,
  percentText,
  recentEvents,
  selfOf,
} from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { scaleInstanceClass } from "../../remedies/aws/class-remedies.ts";
import { defineRule } from "../define.ts";

const mib = 1024 ** 2;
/** Below this the kernel is about to end the process, whatever the size. */
const bareMinimum = 128 * mib;
const severeUsedPercent = 98;
/** More swap than this, or than it has had, is memory that is really short rather than pages long unused. */
const swapNotice = 64 * mib;

export const memoryPressure = defineRule({
  id: "memory-pressure",
  spec: ["D4", "M1"],
  category: "resources",
  title: "Memory is short",
  needs: ["FreeableMemory", "SwapUsage"],
  evaluate: (view) => {
    const state = memoryState(view);
    if (state === null) return [];
    const { free, total, swap, event } = state;
    const severity = severityOf(view, state);
    const used = total === null ? null : 100 - (100 * free.latest) / total;
    const share = used === null ? "" : `, ${percentText(used)} of ${bytesText(total ?? 0)} are in use`;
    return [
      {
        subject: "",
        severity,
        confidence: fromOutside(view, event !== null || swap !== null ? 0.85 : 0.65),
        summary: `Only ${bytesText(free.latest)} of memory are free${share}${swap === null ? "" : `; swap has grown to ${bytesText(swap.latest)}`}${event === null ? "" : `; RDS said ${event.minutes} min ago: ${event.message}`}${baselineText(free, bytesText)}`,
        evidence: [
          { source: free.id, says: `${bytesText(free.lowest)} at the least in the last minutes` },
          ...(swap === null ? [] : [{ source: swap.id, says: `peak ${bytesText(swap.peak)}` }]),
        ],
        // Pages that were swapped out come back from storage.
        explains:
          swap !== null && severity !== "P3"
            ? [{ cause: "io-saturated", because: "swapping reads and writes storage" }]
            : [],
        actions: severity === "P3" ? [] : scaleInstanceClass(view),
      },
    ];
  },
});

interface State {
  readonly free: MetricFact;
  readonly total: number | null;
  /** Null while swap is what it always was. */
  readonly swap: MetricFact | null;
  readonly event: { readonly minutes: number; readonly message: string } | null;
}

/** An engine that fills its memory with cache is well; it takes swapping, or nothing left, to suffer. */
function memoryState(view: View): State | null {
  const free = metricFact(view, "FreeableMemory");
  if (free === null) return null;
  const total = memoryBytesOf(selfOf(view)?.instanceClass ?? view.evidence.target.instanceClass);
  const limit = total === null ? bareMinimum : total * (1 - view.thresholds.memoryUsedPercent / 100);
  const event = lowMemoryEvent(view);
  const low = lastingFor(view, free, (value) => value <= limit) !== null;
  if (!low && event === null) return null;
  return { free, total, swap: grownSwap(view), event };
}

function severityOf(view: View, { free, total, swap, event }: State): Severity {
  const nearlyNone =
    free.latest <= bareMinimum || (total !== null && 100 - (100 * free.latest) / total >= severeUsedPercent);
  if (event !== null || (nearlyNone && swap !== null)) return "P1";
  const dropped = free.day !== null && free.latest < 0.5 * free.day;
  if (swap !== null || nearlyNone || dropped || isAlarming(view, free.id)) return "P2";
  return "P3";
}

function grownSwap(view: View): MetricFact | null {
  const swap = metricFact(view, "SwapUsage");
  if (swap === null) return null;
  const before = Math.max(swap.day ?? 0, swap.week ?? 0);
  return swap.latest > before + swapNotice && swap.latest > 1.5 * before ? swap : null;
}

/** RDS-EVENT-0403 and 0404: memory was critically low, and RDS has taken some from the cache. */
function lowMemoryEvent(view: View): State["event"] {
  const event = recentEvents(view, 60).find(({ message }) =>
    /critically low memory|low on memory/i.test(message),
  );
  return event === undefined ? null : { minutes: minutesSince(view, event.at), message: event.message };
}
