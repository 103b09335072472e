import { statementText } from "../text/wording.ts";
import { isSaid, type LogWords, recentLogRecords } from "./log-lines.ts";
import { aProcess } from "./restart-causes.ts";
import type { View } from "./view.ts";

export const endedProcess: LogWords = { levels: ["LOG"], ofServer: true, says: new RegExp(aProcess) };

/**
 * What the process ran that a signal ended, by the newest such line of PostgreSQL's log; null where it says none. The kernel
 * takes the largest process: as a rule the one that asked for too much, and not always.
 * https://github.com/postgres/postgres/blob/master/src/backend/postmaster/postmaster.c, LogChildExit
 */
export function killedStatement(view: View): string | null {
  const texts = recentLogRecords(view.evidence)
    .filter((record) => isSaid(record, endedProcess))
    .flatMap(({ details }) => details.filter(({ level }) => level === "DETAIL"))
    .flatMap(({ text }) => /^Failed process was running: (.+)/.exec(text)?.[1] ?? []);
  return statementText(texts.at(-1) ?? null);
}
