import { cacheOf, readsHurt, singleReader, youngCache } from "../../facts/cache.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { fromOutside, percentText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { restoredDraft } from "./restored-draft.ts";

/** What a restart, a failover or a crash has emptied is read from storage once; it passes by itself. */
export const coldCache = defineRule({
  id: "cold-cache",
  spec: ["D4", "P7"],
  category: "resources",
  title: "The cache is still empty after a restart, and everything is read from storage",
  needs: ["postgres-database-rates", "mysql-innodb-rates", "postgres-server", "mysql-server"],
  evaluate: (view) => [...emptiedDraft(view), ...restoredDraft(view)],
});

function emptiedDraft(view: View): readonly FindingDraft[] {
  const young = youngCache(view);
  const cache = cacheOf(view);
  if (young === null || cache === null || cache.hitPercent >= view.thresholds.cacheHitPercent) return [];
  const hurts = readsHurt(view);
  const reader = singleReader(view);
  const because = `the cache was emptied ${duration(young)} ago`;
  return [
    {
      subject: "",
      severity: hurts ? "P2" : "P3",
      confidence: fromOutside(view, reader === null ? 0.8 : 0.6),
      summary: `The cache was emptied ${duration(young)} ago and is filling: ${percentText(cache.hitPercent)} of the pages wanted are in it${cache.readsPerSecond === null ? "" : `, ${Math.round(cache.readsPerSecond)} a second come from outside it`}${hurts ? ", and statements wait for them" : ""}; ${trendText(view)}`,
      evidence: [
        { source: cache.source, says: cache.says },
        ...beganText(view, young),
        ...(reader === null ? [] : [{ source: cache.source, says: `most is read by ${reader}` }]),
        { source: "engine", says: advice(view) },
      ],
      explains: [
        { cause: "cache-too-small", because },
        ...(hurts ? [{ cause: "io-saturated" as const, because }] : []),
      ],
      actions: [],
    },
  ];
}

/** A crash is told apart by the server's own start. */
function beganText({ server }: View, young: number): FindingDraft["evidence"] {
  const up = server?.uptimeSeconds ?? null;
  const crashed = up !== null && up > young + 5;
  const says = crashed
    ? `up for ${duration(up)}, but its checkpointer began ${duration(young)} ago: the server crashed and recovered`
    : `up for ${duration(young)}`;
  return [{ source: "server", says }];
}

/** A fifth more or less is a trend. */
const change = 1.2;

function trendText(view: View): string {
  const reads = metricFact(view, "ReadIOPS");
  if (reads === null || reads.points.length < 3) return "whether it gets better takes a second look";
  const text = `${Math.round(reads.peak)} reads a second at the most, ${Math.round(reads.latest)} now`;
  if (reads.peak > change * reads.latest) return `it gets better: ${text}`;
  return `it does not get better yet: ${text}`;
}

/**
 * https://www.postgresql.org/docs/current/pgprewarm.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.cluster-cache-mgmt.html
 */
function advice({ evidence }: View): string {
  const { engine, flavour } = evidence.target;
  const nextTime =
    engine !== "postgres"
      ? "innodb_buffer_pool_dump_at_shutdown and _load_at_startup"
      : flavour === "aurora"
        ? "cluster cache management (apg_ccm_enabled)"
        : "pg_prewarm's autoprewarm (shared_preload_libraries)";
  return `nothing has to be done but to wait, or to let fewer clients in at first; a restart or a larger class begins anew. For the next time: ${nextTime}`;
}
