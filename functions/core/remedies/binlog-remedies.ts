import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";

/**
 * RDS keeps binary logs as long as this setting says, and without it only until its own replicas have read them. No
 * probe sees it, and any number would keep more where it is NULL or smaller: so it is only shown.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-configuring.html
 */
export function shortenBinlogs({ evidence: { target } }: View): readonly ProposedAction[] {
  if (target.engine === "postgres" || target.flavour === "aurora") return [];
  if (target.flavour === "self-managed") return [purgeBinlogs];
  return [
    proposeManual({
      id: "shorten-binlog-retention",
      spec: [],
      risk: "safe",
      preview: "CALL mysql.rds_show_configuration",
      describes: "read how long binary logs are kept",
      consequence:
        "This changes nothing, it shows 'binlog retention hours'. NULL: leave it, any number would keep logs longer; what keeps them is a replica of RDS that has not read them yet. A number: mysql.rds_set_configuration sets a smaller one, and what is older is removed within minutes for good; a replica outside RDS or a capture of changes that has not read it yet cannot go on and has to be built anew, so look at them first.",
    }),
  ];
}

/** The server refuses what a connected replica still needs, and no other reader. https://dev.mysql.com/doc/refman/8.4/en/purge-binary-logs.html */
const purgeBinlogs = proposeManual({
  id: "shorten-binlog-retention",
  spec: [],
  risk: "irreversible",
  preview: "PURGE BINARY LOGS BEFORE NOW() - INTERVAL 1 DAY",
  describes: "remove binary logs that are older than a day",
  consequence:
    "A replica or a capture of changes that is not connected and has not read them cannot go on and has to be built anew; point-in-time recovery needs them from the last backup on. Look at both first. To keep fewer from now on: binlog_expire_logs_seconds.",
});

/**
 * The older half goes with the second call. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.CommonDBATasks.Logs.html
 * https://dev.mysql.com/doc/refman/8.4/en/log-destinations.html
 */
export function rotateLogTables(
  { evidence: { target } }: View,
  tables: readonly string[],
): readonly ProposedAction[] {
  if (target.engine === "postgres") return [];
  return tables.map((table) => {
    const call = `CALL mysql.rds_rotate_${table}`;
    return proposeManual({
      id: "rotate-log-table",
      spec: [],
      risk: "irreversible",
      preview: target.flavour === "self-managed" ? `TRUNCATE TABLE mysql.${table}` : `${call};\n${call}`,
      describes: `empty mysql.${table}`,
      consequence: `What it has logged is gone. ${table === "general_log" ? "Switch general_log off, or log_output to FILE, in the parameter group: it logs every statement, and fills again." : "log_output FILE keeps it out of the tables."}`,
    });
  });
}
