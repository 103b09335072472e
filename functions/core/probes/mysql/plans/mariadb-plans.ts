import type { FollowStatement, Need } from "../../define.ts";
import { defineProbe } from "../../define.ts";
import { performanceSchemaGrant } from "../sight.ts";
import { mariadbInsideSql } from "./mariadb-inside.ts";
import {
  mariadbDigestsSql,
  mariadbSamplesSql,
  mariadbWorst,
  sampleDigests,
  slowLogSql,
} from "./mariadb-worst.ts";
import { selectOnTables } from "./plans.ts";
import { maxStatements, nextPlanStage, planRows } from "./read-plans.ts";
import { type MysqlPlanRow, mariadbPlansRows } from "./rows.ts";

/** Either of the two gives samples; MariaDB's digests have none. */
const statementHistory: Need = {
  kind: "setting",
  name: "events_statements_history_long",
  enable:
    "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME IN ('events_statements_current', 'events_statements_history_long')",
};
const slowLogTable: Need = {
  kind: "setting",
  name: "slow_query_log with log_output = TABLE",
  enable:
    "slow_query_log = 1 and log_output = TABLE in the parameter group, and GRANT SELECT ON mysql.slow_log TO {user}",
};

/** Digests, slow log and what runs inside stored programs; then the samples. */
const answered = 4;

export const mariadbPlans = defineProbe({
  ...mariadbPlansRows,
  spec: ["P33"],
  title: "How are the worst statements planned, and would an index help?",
  engines: ["mariadb"],
  tier: "performance",
  cost: "One pass over the digests, the statement history, the slow log's table (2 seconds at most) and the process list, then plans of at most 7 statements; nothing is executed, but where a plan leaves it open whether an index would select, the columns it tests are counted in 1,000 rows at each end of their table.",
  needs: [performanceSchemaGrant, statementHistory, slowLogTable, selectOnTables],
  maxRows: maxStatements,
  source: "https://mariadb.com/kb/en/explain-format-json/",
  statements: () => [],
  followRounds: 5,
  follow: (answers, context): readonly FollowStatement[] => {
    if (answers.length === 0)
      return [
        ...[mariadbDigestsSql, slowLogSql].map((sql) => ({ sql, mayFail: true as const })),
        mariadbInsideSql,
      ];
    if (answers.length === answered - 1) {
      const digests = sampleDigests(answers).join(",");
      return [{ sql: mariadbSamplesSql, params: [digests, digests], mayFail: true }];
    }
    return nextPlanStage(mariadbWorst(answers), answers, answered, context);
  },
  read: (answers, context): MysqlPlanRow[] => planRows(mariadbWorst(answers), answers, answered, context),
});
