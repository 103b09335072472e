import { describe, expect, it } from "vitest";
import { ioSaturated } from "../../../../functions/core/rules/resources/io-saturated.ts";
import { aVolume } from "../../../support/kind-scene.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const mib = 1024 ** 2;
const page = "wait/io/file/innodb/innodb_data_file";
const dump = "SELECT /*!40001 SQL_NO_CACHE */ * FROM `event_log`";

interface Seen {
  readonly query?: string;
  readonly waits?: Readonly<Record<string, number>>;
  readonly usualReads?: number;
  readonly reads?: number;
  readonly writes?: number;
  readonly answered?: number;
  readonly other?: number;
  readonly sent?: number;
}

/** A volume of 125 MiB/s at its limit, one statement beside others that wait for pages. */
function told(seen: Seen = {}) {
  const { query = dump, waits = { [page]: 0.8, CPU: 0.2 }, other = 1.9, answered = 60 } = seen;
  const { reads = 115, writes = 8, usualReads = 6, sent = 60 } = seen;
  const item = (name: string, of: Readonly<Record<string, number>>) => ({
    ...{ name, id: null, load: Object.values(of).reduce((sum, load) => sum + load, 0) },
    waits: Object.entries(of).map(([wait, load]) => ({ name: wait, load })),
  });
  const items = [
    item("SELECT * FROM `contacts` WHERE `tag_id` = ?", { [page]: other }),
    item("SELECT * FROM `activities` WHERE `contact_id` = ?", { [page]: 1.5 }),
    item(query, waits),
  ];
  const usual = (value: number) => ({ baselineDay: value * mib, baselineWeek: value * mib });
  return ioSaturated.evaluate(
    metricView({
      engine: "mariadb",
      self: { storage: aVolume({ allocatedGib: 300, iops: 3000, throughputMibps: 125 }) },
      values: {
        ReadThroughput: held(reads * mib),
        WriteThroughput: held(writes * mib),
        NetworkReceiveThroughput: held(3 * mib),
        NetworkTransmitThroughput: held(sent * mib),
      },
      readings: {
        ReadThroughput: usual(usualReads),
        WriteThroughput: usual(7),
        NetworkReceiveThroughput: usual(answered === 60 ? 3 : 1),
        NetworkTransmitThroughput: usual(4),
      },
      context: { load: [{ by: "statement", items }] },
    }),
  )[0];
}

describe("a dump beside storage at its limit", () => {
  it("D2 is named, however little of the load it is, by its mark or by the word that a digest keeps", () => {
    expect(told()?.summary).toContain("; a whole table is read meanwhile, as by a dump: SELECT");
    expect(told()?.summary).toContain("`event_log`");
    expect(told({ query: "SELECT SQL_NO_CACHE * FROM `crm` . `event_log`" })?.summary).toContain(
      "as by a dump",
    );
  });

  it("D11 nothing is bought for it as a click: it ends by itself", () => {
    expect(told()?.actions.map(({ automatic }) => automatic)).toEqual([false]);
    expect(told()?.actions[0]?.preview).toMatch(
      /^# No call is shown: what seems a dump \(SELECT .*\) ends by itself/,
    );
    // Clients that ask for more as well are no dump's.
    expect(told({ answered: 4 })?.actions[0]?.automatic).toBe(true);
    // One statement that makes most of it comes before.
    expect(told({ other: 9 })?.actions[0]?.preview).toContain("one statement makes");
  });

  it("D3 is none where one row is asked without a cache, where it only computes, and where reads are as ever or the less", () => {
    const others: readonly Seen[] = [
      { query: "SELECT SQL_NO_CACHE * FROM `event_log` WHERE `id` = ?" },
      { query: "SELECT SQL_NO_CACHE COUNT ( * ) FROM `event_log`" },
      { query: "SELECT * FROM `event_log`" },
      { waits: { CPU: 1 } },
      { waits: { [page]: 0.4, CPU: 0.6 } },
      // What it would read is not sent.
      { sent: 20 },
      { waits: { [page]: 0.1 } },
      { usualReads: 100 },
      { reads: 40, writes: 84 },
    ];
    for (const seen of others) expect(told(seen)?.summary).not.toContain("by a dump");
    expect(told({ query: "SELECT * FROM `event_log`" })?.actions[0]?.automatic).toBe(true);
  });
});
