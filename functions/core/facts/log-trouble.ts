import type { CauseId } from "../contract/cause-ids.ts";
import type { Severity } from "../contract/finding.ts";
import type { LogRecord, LogWords } from "./log-lines.ts";
import type { View } from "./view.ts";

/** From how many on within a quarter of an hour, or a minute, it is no slip; and from how many sessions. */
interface Weight {
  readonly least?: number;
  readonly perMinute?: number;
  readonly sessions?: number;
  /** Seconds from the first to the last: a moment's are none. */
  readonly lasting?: number;
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
  /** Where RDS's own sessions are told so, it is nobody's trouble. */
  readonly ofClients?: boolean;
  /** What the server logs when it is over. */
  readonly ends?: RegExp;
  /** Said once, and so until it is over, whatever its age. */
  readonly stands?: true;
  /** What says that it is none, or not as grave. */
  readonly unless?: (view: View, seen: { readonly agoSeconds: number }) => boolean;
  /** Whoever tells its cause at all, tells this too. */
  readonly yields?: boolean;
}

export const once: Weight = { least: 1 };
export const few: Weight = { least: 3 };
export const often: Weight = { perMinute: 10, lasting: 180, alone: true };
/** With what each of them alone may have by chance. */
export const steady: Weight = { perMinute: 2, sessions: 3 };
/** Of a broken release each call fails; a person's script and a monitor make fewer, from one session. */
export const flood: Weight = { perMinute: 30, sessions: 3 };

type More = Partial<Omit<LogTrouble, "cause" | "says" | "means" | keyof Weight>> & Pick<Weight, "alone">;

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

/** Past that, it may have been mended since. */
export const isOld = (_: View, { agoSeconds }: { readonly agoSeconds: number }) => agoSeconds > 150;

export const anyLevel = ["LOG", "WARNING", "ERROR", "FATAL", "PANIC"];

export const detailOf = ({ details }: LogRecord, wanted: string) =>
  details.find(({ level }) => level === wanted)?.text ?? "";
