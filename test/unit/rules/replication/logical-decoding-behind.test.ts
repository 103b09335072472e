import { describe, expect, it } from "vitest";
import type { LogicalDecodingRow } from "../../../../functions/core/probes/postgres/logical-decoding-rows.ts";
import { logicalDecodingBehind as rule } from "../../../../functions/core/rules/replication/logical-decoding-behind.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const gib = 1024 ** 3;
const slot: LogicalDecodingRow = {
  ...{ slot: "cdc", plugin: "pgoutput", database: "shop", pid: 7, application: "debezium", user: "cdc" },
  ...{ waitEvent: null, intervalSeconds: 1, unconfirmedBytes: 2 * gib, retainedBytes: 2 * gib },
  ...{ confirmedBytesPerSecond: 0, spilledBytesPerSecond: 0, spilledBytes: 0 },
};
const found = (given: Partial<LogicalDecodingRow>) =>
  rule.evaluate(metricView({ probes: { "postgres-logical-decoding": [{ ...slot, ...given }] } }))[0];

describe("logical-decoding-behind", () => {
  it("P12 speaks from a tenth of what a slot may keep on, and explains what the slot keeps", () => {
    expect(found({ unconfirmedBytes: gib - 1, retainedBytes: gib - 1 })).toBeUndefined();
    expect(found({ unconfirmedBytes: gib, retainedBytes: gib })).toMatchObject({
      severity: "P2",
      explains: [{ cause: "wal-retained-by-slot", subject: "cdc" }],
      actions: [],
    });
  });

  it("P12 says by its process's wait why it does not get on", () => {
    expect(found({ waitEvent: "Client/WalSenderWriteData" })?.summary).toContain(
      "the consumer takes nothing",
    );
    expect(found({})?.summary).toContain("what it has confirmed stands still");
    expect(found({ confirmedBytesPerSecond: 2048 })?.summary).toContain("it confirms 2 KiB a second");
    expect(found({ unconfirmedBytes: null, spilledBytesPerSecond: 2 ** 20 })?.summary).toContain(
      "to disk, 1 MiB",
    );
  });

  it("P12 says what a consumer takes through a connection that is full, and what is written beside", () => {
    const waitEvent = "Client/WalSenderWriteData";
    const row = { ...slot, waitEvent, confirmedBytesPerSecond: 2 ** 20 };
    const [slow] = rule.evaluate(
      metricView({
        probes: { "postgres-logical-decoding": [row] },
        values: { TransactionLogsGeneration: held(4 * 2 ** 20) },
      }),
    );
    expect(slow?.summary).toContain(
      "the consumer takes 1 MiB a second and no more: the connection to it is full",
    );
    expect(slow?.evidence[0]?.says).toContain("confirms 1 MiB a second while 4 MiB are written");
    expect(found({ waitEvent, confirmedBytesPerSecond: 0.4 })?.summary).toContain(
      "the consumer takes nothing",
    );
    expect(found({ waitEvent, confirmedBytesPerSecond: 2 ** 20 })?.summary).toMatch(
      /takes 1 MiB a second: the/,
    );
    const [quick] = rule.evaluate(
      metricView({
        probes: { "postgres-logical-decoding": [{ ...row, confirmedBytesPerSecond: 2 ** 25 }] },
        values: { TransactionLogsGeneration: held(4 * 2 ** 20) },
      }),
    );
    expect(quick?.summary).toContain("32 MiB a second, more than is written: it catches up");
    expect(found({ waitEvent, confirmedBytesPerSecond: null })?.summary).toContain(
      "takes less than it is sent",
    );
  });

  it("P12 does not blame a consumer that keeps up for an open transaction", () => {
    const open = found({ unconfirmedBytes: 0 });
    expect(open).toMatchObject({ severity: "P3" });
    expect(open?.summary).toContain(
      "keeps up, 2 GiB of log are kept for it; a transaction that began back there",
    );
  });

  it("A24 proposes streaming where a subscription spills", () => {
    expect(found({ spilledBytesPerSecond: 2 ** 20 })?.actions[0]?.preview).toBe(
      "ALTER SUBSCRIPTION cdc SET (streaming = parallel)",
    );
    expect(found({ spilledBytesPerSecond: 2 ** 20, plugin: "test_decoding" })?.actions).toEqual([]);
  });
});
