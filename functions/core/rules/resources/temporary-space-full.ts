import type { Severity } from "../../contract/finding.ts";
import { freeLocalText, keepsFilesApart } from "../../facts/local-storage.ts";
import { type LogWords, recentLogHits } from "../../facts/log-lines.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { bytesText } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { dominantStatement } from "../../facts/workload.ts";
import { type MysqlSpaceRow, mysqlSpaceRows } from "../../probes/mysql/space/rows.ts";
import { shrinkTemporarySpace } from "../../remedies/temporary-space-remedies.ts";
import { describeSession, duration, plural } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { temporaryFilesDraft } from "./temporary-files-draft.ts";

const source = mysqlSpaceRows.id;
const nearlyFull = 0.9;
const recentSeconds = 15 * 60;
/** MySQL and MariaDB say both of temporary tables and of files in tmpdir; the place tells them from a user's table. */
export const noTemporarySpace: LogWords = {
  levels: ["ERROR", "WARNING"],
  says: /^(?:[\w./?-]{0,200}(?:mysqld|mariadbd): )?(?:The table '(?:[^']*\/)?#sql[^'/]*' is full|The table '\/[^']*\/tmp\/[^']*' is full|Incorrect key file for table '(?:[^']*\/tmp\/|#sql)|(?:The InnoDB temporary tablespace|Tablespace innodb_temporary) ran out of space|Write to file (?:\(|\S*(?:ibtmp|\/tmp\/)).{1,200} error number 28\b|Error writing file '[^']*(?:\/tmp\/|MY\w+)[^']*' \(.*\b28\b)/,
};

/** Statements that sort, group or build a temporary table fail, and others go on. */
export const temporarySpaceFull = defineRule({
  id: "temporary-space-full",
  spec: ["D4", "P28", "M3"],
  category: "resources",
  title: "Space for temporary tables and files is used up, and statements that need it fail",
  needs: ["mysql-space", "FreeLocalStorage", "error log"],
  evaluate: (view) => {
    const row = view.rows(mysqlSpaceRows)?.[0] ?? null;
    const refused = view.evidence.target.engine === "postgres" ? null : refusedIn(view, row);
    const used = row === null || view.evidence.target.engine === "mysql" ? 0 : shareOf(row);
    const full = used >= 1;
    if (refused === null && used < nearlyFull) return temporaryFilesDraft(view);
    const severity: Severity = refused !== null || full ? "P2" : "P3";
    return [draftOf(view, { row, refused, severity, full })];
  },
});

/**
 * Of the tablespace's own limit; without one it grows as long as there is room on the volume. MySQL 9 was seen to grow
 * far beyond the limit: there only what was refused proves anything.
 */
function shareOf({ temporary }: MysqlSpaceRow): number {
  if (temporary === null || temporary.maxBytes === null || temporary.bytes > temporary.maxBytes) return 0;
  return temporary.bytes / temporary.maxBytes;
}

interface Refused {
  readonly source: string;
  readonly says: string;
}

function refusedIn(view: View, row: MysqlSpaceRow | null): Refused | null {
  const logged = recentLogHits(view.evidence, noTemporarySpace);
  if (logged !== null) {
    return { source: "error log", says: `${plural(logged.count, "line")} in 15 min: ${logged.newest}` };
  }
  const refusal = row?.refusals?.find(
    ({ errno, secondsAgo }) => errno === 1114 && secondsAgo <= recentSeconds,
  );
  // 1114 is also said of a MEMORY table at its own limit: only with the tablespace full is it about temporary space.
  if (refusal === undefined || row === null || shareOf(row) < nearlyFull) return null;
  const { count, secondsAgo } = refusal;
  return { source, says: `error 1114 ${count} times since the start, the last ${duration(secondsAgo)} ago` };
}

interface Seen {
  readonly row: MysqlSpaceRow | null;
  readonly refused: Refused | null;
  readonly severity: Severity;
  readonly full: boolean;
}

function draftOf(view: View, { row, refused, severity, full }: Seen): FindingDraft {
  const temporary = row?.temporary ?? null;
  const size =
    temporary === null
      ? "Temporary space"
      : `The temporary tablespace (${bytesText(temporary.bytes)}${temporary.maxBytes === null ? "" : ` of ${bytesText(temporary.maxBytes)}`})`;
  const free = keepsFilesApart(view) ? metricFact(view, "FreeLocalStorage") : null;
  const room = free === null ? "" : ` (the instance's own storage: ${freeLocalText(free)})`;
  const standing = full || refused !== null ? "is full" : "is nearly full";
  return {
    subject: "",
    severity,
    confidence: refused === null ? 0.8 : 0.9,
    summary: `${size} ${standing}: ${refused === null ? "statements that need more of it fail with 1114" : "statements fail with 1114, The table is full"}${room}${suspectText(view, row)}`,
    evidence: [...(refused === null ? [] : [refused]), ...takersText(view, row)],
    explains:
      refused === null
        ? []
        : [{ cause: "error-storm", because: "statements that need temporary space fail" }],
    actions: shrinkTemporarySpace(view),
  };
}

/** Nobody looked inside: what makes most of the load, and collects rows before it gives any. */
function suspectText(view: View, row: MysqlSpaceRow | null): string {
  const most = row === null ? dominantStatement(view) : null;
  return most === null ||
    most.percent < mostPercent ||
    !collects.test(most.query) ||
    /\blimit\b/i.test(most.query)
    ? ""
    : `; perhaps by what makes ${Math.round(most.percent)} % of the load: ${most.query}`;
}

const mostPercent = 50;
const collects = /\b(?:group\s+by|order\s+by|distinct|union|over\s*\()/i;

function takersText(view: View, row: MysqlSpaceRow | null): FindingDraft["evidence"] {
  return (row?.temporarySessions ?? []).slice(0, 3).map(({ id, bytes }) => {
    const session = view.sessions?.find((one) => one.id === id);
    const who =
      session === undefined ? `connection ${id}` : describeSession(session, view.evidence.target.engine);
    return { source, says: `${who} has ${bytesText(bytes)} of temporary tables` };
  });
}
