import { describe, expect, it } from "vitest";
import { sendSignal } from "../../../../functions/core/actions/signals/send-signal.ts";
import { SqlError } from "../../../../functions/core/errors.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { context, fakeSession, steppingClock } from "../../probes/fake-session.ts";

describe("sendSignal", () => {
  const sentTo = (error: SqlError) => {
    const session = fakeSession(() => {
      throw error;
    });
    const world = {
      session,
      target: context.target,
      guards: defaultSettings.policy,
      clock: steppingClock(),
      signal: AbortSignal.timeout(1000),
      orderedAt: 0,
      repeated: false,
      note: () => undefined,
      aside: async () => null,
    };
    const sql = "CALL mysql.rds_kill(8)";
    return sendSignal(world, [{ kind: "names-id", act: { sql } }]);
  };

  it("A40 takes every way in which RDS's procedure refuses for a refusal", async () => {
    const words = "Unknown column 'ERROR (RDS): CANNOT KILL RDSADMIN SESSION' in 'field list'";
    for (const error of [
      new SqlError("other", "ER_SIGNAL_EXCEPTION", "ERROR (RDS): CANNOT KILL RDSADMIN SESSION"),
      new SqlError("missing-object", "ER_BAD_FIELD_ERROR", words),
      new SqlError("other", "ER_DATA_TOO_LONG", "Data too long for column 'l_user' at row 1"),
    ]) {
      expect(await sentTo(error)).toEqual({ kind: "denied", says: error.message });
    }
  });

  it("A40 takes a column that is missing elsewhere for a fault, and an unknown id for nobody", async () => {
    const elsewhere = new SqlError("missing-object", "ER_BAD_FIELD_ERROR", "Unknown column 'p.X'");
    await expect(sentTo(elsewhere)).rejects.toBe(elsewhere);
    const nobody = new SqlError("no-such-session", "ER_NO_SUCH_THREAD", "Unknown thread id: 0");
    expect(await sentTo(nobody)).toEqual({ kind: "no-match" });
  });
});
