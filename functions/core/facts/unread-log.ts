import type { Missing } from "../contract/evidence.ts";
import type { LogExcerpt } from "../contract/log-excerpt.ts";
import type { Engine } from "../contract/target.ts";
import { parseLogLine } from "../text/log-line.ts";
import { duration, plural } from "../text/wording.ts";
import type { View } from "./view.ts";

/** What rules look back for. */
const windowSeconds = 15 * 60;

/** What of the error logs was there and could not be read (SPEC D7). */
export function unreadLog(view: View): readonly Missing[] {
  const logs = (view.evidence.context?.logs ?? []).filter(({ kind }) => kind === "error");
  return logs.flatMap((log) => [...olderLines(view, log), ...doubtedLines(log), ...unknownForm(view, log)]);
}

/** `error/postgresql.log.2026-11-29-09.csv`. */
const otherForm = /\.(csv|json)$/;

/**
 * Whether nothing of a log can be read: its form is another, its lines do not begin as RDS begins them, or the end that
 * was read holds no message.
 */
export function isUnreadable(log: LogExcerpt, engine: Engine): boolean {
  const { kind, file, lines } = log;
  if (kind !== "error" || engine !== "postgres") return kind === "error" && isInside(log);
  return (
    isInside(log) ||
    otherForm.test(file) ||
    (lines.length > 0 && lines.every((line) => parseLogLine(line, "postgres") === null))
  );
}

/** One statement may go over more lines than are read. */
function isInside({ lines, truncated }: LogExcerpt): boolean {
  return truncated && lines.length === 0;
}

/** The end of a file is read, and of it so many lines are kept: what stood before them within the quarter of an hour was not seen. */
function olderLines({ evidence }: View, log: LogExcerpt): readonly Missing[] {
  if (!log.truncated || log.wholeSince === null) return [];
  const [oldest] = log.lines.flatMap((line) => parseLogLine(line, evidence.target.engine)?.at ?? []);
  const since = log.wholeSince === undefined ? oldest : Date.parse(log.wholeSince) / 1000;
  if (since === undefined) return [];
  const seconds = Math.max(0, Date.parse(evidence.collectedAt) / 1000 - since);
  if (seconds >= windowSeconds) return [];
  const reason = `the log was read back for ${duration(seconds)} only, as it is written that fast: no count of its lines is whole`;
  return [{ what: `older lines of ${log.file}`, reason, howToSee: null }];
}

/** Whether something in a log is not taken for what the server said, and may be it. */
export function isDoubted({ doubted = [], hidden = 0 }: LogExcerpt): boolean {
  return doubted.length > 0 || hidden > 0;
}

function doubtedLines(log: LogExcerpt): readonly Missing[] {
  if (!isDoubted(log)) return [];
  const count = plural((log.doubted?.length ?? 0) + (log.hidden ?? 0), "line");
  const what = `whether ${count} of ${log.file} are the server's own`;
  const reason =
    "a client may have written them, in names that it asked to sign in with or in a statement: nothing is counted by them";
  return [{ what, reason, howToSee: null }];
}

const levels =
  /^(?:DEBUG\d?|INFO|NOTICE|LOG|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE)$/;

/**
 * The texts of PostgreSQL are read in English. A level in other words (FEHLER, ERREUR), or messages of the server's own
 * none of whose words are known, are another language or another prefix.
 */
function unknownForm({ evidence }: View, log: LogExcerpt): readonly Missing[] {
  const what = `what ${log.file} says`;
  const [, form] = otherForm.exec(log.file) ?? [];
  if (form !== undefined) {
    const reason = `it is written as ${form.toUpperCase()}, which is not read`;
    return [{ what, reason, howToSee: "add stderr to log_destination" }];
  }
  if (isInside(log)) {
    const reason = "the end of it that was read is the inside of one statement, or of one report";
    return [{ what, reason, howToSee: null }];
  }
  if (evidence.target.engine !== "postgres") return [];
  const parsed = log.lines.flatMap((line) => parseLogLine(line, "postgres") ?? []);
  if (isUnreadable(log, "postgres")) {
    const howToSee = "set log_line_prefix to %t:%r:%u@%d:[%p]:, as RDS has it";
    return [{ what, reason: "its lines do not begin as RDS begins them", howToSee }];
  }
  const own = parsed.filter(({ client, level }) => client === null && level === "LOG");
  const foreign =
    parsed.some(({ level }) => !levels.test(level)) ||
    (own.length > 0 && own.every(({ text }) => text.startsWith("?")));
  const howToSee = "set lc_messages to C or en_US.UTF-8";
  return foreign ? [{ what, reason: "its messages are in another language than English", howToSee }] : [];
}
