import { crashStatement } from "../text/crash-statement.ts";
import { foreignKeyLookup } from "../text/foreign-key-lookup.ts";
import { lastNumber } from "../text/last-number.ts";
import type { SqlDialect } from "../text/lex-sql.ts";
import { type LogLine, parseLogLine } from "../text/log-line.ts";
import { normaliseQuery } from "../text/normalise-query.ts";
import { type RoutineFrame, routineFrame } from "../text/routine-frame.ts";
import { hideValues } from "./hide-log-values.ts";

/** What the lines around it say of a message and of its details. */
export interface Beside {
  /** By RAISE, in an application's own words. */
  readonly raised: boolean;
  /** Its statement could not be parsed: nothing tells its code from its values. */
  readonly unparsed: boolean;
}

const plain: Beside = { raised: false, unparsed: false };

/**
 * A record of an error log without values; "" for one that tells nothing without them. What the servers' own words are
 * is known, and nothing else stays.
 */
export function cleanRecord(record: string, dialect: SqlDialect, beside: Beside = plain): string {
  const line = parseLogLine(record, dialect);
  if (dialect !== "postgres") return line === null ? "" : `${oneLine(line.head)} ${mysqlText(line.text)}`;
  if (line === null) return unknownRecord(record);
  const code = line.head.includes(`:${line.code}:`) || line.code === null ? "" : `${line.code}: `;
  return `${oneLine(line.head)} ${code}${postgresText(line, beside)}`;
}

/** Its time stays, so that whoever reads the log sees that there is something that it cannot read. */
function unknownRecord(record: string): string {
  const [time] = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?/.exec(record) ?? [];
  return time === undefined ? "" : `${time} ?`;
}

function postgresText({ level, text, client }: LogLine, { raised, unparsed }: Beside): string {
  switch (level) {
    case "STATEMENT":
    case "QUERY":
      return unparsed ? "?" : normaliseQuery(text, "postgres");
    case "DETAIL":
      return raised ? hidden(text, false) : detailText(text);
    case "CONTEXT":
      return contextText(text);
    case "LOG":
      return raised ? hidden(text, false) : logText(text, client === null);
    case "LOCATION":
    case "ERROR":
    case "FATAL":
    case "PANIC":
    case "WARNING":
    case "NOTICE":
    case "HINT":
      return hidden(text, !raised);
    default:
      // lc_messages is another language, or it is for developers.
      return "?";
  }
}

/** "column u.emial does not exist": names of the statement that stand without quotes. */
const missingName =
  /^(?:column|function|procedure|aggregate) [A-Za-z_][\w.$]{0,127}(?:\([\w ,]{0,200}\))? does not exist\b/;

function hidden(text: string, names: boolean, numbers: boolean = false, phrases: boolean = names): string {
  const [kept = ""] = (names ? missingName.exec(text) : null) ?? [];
  return oneLine(kept + hideValues(text.slice(kept.length), { names, numbers, phrases }));
}

/**
 * Statements that are logged whole, with auto_explain's before its plan; what pgaudit writes is a statement, too.
 * https://www.postgresql.org/docs/current/runtime-config-logging.html
 */
const statement =
  /^((?:duration: [\d.]+ ms\s+)?(?:statement|(?:execute|parse|bind)(?: fetch from)? [\w<>$./-]{1,128}): )([\s\S]*)$/;
const plan = /^(duration: [\d.]+ ms\s+plan:)\s+(?:Query Text: ([\s\S]*))?/;
const audit = /^AUDIT: (?:SESSION|OBJECT),\d+,\d+,[A-Z]+,[A-Z ]+,/;

/** pg_cron's, of what another session was answered. */
const passedOn = /^cron job \d+:? ?(?!(?:COMMAND )?completed|starting|connection)/;
function logText(text: string, ofServer: boolean): string {
  const [, head, sql] = statement.exec(text) ?? [];
  if (head !== undefined && sql !== undefined) return `${oneLine(head)} ${normaliseQuery(sql, "postgres")}`;
  const [, planned, query] = plan.exec(text) ?? [];
  if (planned !== undefined) return `${oneLine(planned)} ${normaliseQuery(query ?? "?", "postgres")}`;
  const [audited] = audit.exec(text) ?? [];
  return audited === undefined
    ? hidden(text, true, ofServer && !passedOn.test(text), !passedOn.test(text))
    : `${audited}?`;
}

/** Numbers of processes, of whom log_lock_waits tells, and none that is as long as a number of somebody. */
const lockQueue =
  /^Process(?:es)? holding the lock: \d{1,7}(?:, \d{1,7})*\. Wait queue: \d{1,7}(?:, \d{1,7})*\.$/;

/** `Key (email)=(a@example.com) already exists.`, `Failing row contains (1, a).`; a deadlock's ends with the statements of both. */
const ofRow = /^(?:Key|Partition key of the failing row contains|line \d+:|Token) /;
function detailText(text: string): string {
  const [, ran] = /^Failed process was running:\s([\s\S]*)$/.exec(text) ?? [];
  if (ran !== undefined) return `Failed process was running: ${normaliseQuery(ran, "postgres")}`;
  if (lockQueue.test(text)) return text;
  if (text.startsWith("Failing row contains ")) return "Failing row contains (?).";
  const [, columns, rest] = /^Key (\([\w, ".]+\))=\([\s\S]*\)( [\s\S]*)$/.exec(text) ?? [];
  if (columns !== undefined && rest !== undefined)
    return `Key ${columns}=(?)${hidden(rest, true)}`.replace("(?)", "(?) ");
  const [waits = "", ...statements] = text.split(/(?=\bProcess \d+: )/);
  return oneLine([hidden(waits, true, false, !ofRow.test(waits)), ...statements.map(ofProcess)].join(" "));
}

function ofProcess(text: string): string {
  const [, who = "", sql = ""] = /^(Process \d+: )([\s\S]*)$/.exec(text) ?? [];
  return who + normaliseQuery(sql, "postgres");
}

const plainName = /^[\w.$]{1,200}(?:\([\w ,.[\]]{0,200}\))?$/;

/** Behind it stand a statement or values, which may go over lines and say anything. */
const quotes =
  /^(?:(?:SQL statement|SQL expression|PL\/pgSQL assignment) "|remote SQL command: |COPY |JSON data, |.{0,80} with parameters: )/;

/** A line for each level, the innermost first. Who said it has to stay, whatever the name of a routine is. */
function contextText(text: string): string {
  const shown: string[] = [];
  let inside = false;
  for (let rest = text.trimStart(); rest !== ""; ) {
    const { frame, line, lookup, begins, behind } = beginningOf(rest, inside);
    if (frame !== null) shown.push(frameText(frame));
    if (frame !== null || !inside) shown.push(lookup ?? hidden(line, frame === null && !begins));
    inside = begins || (inside && frame === null);
    rest = behind.slice(line.length).trimStart();
  }
  return oneLine(shown.join(" "));
}

/** A frame where one begins, the rest of the line, and whether it begins a statement, or is a look-up of the server's own. */
function beginningOf(rest: string, inside: boolean) {
  const frame = frameAt(rest, inside);
  const behind = rest.slice(frame?.whole.length ?? 0);
  const [line = ""] = /^[^\n]*/.exec(behind) ?? [];
  const lookup = frame === null && !inside ? foreignKeyLookup(line) : null;
  return { frame, behind, line, lookup, begins: frame === null && lookup === null && quotes.test(line) };
}

/** Within a statement a name alone makes no frame: it would show what may be a value. */
function frameAt(text: string, inside: boolean): RoutineFrame | null {
  const frame = routineFrame(text);
  return inside && frame?.language === "pgSQL" && frame.place === "" ? null : frame;
}

function frameText({ language, name, place }: RoutineFrame): string {
  const called = name === "" || !plainName.test(name) ? "?" : name;
  return `PL/${language} function ${called}${place}`;
}

/** Replication errors of MySQL quote the statement; a value may say "Query:", too, and no verb behind it. */
const quotedStatement =
  /^([\s\S]*?\b(?:Statement|Query): )'?((?:insert|update|delete|replace|alter|create|drop|truncate|rename|load)\b[\s\S]*)$/i;
const duplicateEntry = /\bDuplicate entry '([\s\S]*)' for key/;
const quotedError = /\bError '([\s\S]*)' on query\./;
/** `Event Scheduler: [definer@host][schema.event] …`, with a point between where it says that it failed. */
const ofScheduler = /^(Event Scheduler: )\[[^\]]{0,255}\]\.?\[([\w$-]{1,64}\.[\w$-]{1,64})\]/;
/** `unknown variable 'name=value'`. */
const ofVariable = /^(unknown variable '[\w.-]{1,128})=[\s\S]*$/;
/** What the source answered. */
const ofSource = /^(.{0,200}reading data from binary log: )'([\s\S]*)'(, (?:Error_code|Internal)[\s\S]*)$/;
/** What an event or a replicated statement was answered may be what an application signals, in its own words. */
const quotesAnswer =
  /^Event Scheduler: [[`]|\bon query\.|\b(?:Error_code|error code): |\bError '|\bCould not execute \w+ event on table /;
const eventsTable = /\bevent on table ([\w$]+\.[\w$]+);/;

function mysqlText(text: string): string {
  const [crashed, ran] = crashStatement(text) ?? [];
  if (crashed !== undefined && ran !== undefined)
    return `${mysqlText(crashed)} Query in it: ${normaliseQuery(ran, "mysql")}`;
  const [, prefix, sql] = quotedStatement.exec(text) ?? [];
  const own = (prefix ?? text)
    // "Error: code 4711" would be a code of the server's.
    .replace(quotedError, "Error is: $1 on query.")
    .replace(duplicateEntry, (all, value) => (lastNumber.test(value) ? all : "Duplicate entry '?' for key"))
    .replace(ofScheduler, "$1`$2`")
    .replace(ofVariable, "$1'")
    .replace(ofSource, "$1$2$3")
    .replace(eventsTable, "event on table `$1`;");
  const shown = hidden(own, true, false, !quotesAnswer.test(own));
  return sql === undefined ? shown : `${shown} ${normaliseQuery(sql, "mysql")}`;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
