import { binlogsKeptSeconds, type LogSpace, logsThatFill, logTablesOn } from "../../facts/log-space.ts";
import { bytesText, fromOutside, percentText } from "../../facts/rds-facts.ts";
import { spaceOf } from "../../facts/storage-space.ts";
import type { View } from "../../facts/view.ts";
import { mysqlReplicationRows } from "../../probes/mysql/replication/replication-rows.ts";
import { mysqlSpaceRows } from "../../probes/mysql/space/rows.ts";
import { rotateLogTables, shortenBinlogs } from "../../remedies/binlog-remedies.ts";
import { duration, list } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/** What fills a volume that runs out, where it is the engine's own logs (MySQL, MariaDB). */
export const logOrBinlogFillsStorage = defineRule({
  id: "log-or-binlog-fills-storage",
  spec: ["D4", "P26"],
  category: "resources",
  title: "Binary logs, undo or log tables fill the storage",
  needs: ["FreeStorageSpace", "BinLogDiskUsage", "mysql-space"],
  evaluate: (view) => {
    const { share, left } = spaceOf(view);
    const scarce = share !== null && share <= view.thresholds.storageFreePercent;
    if (!scarce && (left === null || left > soonSeconds)) return [];
    const logs = logsThatFill(view);
    const tables = logTablesOn(view);
    if (logs.length === 0 && !tables.includes("general_log")) return [];
    return [draftOf(view, logs, tables)];
  },
});

/** As storage-low has it. */
const soonSeconds = 3600;

function draftOf(view: View, logs: readonly LogSpace[], tables: readonly string[]): FindingDraft {
  const { free, share } = spaceOf(view);
  const left = free === null ? "" : `, and ${bytesText(free.latest)} are free`;
  const severity = share !== null && share <= view.thresholds.storageCriticalPercent ? "P2" : "P3";
  const [first] = logs;
  const summary =
    first === undefined
      ? `general_log writes every statement into a table${left}; how large that is, no view tells`
      : `${list(logs.map(textOf))} of the volume's storage${left}`.replace(/^b/, "B").replace(/^u/, "U");
  return {
    subject: "",
    severity,
    confidence: fromOutside(view, first === undefined ? 0.5 : 0.85),
    summary,
    evidence: [
      ...logs.map(({ source, says, bytes }) => ({ source, says: `${bytesText(bytes)}: ${says}` })),
      ...keptText(view),
      ...(tables.length === 0
        ? []
        : [
            {
              source: mysqlSpaceRows.id,
              says: `${list(tables)} is written into a table, whose size no view tells`,
            },
          ]),
    ],
    explains: [{ cause: "storage-low", subject: "", because: "it is what takes the room" }],
    actions: [
      ...(logs.some(({ what }) => what === "binlogs") ? shortenBinlogs(view) : []),
      ...rotateLogTables(view, tables),
    ],
  };
}

function textOf({ what, bytes, percent }: LogSpace): string {
  const share = percent === null ? "" : ` (${percentText(percent)})`;
  return `${what === "binlogs" ? "binary logs take" : "undo tablespaces take"} ${bytesText(bytes)}${share}`;
}

/** Why they are there: how long they are kept, and who may not have read them. */
function keptText(view: View): FindingDraft["evidence"] {
  const kept = binlogsKeptSeconds(view);
  const replicas = view.rows(mysqlReplicationRows) ?? [];
  return [
    ...(kept === null
      ? []
      : [{ source: "mysql-settings", says: `binlog_expire_logs_seconds keeps them for ${duration(kept)}` }]),
    ...(replicas.length === 0
      ? []
      : [{ source: mysqlReplicationRows.id, says: "it is itself a replica, which writes them for its own" }]),
  ];
}
