import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";

const hours = 24;

/**
 * RDS keeps binary logs as long as this setting says, and without it only until its own replicas have read them.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-configuring.html
 */
export function shortenBinlogs({ evidence: { target } }: View): readonly ProposedAction[] {
  if (target.flavour !== "rds" || target.engine === "postgres") return [];
  return [
    proposeManual({
      id: "shorten-binlog-retention",
      spec: [],
      risk: "irreversible",
      preview: `CALL mysql.rds_set_configuration('binlog retention hours', ${hours})`,
      describes: `keep binary logs for ${hours} hours at the most`,
      consequence:
        "What is older is removed within minutes. A replica outside RDS or a capture of changes that has not read it yet cannot go on and has to be built anew: look at them first. CALL mysql.rds_show_configuration shows the setting; where it is NULL already, a replica that lags keeps the logs, and this changes nothing.",
    }),
  ];
}
