import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { View } from "../facts/view.ts";

/**
 * RDS keeps binary logs as long as this setting says, and without it only until its own replicas have read them. No
 * probe sees it, and any number would keep more where it is NULL or smaller: so it is only shown.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-configuring.html
 */
export function shortenBinlogs({ evidence: { target } }: View): readonly ProposedAction[] {
  if (target.flavour !== "rds" || target.engine === "postgres") return [];
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
