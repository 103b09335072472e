import { clientsAway, fewerClients } from "./clients-away.ts";
import {
  isSaid,
  type LogHits,
  type LogWords,
  logRecords,
  perMinute,
  recentLogHits,
  recentLogRecords,
} from "./log-lines.ts";
import { metricFact } from "./metric-facts.ts";
import { refusalLevels } from "./refusal-reasons.ts";
import type { View } from "./view.ts";

/**
 * What the servers write about a refused sign-in. MySQL does so with log_error_verbosity 3, MariaDB with
 * log_warnings 2. An IAM token that is expired or not allowed shows as PAM on PostgreSQL.
 */
export const refusedSignIn: LogWords = {
  levels: refusalLevels,
  says: /^(?:(?:password|PAM|SCRAM|LDAP|GSSAPI) authentication failed for user|no pg_hba\.conf entry for .*?user|role|Access denied for user|Password for the account|Host) ["']([^"']{0,128})["'](?:@| *,|$|(?= (?:does not exist|is not permitted to log in|is not allowed to connect)))/,
};

/** A health check is told so each time, for ever: who is harmed by it is missing. */
const fromStrangeHost = /^Host '.*' is not allowed to connect/;

/** Refused sign-ins of clients in the log of the last 15 minutes. Null where there is none, or a scanner's alone. */
export function refusedSignIns(view: View): LogHits | null {
  const missing = fewerClients(view) !== null;
  const records = logRecords(view.evidence).filter(({ text }) => missing || !fromStrangeHost.test(text));
  const hits = recentLogHits(view.evidence, refusedSignIn, records);
  return hits === null || isGuessing(view, hits) ? null : hits;
}

/** As both prefixes of PostgreSQL and MySQL's own words give it. */
const address = /^[\d-]+ [\d:.]+ \w+:([\w.:%-]+)\(\d+\):|'@'([\w.:%-]+)'/;

/**
 * A client tries its own account again; one address that knocks at several within a minute, once at each, is a scanner's.
 * Not while clients stay away: a service that waits longer between its attempts shows once a minute, too.
 */
function isGuessing(view: View, { caught, spanSeconds }: LogHits): boolean {
  if (spanSeconds > 60 || caught.length < 2 || caught.some(({ count }) => count > 1)) return false;
  if (clientsAway(view, null) !== null) return false;
  const from = recentLogRecords(view.evidence)
    .filter((record) => isSaid(record, refusedSignIn))
    .map(({ line }) => address.exec(line)?.slice(1).find(Boolean) ?? null);
  return from[0] !== null && new Set(from).size === 1;
}

/** What anybody tries who knows nobody there. */
const guessed =
  /^(?:root|admin|administrator|test|guest|user|mysql|mariadb|mariadb\.sys|sa|dbadmin|backup|oracle|postgres|www|wordpress|\d{0,4})$/i;
const noSuchRole = /^(?:[Rr]ole "[^"]{0,128}" does not exist)/;
/** https://www.rfc-editor.org/rfc/rfc6890 */
const ofOwnNetwork =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^(?:::1$|f[cd]|fe[89ab])/i;
const anyAddress = /^(?:\d{1,3}\.){3}\d{1,3}$|^[\da-f]{0,4}:[\da-f:.]{1,40}$/i;
/** So many keep a server busy, whoever they are. */
const guessesPerMinute = 60;

/**
 * From the internet, under several names that nobody has here, as far as the server tells, while nobody of its own is
 * missing: a port that is open to all is knocked at for ever.
 */
export function areGuesses(view: View, hits: LogHits): boolean {
  if (hits.caught.length < 2 || perMinute(hits) >= guessesPerMinute) return false;
  if (metricFact(view, "DatabaseConnections") === null) return false;
  if (clientsAway(view, null) !== null || fewerClients(view) !== null) return false;
  return recentLogRecords(view.evidence)
    .filter((record) => isSaid(record, refusedSignIn))
    .every(({ line, text, details }) => {
      const from = address.exec(line)?.slice(1).find(Boolean) ?? "";
      const isNobody = [text, ...details.map((detail) => detail.text)].some((says) => noSuchRole.test(says));
      const name = refusedSignIn.says.exec(text)?.[1] ?? "";
      const mayBeNobody = view.evidence.target.engine !== "postgres" && guessed.test(name);
      return (isNobody || mayBeNobody) && anyAddress.test(from) && !ofOwnNetwork.test(from);
    });
}

const stubbornSeconds = 5 * 60;
const pauseSeconds = 2 * 60;
const several = 5;

/** One account again and again, for minutes and without a pause: nobody mistypes like that, a client does. */
export function isStubborn({ times, spanSeconds, caught }: LogHits): boolean {
  const pauses = times.slice(1).map((at, before) => at - (times[before] ?? at));
  const most = caught[0]?.count ?? 0;
  return spanSeconds >= stubbornSeconds && most >= several && Math.max(...pauses) <= pauseSeconds;
}
