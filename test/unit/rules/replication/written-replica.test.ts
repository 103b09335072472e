import { describe, expect, it } from "vitest";
import type { Change } from "../../../../functions/core/contract/context.ts";
import { replicationStopped } from "../../../../functions/core/rules/replication/replication-stopped.ts";
import { collectedAt } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const ago = (minutes: number) => new Date(Date.parse(collectedAt) - minutes * 60_000).toISOString();
const duplicate =
  "Could not execute Write_rows event on table shop.orders; Duplicate entry '?' for key 'PRIMARY', Error_code: 1062";

interface Seen {
  readonly minutes?: number;
  readonly value?: string;
  readonly name?: string;
  readonly group?: string;
  readonly method?: string;
  readonly message?: string;
}

/** A replica that stopped seven minutes ago, and a call on its parameter group. */
function told(seen: Seen = {}): string {
  const { minutes = 600, value = "0", name = "read_only", group = "orders-17", method = "immediate" } = seen;
  const call: Change = {
    ...{ at: ago(minutes), source: "cloudtrail", subject: group, what: "ModifyDBParameterGroup" },
    ...{ by: "ana", error: null },
    detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"${name}","parameterValue":"${value}","applyMethod":"${method}"}]`,
  };
  const view = metricView({
    engine: "mysql",
    self: {
      role: "replica",
      replicaOf: "orders-main",
      replication: { status: "error", normal: false, message: seen.message ?? duplicate },
    },
    values: { ReplicaLag: [...held(0, 8), ...held(-1, 7)] },
    readings: { ReplicaLag: { state: "not-replicating" } },
    context: { changes: [call] },
  });
  return replicationStopped.evaluate(view)[0]?.summary ?? "";
}

const opened = "likely since somebody could write here, by the change of read_only to 0 by ana 10 h ago";

describe("a replica that was opened for writes", () => {
  it("D2 is told so where it stands at a row that is there already, or is not there", () => {
    expect(told()).toContain(opened);
    const missing = "Could not execute Update_rows event; Can't find record in 'orders', Error_code: 1032";
    expect(told({ message: missing })).toContain(opened);
  });

  it.each<[string, Seen]>([
    ["opened to mend it, after it stopped", { minutes: 3 }],
    ["closed", { value: "1" }],
    ["opened from its next restart on", { method: "pending-reboot" }],
    ["changed otherwise", { name: "max_connections" }],
    ["another's", { group: "orders-main-17" }],
    ["stopped by another error", { message: "Got fatal error 1236 from source" }],
  ])("D2 is not told so where it was %s", (_, seen) => {
    expect(told(seen)).toContain("Replication is stopped");
    expect(told(seen)).not.toContain("likely since");
  });
});
