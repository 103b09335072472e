import type { RdsEvent } from "../contract/context.ts";
import { dayMinutes, isExplained, isNear, togetherMinutes } from "./beside-restart.ts";
import { doubtedCause, hasBegunSince, isDownSince, type LoggedCause, logCause } from "./logged-restart.ts";
import { bareMinimum, memoryOf } from "./memory.ts";
import { metricFact } from "./metric-facts.ts";
import { samplesOf } from "./metric-levels.ts";
import { bytesText, eventsOf, inCategory, minutesSince, selfOf } from "./rds-facts.ts";
import { eventCauses, type RestartCause, recovered, restartCalls } from "./restart-causes.ts";
import type { View } from "./view.ts";

export interface Restart {
  /** Of its last word: came up again, or still down. */
  readonly minutes: number;
  readonly underWay: boolean;
  /** Null: nothing that was seen tells. */
  readonly cause: RestartCause | null;
  /** That it restarted is told by lines of the log alone that a client may have written: what they say. `cause` is null. */
  readonly doubted?: string;
  /** Within a day, this one too. */
  readonly times: number;
  /** Seconds ago, by the log alone, which no action rests on. */
  readonly loggedAges?: readonly number[];
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
}

/**
 * Of a change of an instance: the server restarts for a new certificate, unless its engine can do without.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html
 */
const newCertificate = /\bcACertificateIdentifier=/;

/** One that began longer ago and was never said to have ended has ended: events may be lost. */
const slowMinutes = 15;

const isRestart =
  /^db instance (shutdown|restarted)|^error restarting|recovery of the db instance|^multi-az instance recovery|restarting (mysql|postgres|database)/i;
const isUp = /restarted\b|recovery of the db instance is complete|multi-az instance recovery completed/i;

/** By RDS's events, or by the engine's log where that is newer. Null: none, or a failover, which tells itself. */
export function restartOf(view: View, id: string): Restart | null {
  const own = id === view.evidence.target.name;
  const logged = own ? fromLog(view) : null;
  const events = eventsOf(view, id, dayMinutes);
  const words = events.filter(({ message }) => isRestart.test(message));
  const [newest] = words;
  const isNews =
    newest === undefined ||
    (logged !== null && minutesSince(view, newest.at) > logged.minutes + togetherMinutes);
  if (isNews) return logged;
  if (isExplained(view, id, Date.parse(newest.at))) return null;
  const near = events.filter((event) => isNear(event, Date.parse(newest.at)));
  const minutes = minutesSince(view, newest.at);
  const first = near.findLast(({ message }) => isRestart.test(message)) ?? newest;
  // Somebody got in, whatever events that come late say.
  const inside = own && view.evidence.connection.status === "connected";
  const cause = causeOf(view, id, near, first);
  return {
    minutes,
    underWay: !inside && !isUp.test(newest.message) && minutes <= slowMinutes,
    cause,
    times: timesIn(words),
    loggedAges: own ? crashAges(view) : [],
    evidence: [
      ...words.slice(0, 5).map(({ at, message }) => ({ source: "DescribeEvents", says: `${at} ${message}` })),
      ...(own ? lineOf(view, cause) : []),
    ],
  };
}

/** Of one crash RDS says both, minutes apart: that it restarted, and that its recovery is complete. The same word again is another. */
function timesIn(words: readonly RdsEvent[]): number {
  let times = 0;
  let said = new Map<string, RdsEvent>();
  for (const event of words) {
    const word = isUp.exec(event.message)?.[0].toLowerCase();
    if (word === undefined) continue;
    const [first] = said.values();
    const goesOn = first !== undefined && !said.has(word) && isNear(event, Date.parse(first.at));
    if (!goesOn) times += 1;
    said = new Map([...(goesOn ? said : []), [word, event]]);
  }
  return Math.max(1, times);
}

function causeOf(view: View, id: string, near: readonly RdsEvent[], first: RdsEvent): RestartCause | null {
  const called = callBefore(view, id, first);
  if (called !== null) return called;
  const row = eventCauses.find(({ pattern, category }) =>
    near.some((event) => pattern.test(event.message) && (category === null || inCategory(event, category))),
  );
  const told = row === undefined ? null : { ...row.cause, says: row.says };
  if (id !== view.evidence.target.name || told?.announced || told?.is === "lag") return told;
  const logged = logCause(view)?.cause ?? null;
  const isOpen = (logged === null || logged.says === recovered) && (told === null || told.is === "host");
  // What the engine wrote is nearer to the cause than that RDS had to recover it, and what a client may have written is
  // farther than anything else.
  return (isOpen ? lowBefore(view, first) : null) ?? logged ?? told ?? unsure(doubtedCause(view));
}

function unsure(found: LoggedCause | null): RestartCause | null {
  return found === null ? null : { is: "unsure", announced: false, says: found.cause.says };
}

/** The line of the log that tells the cause, and one that tells another and may be a client's. */
function lineOf(view: View, cause: RestartCause | null): Restart["evidence"] {
  const [sure, doubted] = [logCause(view), doubtedCause(view)];
  return [
    ...(sure !== null && sure.cause.says === cause?.says ? [{ source: "log", says: sure.line }] : []),
    ...(doubted === null
      ? []
      : [{ source: "doubted lines", says: `a client may have written: ${doubted.line}` }]),
  ];
}

function callBefore(view: View, id: string, first: RdsEvent): RestartCause | null {
  const call = (view.evidence.context?.changes ?? []).find(({ source, what, at, error, detail }) => {
    const before = (Date.parse(first.at) - Date.parse(at)) / 60_000;
    const ofAnother = /dBInstanceIdentifier=/i.test(detail ?? "") && !(detail ?? "").includes(id);
    return (
      source === "cloudtrail" &&
      error === null &&
      (restartCalls.test(what) || (what === "ModifyDBInstance" && newCertificate.test(detail ?? ""))) &&
      !ofAnother &&
      before >= -2 &&
      before <= togetherMinutes
    );
  });
  if (call === undefined) return null;
  const why = newCertificate.test(call.detail ?? "") ? ", for a certificate of another authority" : "";
  return { is: "person", announced: true, says: `${call.by ?? "somebody"} called ${call.what}${why}` };
}

/**
 * A crash of PostgreSQL's sessions restarts the engine within seconds, and RDS may say nothing of it. Where RDS says that
 * its storage is full it has stopped it, and nothing has restarted.
 */
function fromLog(view: View): Restart | null {
  const sure = logCause(view);
  const found = sure ?? doubtedCause(view);
  if (found === null) return null;
  const { target, collectedAt } = view.evidence;
  if (isExplained(view, target.name, Date.parse(collectedAt) - found.age * 1000)) return null;
  if (found.cause.is === "storage" && selfOf(view)?.status === "storage-full") return null;
  const minutes = Math.round(found.age / 60);
  return {
    minutes,
    underWay: minutes <= slowMinutes && isDownSince(view, found.line),
    times: 1,
    loggedAges: crashAges(view),
    evidence: sure === null ? [{ source: "log", says: found.line }] : lineOf(view, sure.cause),
    ...(sure === null && !hasBegunSince(view, found.age)
      ? { cause: null, doubted: found.cause.says }
      : { cause: sure?.cause ?? unsure(found) }),
  };
}

/** Of crashes by the engine's own lines, and of no failover and no restore. */
function crashAges(view: View): readonly number[] {
  const { target, collectedAt } = view.evidence;
  const at = (age: number): number => Date.parse(collectedAt) - age * 1000;
  return (logCause(view)?.ages ?? []).filter((age) => !isExplained(view, target.name, at(age)));
}

/** Of the class's memory: the small ones have little left on any day. */
const nothingLeft = 0.02;

/** The restart itself freed the memory again; what there was at the least before it tells. */
function lowBefore(view: View, first: RdsEvent): RestartCause | null {
  const free = metricFact(view, "FreeableMemory");
  if (free === null) return null;
  const from = Date.parse(first.at) - togetherMinutes * 60_000;
  const lowest = Math.min(...samplesOf(free).flatMap(({ until, value }) => (until >= from ? value : [])));
  const limit = Math.min(bareMinimum, nothingLeft * (memoryOf(view) ?? Number.POSITIVE_INFINITY));
  if (lowest > limit || free.latest < 2 * lowest) return null;
  return { is: "memory", announced: false, says: `memory was down to ${bytesText(lowest)} shortly before` };
}
