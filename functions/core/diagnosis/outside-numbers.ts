import { clientsGone } from "../facts/clients-away.ts";
import { outsideCapacity, shareText } from "../facts/connection-limit.ts";
import { farFromUsual } from "../facts/far-from-usual.ts";
import { hasIdleSource, idleSaw } from "../facts/idle-source.ts";
import { restingShare, waitsText } from "../facts/insights.ts";
import { latestMetric } from "../facts/latest-metric.ts";
import { metricFact } from "../facts/metric-facts.ts";
import { loadText } from "../facts/outside-load.ts";
import { bytesText, percentText, vcpusOfTarget } from "../facts/rds-facts.ts";
import { recoveredBy } from "../facts/recovered.ts";
import { spaceOf } from "../facts/storage-space.ts";
import { isAsEver } from "../facts/usual.ts";
import type { View } from "../facts/view.ts";
import { duration, list } from "../text/wording.ts";

/** What CloudWatch measures of the usual suspects, in words; empty where it was not read. */
export function outsideNumbers(view: View): readonly string[] {
  const cpu = metricFact(view, "CPUUtilization");
  return [
    cpu === null ? null : `CPU ${percentText(cpu.latest)}`,
    loadText(view),
    view.connections === null ? connectionsText(view) : null,
    storageText(view),
    latencyText(view),
    lagText(view),
  ].filter((part) => part !== null);
}

function connectionsText(view: View): string | null {
  const outside = outsideCapacity(view);
  if (outside === null) return null;
  const share = shareText(outside);
  return `${outside.used} connections${share === null ? "" : ` (${share})`}`;
}

function storageText(view: View): string | null {
  const { free, share } = spaceOf(view);
  if (free === null) return null;
  return `${bytesText(free.latest)} of storage free${share === null ? "" : ` (${percentText(share)})`}`;
}

function latencyText(view: View): string | null {
  const slowest = ["ReadLatency", "WriteLatency"].flatMap((id) => metricFact(view, id)?.latest ?? []);
  return slowest.length === 0 ? null : `storage answers within ${duration(Math.max(...slowest))}`;
}

function lagText(view: View): string | null {
  const lag = latestMetric(view.evidence, ["ReplicaLag"]);
  if (lag === null || lag.value < 0) return null;
  return `replica ${duration(lag.value)} behind${hasIdleSource(view) ? `, ${idleSaw}` : ""}`;
}

/** Sessions for each vCPU that are no ordinary hour. */
const crowded = 2;

/** More sessions than CPUs, or hardly a client, of which no rule knows the cause. Null where there are none, or as ever. */
export function crowdText(view: View): string | null {
  const load = metricFact(view, "DBLoad");
  const vcpus = vcpusOfTarget(view);
  const gone = clientsGone(view);
  if (gone !== null) return `${gone.says}, and nothing shows why`;
  if (load === null || vcpus === null || isAsEver(load)) return farText(view);
  if ((1 - restingShare(view)) * load.latest < crowded * vcpus) return farText(view);
  const waits = waitsText(view);
  return `more sessions than CPUs are at work or wait${waits === null ? "" : ` (${waits})`}, and nothing shows why`;
}

const shown = 3;

/** What else is far from usual, of which no rule knows the cause; null where all is as ever, or nobody knows what is. */
function farText(view: View): string | null {
  const far = farFromUsual(view).slice(0, shown);
  if (far.length === 0) return null;
  return `what is far from usual is ${list(far.map(({ says }) => says))}, and nothing shows why`;
}

/** " Recovered by itself: storage grew from 100 GiB to 120 GiB 12 min ago."; empty where nothing was. */
export function recoveredText(view: View): string {
  const recovered = recoveredBy(view);
  return recovered.length === 0 ? "" : ` Recovered by itself: ${list(recovered)}.`;
}
