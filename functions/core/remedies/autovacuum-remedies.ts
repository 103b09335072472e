import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { tableName } from "../facts/table-facts.ts";
import type { View } from "../facts/view.ts";
import type { TableRow } from "../probes/postgres/tables/rows.ts";
import type { AutovacuumWorkersRow } from "../probes/postgres/vacuum-workers-rows.ts";
import { changeParameter } from "./aws/parameter-remedies.ts";
import { oneByOne } from "./one-by-one.ts";
import { asOwner, majorOf } from "./run-as.ts";

const name = "autovacuum_vacuum_cost_limit";
const most = 10_000;
const factor = 5;

/**
 * The limit before more workers: they share it, and each would be slower. Both dynamic; max_workers is from 18 on.
 * https://www.postgresql.org/docs/current/runtime-config-vacuum.html#GUC-AUTOVACUUM-VACUUM-COST-LIMIT
 */
export function speedUpAutovacuum(
  view: View,
  { costLimit, costDelayMs, workersMax }: AutovacuumWorkersRow,
): readonly ProposedAction[] {
  const value = Math.min(most, factor * costLimit);
  if (costDelayMs === 0 || value <= costLimit) return [];
  const major = majorOf(view);
  const workers = `More workers share the same limit, so this comes first; autovacuum_max_workers (${workersMax}) ${major !== null && major >= 18 ? "can then be raised as far as autovacuum_worker_slots without a restart" : "takes a restart"}.`;
  const consequence = `Vacuums read and write up to ${factor} times as fast, which storage has to bear; ${major !== null && major >= 16 ? "running ones take it up" : "up to 15 those that run go on as they are"}. ${workers}`;
  const undo = `Undo: ${costLimit}.`;
  if (view.evidence.target.flavour !== "self-managed") {
    const change = {
      id: "change-parameter",
      spec: "A24",
      name,
      value: String(value),
      towards: "higher" as const,
    };
    return [changeParameter(view, change, `${consequence} ${undo}`)];
  }
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "disruptive",
      preview: `ALTER SYSTEM SET ${name} = ${value};\nSELECT pg_reload_conf();`,
      describes: `set ${name} to ${value}`,
      consequence: `${consequence} ${oneByOne} It takes no restart. ${undo}`,
    }),
  ];
}

/**
 * What switched it off goes, and what is set for the server holds again; a TOAST table's option is its table's.
 * https://www.postgresql.org/docs/current/sql-createtable.html#RELOPTION-AUTOVACUUM-ENABLED
 */
export function enableAutovacuum(
  table: Pick<TableRow, "schema" | "table" | "toastOf" | "owner">,
): ProposedAction {
  const name = table.toastOf ?? tableName(table);
  const option = `${table.toastOf === null ? "" : "toast."}autovacuum_enabled`;
  return proposeManual({
    id: "enable-autovacuum",
    spec: ["A8"],
    risk: "disruptive",
    preview: `SET lock_timeout = '2s';\nALTER TABLE ${name} RESET (${option})`,
    describes: `lets autovacuum come to ${name} again; ${asOwner(table.owner)}`,
    consequence: `Readers and writers go on; it waits for a vacuum or DDL of the table, and gives up after 2 s. Autovacuum comes within autovacuum_naptime and has all that has piled up to do, which costs I/O. First see who switched it off, and why: a load that forgot to put it back, as a rule. Undo: SET (${option} = off).`,
  });
}
