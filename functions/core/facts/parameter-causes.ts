import type { Deviation } from "./change-table.ts";
import { writesLogs } from "./logging-parameters.ts";

/** What a parameter can do, by its name; of others nothing is said. */
const parameters: readonly { readonly names: RegExp; readonly can: readonly Deviation[] }[] = [
  { names: /max_(user_)?connections/, can: ["connections", "memory"] },
  { names: /buffer|work_mem|heap_table|tmp_table|_cache|huge_pages/, can: ["memory", "reads", "cpu"] },
  {
    names:
      /page_cost|tuple_cost|^enable_|^jit|optimizer|statistics|_stats_|plan_cache|collapse|eq_range|join_|parallel/,
    can: ["cpu", "reads"],
  },
  { names: /flush|sync|commit|binlog|wal|checkpoint|redo|log_file|io_capacity|doublewrite/, can: ["writes"] },
  {
    names: /^autovacuum|general_log|slow_query_log|log_statement|performance_schema/,
    can: ["cpu", "reads", "writes"],
  },
  { names: /timeout|wait_|keepalive/, can: ["connections"] },
];

export function parameterCauses(name: string, to: string | null, deviation: Deviation): boolean {
  if (deviation === "space") return writesLogs(name, to);
  return parameters.some(({ names, can }) => names.test(name) && can.includes(deviation));
}
