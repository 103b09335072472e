import { describe, expect, it } from "vitest";
import { laterRowLook, withRowTurns } from "../../../../functions/core/probes/mysql/row-locks/row-turns.ts";
import { lockKeyOf } from "../../../../functions/core/probes/mysql/row-locks/sql.ts";
import { aForest, anIdleTransaction, aRunning, aSession } from "../../../support/forest-builder.ts";

const object = "row 2 on page 4 of app.counters (PRIMARY)";
const waiting = (transaction: number, address: string) => `${transaction}:5:4:2:${address}`;

function look(holder = aSession(1)) {
  return {
    forest: aForest([
      { who: holder },
      { who: aRunning(2, 3), behind: "session:1", waits: { object, objectKind: "row" } },
    ]),
    transactions: [
      { session_id: 1, trx_id: "901", age_seconds: 4, requested_lock: null },
      { session_id: 2, trx_id: "902", age_seconds: 3, requested_lock: waiting(902, "7f01") },
    ].map((row) => ({ ...row, trx_state: "RUNNING", rows_modified: 1, rows_locked: 1, wait_seconds: null })),
    held: new Map([["session:1", "901"]]),
    lockKey: lockKeyOf,
  };
}

const trx = (
  trx_id: string,
  session_id: number,
  age_seconds: number,
  requested_lock: string | null = null,
) => ({
  trx_id,
  session_id,
  age_seconds,
  requested_lock,
  paused: 0,
});

describe("a later look at who holds a row", () => {
  it("D10 asks for it only where the holder may be one of a moment", () => {
    expect(laterRowLook(look())).toHaveLength(1);
    expect(laterRowLook(look(anIdleTransaction(1, 9)))).toEqual([]);
  });

  it("D10 knows another transaction of the same session from the one that held", () => {
    const { secondLook } = withRowTurns(look(), [trx("950", 1, 0), trx("903", 3, 2, waiting(903, "7f02"))]);
    expect(secondLook).toMatchObject({ moved: [object], still: [], gone: ["session:1"] });
  });

  it("D10 says that nobody wants it any more where that is so", () => {
    const nobody = [{ trx_id: null, session_id: null, age_seconds: null, requested_lock: null, paused: 0 }];
    expect(withRowTurns(look(), nobody).secondLook).toMatchObject({ moved: [], gone: ["session:1"] });
  });

  it("D3 finds the same transaction again, also where it has got its number only meanwhile", () => {
    const same = [trx("901", 1, 5), trx("902", 2, 4, waiting(902, "7f01"))];
    expect(withRowTurns(look(), same).secondLook).toMatchObject({ moved: [], still: [object], gone: [] });
    const unnumbered = { ...look(), held: new Map([["session:1", "421959712345678"]]) };
    expect(withRowTurns(unnumbered, same).secondLook?.gone).toEqual([]);
  });

  it("D7 claims nothing where the later look failed", () => {
    expect(withRowTurns(look(), [{ failed: "it took too long" }]).secondLook).toBeUndefined();
  });
});
