import { describe, expect, it } from "vitest";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock } from "../../../functions/adapters/memory/virtual-clock.ts";
import { SqlError } from "../../../functions/core/errors.ts";
import type { Databases, SqlRow } from "../../../functions/core/ports.ts";
import { actOnDatabase } from "../../../functions/core/respond/act-on-database.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { openedAt } from "../../support/incident-builder.ts";
import { anOrder } from "../../support/order-builder.ts";
import { fakeSession } from "../probes/fake-session.ts";

const connection = {
  status: "connected",
  failedStep: null,
  detail: null,
  pointsTo: null,
  tookMs: 1,
} as const;
const table = {
  ...{ kind: "r", owner: "shop", valid: null, owns: true, maintains: true, bytes: 1 },
  ...{ table: "public.orders", table_oid: "7" },
};
const index = { schema: "public", table: "orders", name: "orders_c_idx", unique: false, definition: "(c)" };
const orders = {
  "analyze-table": { schema: "public", name: "orders" },
  "create-index": index,
  "try-index": { ...index, statement: "select 1 from public.orders where c = 1" },
};

/** The check is answered; then the connection is gone. */
function act(actionId: keyof typeof orders, retries: number) {
  const isLost = { yet: false };
  const session = fakeSession(({ sql, params }): readonly SqlRow[] => {
    if (isLost.yet) throw new SqlError("connection-lost", "driver", "the connection is closed");
    if (/as since .* where pid = pg_backend_pid|^begin/i.test(sql)) {
      isLost.yet = true;
      throw new SqlError("connection-lost", "driver", "the connection is closed");
    }
    const isTable = sql.includes("pg_relation_size") && params?.includes("orders") === true;
    return isTable ? [table] : [];
  });
  const databases: Databases = { connect: async () => ({ kind: "connected", session, connection }) };
  const order = anOrder({ actionId, input: orders[actionId], permittedBy: "approval" });
  const deps = {
    clock: createVirtualClock(Date.parse(openedAt)),
    ...{ log: createCollectingLog(), databases: () => databases },
  };
  return actOnDatabase({ order, settings: defaultSettings, retries }, deps);
}

describe("A40 a connection that is lost between the check and the statement", () => {
  it.each(["analyze-table", "create-index", "try-index"] as const)(
    "has had nothing sent at a first attempt, which is tried again: %s",
    async (actionId) => {
      const first = await act(actionId, 0);
      expect(first).toMatchObject({
        ...{ status: "refused", mayHaveActed: false, refusal: { guard: "not-seen" } },
        summary: expect.stringContaining("nothing that changes it was sent"),
      });
      expect(await act(actionId, 1)).toMatchObject({ refusal: null, mayHaveActed: true });
    },
  );
});
