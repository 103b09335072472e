import type { FailoverRun } from "../../../../functions/core/contract/failover.ts";
import { lossText } from "../../../../functions/core/failover/loss.ts";
import { once } from "../../rds/session.ts";
import type { Stage } from "../stage.ts";

/** Confirmed and not there. Null: nobody who should have them can be asked. */
export async function lostRows({ engine, lab, clients }: Stage, writer: string): Promise<number | null> {
  const port = lab.database(writer).node.port();
  if (port === null) return null;
  const sql = "select client, number from chaos_ledger";
  const rows = await once(engine, { host: "127.0.0.1", port }, "rdsadmin", [sql]);
  const has = new Set(rows.map(({ client, number }) => `${client}/${number}`));
  return clients.ledger.filter(({ client, row }) => !has.has(`${client}/${row}`)).length;
}

/** What was announced is taken from the run that made the call; whoever announced "nothing" lost nothing. */
export function lostMore(lost: number | null, by: FailoverRun | undefined): string[] {
  if (lost === null || lost === 0) return [];
  const announced = lossText(by?.loss ?? null);
  const known = by === undefined || by.fencedBy === "door" || announced.startsWith("nothing:");
  return known ? [`lost ${lost} rows, announced: ${announced}`] : [];
}
