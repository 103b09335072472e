import { plural } from "../text/wording.ts";
import { manyAttempts } from "./attempts.ts";
import { argument, callsOf, namesOnly } from "./change-calls.ts";
import { clientsAway } from "./clients-away.ts";
import { type LogWords, recentLogHits } from "./log-lines.ts";
import { beginOf, metricFact, usualHigh } from "./metric-facts.ts";
import { eventsOf, minutesSince, selfOf } from "./rds-facts.ts";
import type { View } from "./view.ts";

/** MySQL and MariaDB write so of a client that hangs up in its handshake, and of any other that does; names are left out. */
export const hungUp: LogWords = {
  levels: ["NOTE", "WARNING"],
  says: /^Aborted connection \S+ to db: '[^']{0,128}' user: '[^']{0,128}' host: '[^']{0,255}' \(Got an error reading communication packets/,
};

export interface TurnedAway {
  readonly says: string;
}

const minuteMs = 60_000;
/** Pools that lived through the change have been emptied by then. */
const leftWithin = 60;
/** Clocks of the call and of the points differ. */
const slackMinutes = 1;
/** The change is done so long after it was asked for, where it restarts at once. */
const takesMinutes = 15;

/**
 * Since the server's certificate is of another authority its clients are away, and attempts to connect are many times
 * those of other days and do not stay: MySQL and MariaDB, which never write why a client broke a handshake off. Null
 * where one of the three was not seen, or they were not seen to leave then; PostgreSQL says it itself.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html
 */
export function turnedAway(view: View): TurnedAway | null {
  if (view.evidence.target.engine === "postgres") return null;
  const changed = newAuthority(view);
  const attempts = changed === null ? null : manyAttempts(view);
  if (changed === null || attempts === null || clientsAway(view, null) === null) return null;
  if (!leftThen(view, changed)) return null;
  const hits = recentLogHits(view.evidence, hungUp);
  const logged = hits === null ? "" : `; ${plural(hits.count, "connection")} broken off in the log`;
  return {
    says: `${changed.says} ${minutesSince(view, changed.at)} min ago, and ${attempts.times} times as many attempts to connect as a rule do not stay${logged}`,
  };
}

interface Changed {
  /** ISO 8601: when it was asked for, and when it took effect. */
  readonly askedAt: string;
  readonly at: string;
  readonly says: string;
}

/** Asked for in the next maintenance window. */
const deferred = /\bapplyImmediately=false\b/i;

const ofCertificate =
  /^(?:dBInstanceIdentifier|cACertificateIdentifier|applyImmediately|certificateRotationRestart)$/;

/** Of a call for it alone that went through, and took effect as RDS describes the server. */
function newAuthority(view: View): Changed | null {
  for (const call of callsOf(view)) {
    const { what, detail, by, at } = call;
    const to = /\bcACertificateIdentifier=([\w-]+)/.exec(detail ?? "")?.[1];
    if (what !== "ModifyDBInstance" || to === undefined || !namesOnly(call, ofCertificate)) continue;
    if (wasNamed(view, to, at)) continue;
    const restarted = restartAfter(view, at);
    const waits = deferred.test(detail ?? "") && restarted === null;
    if (waits || selfOf(view)?.certificate?.authority !== to) return null;
    return {
      askedAt: at,
      at: restarted ?? at,
      says: `${by ?? "somebody"} had it signed by another authority (${to})`,
    };
  }
  return null;
}

/** Named before, and not for later, it was it already. */
function wasNamed(view: View, authority: string, before: string): boolean {
  return callsOf(view).some(
    (call) =>
      call.at < before &&
      argument(call, "cACertificateIdentifier") === authority &&
      !deferred.test(call.detail ?? ""),
  );
}

function restartAfter(view: View, at: string): string | null {
  const after = (event: { readonly at: string }): number =>
    (Date.parse(event.at) - Date.parse(at)) / minuteMs;
  const restarts = eventsOf(view, view.evidence.target.name, 24 * 60).filter(
    (event) =>
      /^db instance restarted/i.test(event.message) && after(event) >= 0 && after(event) <= takesMinutes,
  );
  return restarts[0]?.at ?? null;
}

/** Not before it was asked for: who works at an outage changes this and that. */
function leftThen(view: View, { askedAt, at }: Changed): boolean {
  const connections = metricFact(view, "DatabaseConnections");
  const usual = connections === null ? null : usualHigh(connections);
  if (connections === null || usual === null) return false;
  const begin = beginOf(connections, (value) => value <= usual / 2);
  const [afterCall, after] = [askedAt, at].map((one) => (begin.at - Date.parse(one)) / minuteMs);
  return begin.seen && (afterCall ?? 0) >= -slackMinutes && (after ?? 0) <= leftWithin;
}
