import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { Statement } from "../facts/statements.ts";
import type { View } from "../facts/view.ts";
import { quoteName } from "../text/sql-names.ts";

const mb = 1024 * 1024;
const smallest = 8;
/** More in every sort of every session is how memory runs out. */
const largest = 256;

/**
 * More memory for the user that needs it, not for everybody. A sort in memory takes about twice what it takes on
 * disk. https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM
 */
export function spillRemedies(
  { evidence }: View,
  { user, now, total }: Statement,
): readonly ProposedAction[] {
  if (evidence.target.engine !== "postgres") return [mysqlRemedy];
  const bytes =
    now.callsPerSecond > 0
      ? (now.tempBytesPerSecond ?? 0) / now.callsPerSecond
      : (total.tempBytes ?? 0) / Math.max(1, total.calls);
  const needed = (2 * bytes) / mb;
  if (user === null || needed > largest) return [];
  const memory = Math.max(smallest, 2 ** Math.ceil(Math.log2(Math.max(1, needed))));
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "safe",
      preview: `ALTER ROLE ${quoteName(user)} SET work_mem = '${memory}MB'`,
      describes: `Gives each sort and hash of user ${user} up to ${memory} MB before it spills`,
      consequence: `Holds for new sessions. Each sort or hash of each session may take that much: ten at once are ${10 * memory} MB. Undo: ALTER ROLE ${quoteName(user)} RESET work_mem.`,
    }),
  ];
}

/** https://dev.mysql.com/doc/refman/8.4/en/internal-temporary-tables.html */
const mysqlRemedy = proposeManual({
  id: "change-parameter",
  spec: ["A24"],
  risk: "safe",
  preview: "-- in the DB parameter group: tmp_table_size and max_heap_table_size, both dynamic",
  describes: "Lets temporary tables grow larger in memory before they go to disk",
  consequence:
    "Every temporary table of every session may take that much memory. An index that gives the order or the groups makes the temporary table unnecessary, which is better.",
});
