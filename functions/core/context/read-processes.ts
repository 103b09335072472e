import { belongsToMessage, type LogLine, parseLogLine } from "../text/log-line.ts";

/** A record of PostgreSQL's log as it was read, with its values. */
export interface ReadRecord {
  readonly text: string;
  /** A client may have made it. */
  readonly doubted: boolean;
}

/** A message of a process; `place` is its record's. */
export interface Said extends LogLine {
  readonly process: string;
  readonly place: number;
  readonly doubted: boolean;
}

/** What is made of a log, process by process, from its first record to its last. */
export interface ProcessReader {
  /** A process says something, or may have: it waits no more for what it waited for. */
  readonly ends?: (process: string, place: number) => void;
  /** Nobody waits any more who waited before. */
  readonly begunAnew?: () => void;
  readonly says: (said: Said) => void;
  /** A line that belongs to the message before it of the same process. */
  readonly adds: (line: LogLine) => void;
}

/** Said by the server's own. */
const begunAnew =
  /^(?:all server processes terminated|terminating any other active|database system is (?:ready|shut down)|starting PostgreSQL)/;

/** Says of each record whose it is, and what it means for those who wait. */
export function readProcesses(records: readonly ReadRecord[], reader: ProcessReader): void {
  records.forEach(({ text, doubted }, place) => {
    const line = parseLogLine(text, "postgres");
    if (line === null) {
      // Whose it is cannot be told: whoever it may be of waits no more for sure.
      for (const [, process = ""] of text.slice(0, 1000).matchAll(/:\[(\d{1,10})\]:/g))
        reader.ends?.(process, place);
    } else if (belongsToMessage.test(line.level)) reader.adds(line);
    else if (line.process !== null) {
      reader.ends?.(line.process, place);
      if (line.client === null && begunAnew.test(line.text)) reader.begunAnew?.();
      reader.says({ ...line, process: line.process, place, doubted });
    }
  });
}

/** Whether somebody waits by what a log says: most logs are of nothing else. */
export function tellsOfWaits(records: readonly ReadRecord[]): boolean {
  return records.some(({ text }) => text.includes(" still waiting for "));
}
