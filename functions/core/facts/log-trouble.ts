import type { CauseId } from "../contract/cause-ids.ts";
import type { Severity } from "../contract/finding.ts";
import type { LogRecord, LogWords } from "./log-lines.ts";

/** From how many on within a quarter of an hour, or a minute, it is no slip; and from how many sessions. */
interface Weight {
  readonly least?: number;
  readonly perMinute?: number;
  readonly sessions?: number;
  /** Where nothing else is found that is serious: as a rule it comes of something. */
  readonly alone?: boolean;
}

/** What a message of PostgreSQL's log comes from, whoever else saw it. */
export interface LogTrouble extends LogWords, Weight {
  readonly cause: CauseId;
  /** What it is, and behind "; " what to do. */
  readonly means: string;
  readonly severity?: Severity;
  /** Only at a reader, or anywhere else. */
  readonly reader?: boolean;
  /** What the message with the lines that belong to it has to be, too. */
  readonly when?: (record: LogRecord) => boolean;
}

export const once: Weight = { least: 1 };
export const few: Weight = { least: 3 };
export const often: Weight = { perMinute: 10, alone: true };
/** Of a broken release each call fails; a person's script and a monitor make fewer, from one session. */
export const flood: Weight = { perMinute: 30, sessions: 3 };

type More = Partial<Pick<LogTrouble, "levels" | "ofServer" | "severity" | "reader" | "when" | "alone">>;

/** Said to a client, unless told otherwise. */
export function trouble(
  weight: Weight,
  cause: CauseId,
  says: RegExp,
  means: string,
  more: More = {},
): LogTrouble {
  return { levels: ["ERROR", "FATAL"], cause, says, means, ...weight, ...more };
}

export const anyLevel = ["LOG", "WARNING", "ERROR", "FATAL", "PANIC"];

export const detailOf = ({ details }: LogRecord, wanted: string) =>
  details.find(({ level }) => level === wanted)?.text ?? "";
