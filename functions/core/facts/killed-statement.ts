import { statementText } from "../text/wording.ts";
import { isSaid, recentLogRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

const ended = {
  levels: ["LOG"],
  ofServer: true,
  says: /^(?:background worker ".*"|[a-z ]{1,40} process) \(PID \d+\) /,
};

/**
 * What the process ran that a signal ended, by the newest such line of PostgreSQL's log; null where it says none. The kernel
 * takes the largest process: as a rule the one that asked for too much, and not always.
 * https://github.com/postgres/postgres/blob/master/src/backend/postmaster/postmaster.c, LogChildExit
 */
export function killedStatement(view: View): string | null {
  const texts = recentLogRecords(view.evidence)
    .filter((record) => isSaid(record, ended))
    .flatMap(({ details }) => details.filter(({ level }) => level === "DETAIL"))
    .flatMap(({ text }) => /^Failed process was running: (.+)/.exec(text)?.[1] ?? []);
  return statementText(texts.at(-1) ?? null);
}
