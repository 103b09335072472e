import type { PreparedTransaction } from "../contract/locks.ts";
import { mysqlXaTransactionsRows } from "../probes/mysql/xa-transactions-rows.ts";
import { isUnnamed } from "../text/xa-name.ts";
import type { View } from "./view.ts";

/** With the name, or the names it may have, that a deeper look found where the lock table told a number only. */
export function withName(view: View, prepared: PreparedTransaction): PreparedTransaction {
  if (!isUnnamed(prepared) || prepared.candidates !== undefined) return prepared;
  const rows = view.rows(mysqlXaTransactionsRows) ?? [];
  const row = rows.find(({ transactionId }) => prepared.gid === `InnoDB transaction ${transactionId}`);
  if (row?.xid != null) return { ...prepared, gid: row.xid };
  const candidates = row?.candidateXids ?? [];
  return candidates.length === 0 ? prepared : { ...prepared, candidates };
}
