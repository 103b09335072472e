import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { mayHaveActed, type WorkOrder } from "../../../functions/core/contract/work-order.ts";
import { SqlError } from "../../../functions/core/errors.ts";
import { outcomeWord } from "../../../functions/core/messages/done.ts";
import type { ConnectResult, Databases, SqlRow } from "../../../functions/core/ports.ts";
import { actOnDatabase } from "../../../functions/core/respond/act-on-database.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { openedAt, secondsLater } from "../../support/incident-builder.ts";
import { anOrder } from "../../support/order-builder.ts";
import { fakeSession } from "../probes/fake-session.ts";

const connection = {
  status: "not-connected",
  failedStep: "tcp",
  detail: "timeout",
  pointsTo: null,
  tookMs: 1,
} as const;
const reached = { ...connection, status: "connected", failedStep: null, detail: null } as const;
const unreached: Databases = {
  connect: async (): Promise<ConnectResult> => ({ kind: "not-connected", connection }),
};

const input = { schema: "public", table: "orders", name: "orders_c_idx", unique: false, definition: "(c)" };
const build = { actionId: "create-index", input };

function act(order: WorkOrder, retries: number, seconds = 1, databases = unreached) {
  const clock = createVirtualClock(Date.parse(secondsLater(seconds)));
  const deps = { clock, log: createCollectingLog(), databases: () => databases };
  return actOnDatabase({ order, settings: defaultSettings, retries }, deps);
}

describe("A40 an order on a database, again after an attempt that died", () => {
  it("does not say of all attempts that nothing was sent when this one cannot connect", async () => {
    const again = await act(anOrder(build), 1);
    expect(again).toMatchObject({ status: "failed", mayHaveActed: true });
    expect(again.summary).toMatch(
      /^Whether an earlier attempt acted is not known; this one sent nothing\. The database could not be reached \(timeout\)/,
    );
    const first = await act(anOrder(build), 0);
    expect(first.summary).toBe("Nothing was sent: the database could not be reached (timeout).");
    expect(mayHaveActed(first)).toBe(false);
  });

  it("is told as what may have been done where its time is over", async () => {
    const again = await act(anOrder(build), 1, 61);
    expect(again).toMatchObject({
      status: "refused",
      refusal: { guard: "order-expired" },
      mayHaveActed: true,
    });
    expect(again.summary).toMatch(/Whether an earlier attempt acted is not known; this one sent nothing\.$/);
    expect(outcomeWord(again)).toBe("Not done again; may have been done");
    const first = await act(anOrder(build), 0, 61);
    expect(first.summary).not.toContain("earlier");
    expect(outcomeWord(first)).toBe("Not done");
  });

  it.each([
    ["its lock timed out", "timeout", "55P03"],
    ["it was refused", "permission", "42501"],
  ] as const)(
    "names what it has sent itself where %s, and of an earlier one only that it is not known",
    async (_why, kind, code) => {
      const table = { kind: "r", owner: "shop", valid: null, owns: true, maintains: true, bytes: 1 };
      const session = fakeSession(({ sql }): readonly SqlRow[] => {
        if (sql.startsWith("ANALYZE"))
          throw new SqlError(kind, code, "canceling statement due to lock timeout");
        if (sql.includes("pg_relation_size")) return [{ ...table, table: "public.orders", table_oid: "7" }];
        return sql.includes("pid = pg_backend_pid()") ? [{ id: 7, since: "x" }] : [];
      });
      const databases: Databases = {
        connect: async () => ({ kind: "connected", session, connection: reached }),
      };
      const order = { actionId: "analyze-table", input: { schema: "public", name: "orders" } };
      const again = await act(anOrder(order), 1, 1, databases);
      expect(again).toMatchObject({ status: "refused", mayHaveActed: true });
      expect(again.summary).toMatch(
        /Whether an earlier attempt acted is not known; this one sent ANALYZE public\.orders\.$/,
      );
      const first = await act(anOrder(order), 0, 1, databases);
      expect(first.summary).not.toContain("earlier");
      expect(first.steps.map(({ says }) => says)).toContain("Sent: ANALYZE public.orders");
    },
  );

  it.each([0, 1])("goes on when it was only looked after, and late, after %i attempts", async (retries) => {
    const running = { startedAt: openedAt, until: secondsLater(21_600), handle: { id: 7, since: "x" } };
    const late = await act(anOrder({ ...build, follows: { ...running, mayTidy: true } }), retries, 61);
    expect(late).toMatchObject({ status: "running", running, refusal: null, mayHaveActed: true });
    expect(late.summary).not.toContain("earlier");
  });
});
