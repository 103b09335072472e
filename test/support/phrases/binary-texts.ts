import { readFileSync } from "node:fs";

/**
 * What MySQL says in its error log, of its errmsg.sys: it follows what is for clients, from number 10000 on. MariaDB's
 * file has none.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
export function errorMessages(file: string): readonly string[] {
  const all = readFileSync(file).toString("utf8").split("\0");
  const first = all.findIndex((text) => text.startsWith("Parser saw: "));
  return first < 0 ? [] : all.slice(first).filter(isMessage);
}

/** What MariaDB says in its error log, which is in no file of messages, as it stands within its program. */
export function programTexts(program: string): readonly string[] {
  const texts =
    readFileSync(program)
      .toString("latin1")
      .match(/[\t\n -~]{16,400}/g) ?? [];
  return texts.filter((text) => isMessage(text) && isLogged.test(text));
}

const isLogged =
  /^(?:InnoDB|Slave|Master|Event Scheduler|Aria|Semi-sync|Start|Aborted|Error|Failed|Could not|Cannot|Can't|Unable|Timeout|Got|Too many|Table|Disk|Out of|Recovery|Recovered|Crash)\b/;

function isMessage(text: string): boolean {
  return (
    text.length > 12 &&
    !/[^\P{Cc}\t\n]|\ufffd/u.test(text) &&
    (text.match(/\b[a-z]{2,}\b/gi)?.length ?? 0) > 2
  );
}
