import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import type { Stage } from "../stage.ts";

/** Before its replication is harmed, a MySQL replica must have what every scenario needs: the responder's users. */
export async function untilCaughtUp(stage: Stage, replica: Connection): Promise<void> {
  const source = await createConnection({ uri: stage.server.adminUrl });
  try {
    const [[executed]] = await source.query<RowDataPacket[]>("SELECT @@GLOBAL.gtid_executed AS executed");
    const wait = "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, 10) AS timed_out";
    const [[answer]] = await replica.query<RowDataPacket[]>(wait, [executed?.["executed"]]);
    if (answer?.["timed_out"] !== 0) throw new Error("the replica does not catch up");
  } finally {
    await source.end();
  }
}
