import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { duration } from "../text/wording.ts";
import { manyAttempts } from "./attempts.ts";
import { broughtAuthority, broughtGroup } from "./brought-by-restart.ts";
import { beginOf, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { minutesSince } from "./rds-facts.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";
import { type Happened, whatChanged } from "./what-changed.ts";

export interface PlainClients {
  readonly source: string;
  readonly perMinute: number;
  /** Why nobody gets in without TLS, how many leave, since when, and what they need. */
  readonly says: string;
}

/** A load balancer's zones and a monitor make some dozens a minute; one look is about a second, and one of them in it is chance. */
const leastPerMinute = 60;
const leastCounted = 3;
/** Of the clients that are missing: who is kept out tries again within minutes. */
const triesAgain = 1 / 3;

/**
 * A server that takes TLS alone, and clients that leave before they have signed in, as those do that speak plainly: they
 * are told so, and let go before their name is asked for. Health checks leave as early, and go on while clients are away
 * for any other reason: it takes as many as clients make that try again, and something that they began with. Null
 * where the server takes others too, or it is not so.
 * https://mariadb.com/kb/en/securing-connections-for-client-and-server/#requiring-tls-for-all-connections
 */
export function plainClients(view: View): PlainClients | null {
  const early = earlyLeavers(view);
  const since = early === null || !areCrowd(view, early) ? null : begun(view);
  if (early === null || since === null) return null;
  return {
    source: mysqlInnodbRatesRows.id,
    perMinute: early.perMinute,
    says: `${early.because}, and ${Math.round(early.perMinute)} a minute leave before they sign in${since}: they have to ask for TLS (sslMode, ssl-mode or --ssl of their driver); that parameter at 0 in the group would let them in as they are, and what they send and read passes in the clear then`,
  };
}

/** Those who leave so and may be health checks alone, as a hint and no cause; null without any, or where they are told as clients. */
export function earlyHint(view: View): string | null {
  const early = earlyLeavers(view);
  if (early === null || plainClients(view) !== null) return null;
  return `${early.because}, and ${Math.round(early.perMinute)} a minute leave before they sign in (${Math.round(early.counted)} within ${duration(early.seconds)}), as health checks do, and as clients without TLS would`;
}

interface Early {
  readonly because: string;
  readonly perMinute: number;
  readonly counted: number;
  readonly seconds: number;
}

function earlyLeavers(view: View): Early | null {
  const because = takesTlsAlone(view);
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  const early = rates?.abortedBeforeSignInPerSecond ?? 0;
  if (because === null || rates === undefined || early <= 0) return null;
  const seconds = rates.intervalSeconds;
  return { because, perMinute: early * 60, counted: early * seconds, seconds };
}

function areCrowd(view: View, { perMinute, counted }: Early): boolean {
  const connections = metricFact(view, "DatabaseConnections");
  const missing = connections === null ? 0 : (usualHigh(connections) ?? 0) - connections.latest;
  return Math.round(counted) >= leastCounted && perMinute >= Math.max(leastPerMinute, triesAgain * missing);
}

const minuteMs = 60_000;
/** Pools come back within them after a restart. */
const settledMinutes = 5;
/** An upgrade says that it is done when it is; until then nobody is there. */
const longestDownMinutes = 60;
/** Before anything was measured: what was longer before that is another day's, unless it changed what TLS is asked for. */
const unmeasuredMinutes = 180;
/** Another version has other defaults, and RDS says "patched" of one, too. */
const otherVersion = ["upgrade", "major-upgrade", "minor-upgrade"];

/** ", since the restart, 42 min ago"; empty where only so many attempts tell it, null where nothing tells that it began. */
function begun(view: View): string | null {
  const change = whatChanged(view).find((one) => isBegin(view, one));
  if (change !== undefined)
    return `, since ${change.says}, ${duration(60 * minutesSince(view, change.at))} ago`;
  return manyAttempts(view) === null ? null : "";
}

/**
 * They were there before it, and went with it: a restart ends all sessions at once; a parameter leaves those that are
 * open, and meets who comes anew. A restart alone has no other setting.
 */
function isBegin(view: View, { kind, name, to, at }: Happened): boolean {
  const left = whenLeft(view);
  if (left === null) return false;
  const minutesAfter = (left.at - Date.parse(at)) / minuteMs;
  if (kind === "parameter") {
    const asks = name === "require_secure_transport" && /^(on|1)$/i.test(to ?? "");
    return asks && minutesAfter >= -settledMinutes;
  }
  const asksAnew = otherVersion.includes(kind) || (kind === "restart" && broughtGroup(view, at));
  if (!(asksAnew || kind === "maintenance") || broughtAuthority(view, at)) return false;
  if (!left.seen) return asksAnew || minutesAfter <= unmeasuredMinutes;
  return minutesAfter >= -longestDownMinutes && minutesAfter <= settledMinutes;
}

/**
 * When half of the usual crowd was gone (epoch milliseconds), seen to leave or before all that was measured; null where
 * nobody measured.
 */
function whenLeft(view: View): { readonly at: number; readonly seen: boolean } | null {
  const connections = metricFact(view, "DatabaseConnections");
  const usual = connections === null ? null : usualHigh(connections);
  if (connections === null || connections.points.length === 0 || usual === null) return null;
  return beginOf(withoutSpikes(connections), (value) => value <= usual / 2);
}

/** Their highest of five minutes: who tries again and again may be many for a moment, and a crowd takes two steps. */
function withoutSpikes(fact: MetricFact): MetricFact {
  const { earlier } = fact;
  const values = (earlier?.values ?? []).map((value, step, all) => {
    const beside = Math.max(all[step - 1] ?? 0, all[step + 1] ?? 0);
    return value === null ? null : Math.min(value, beside);
  });
  return earlier === null ? fact : { ...fact, earlier: { ...earlier, values } };
}

/**
 * From MariaDB 11.8 on it is the default on RDS, unless a group says otherwise.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MariaDB.Concepts.FeatureSupport.html
 */
function takesTlsAlone(view: View): string | null {
  const { engine, engineVersion, flavour } = view.evidence.target;
  const value = settingsOf(view)?.value("require_secure_transport") ?? null;
  if (value !== null) return /^(on|1)$/i.test(value) ? "require_secure_transport is ON" : null;
  const [major = 0, minor = 0] = (engineVersion ?? "").split(".").map(Number);
  const byDefault = engine === "mariadb" && flavour === "rds" && (major > 11 || (major === 11 && minor >= 8));
  return byDefault ? "require_secure_transport is ON by default from MariaDB 11.8" : null;
}
