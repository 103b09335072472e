import { describe, expect, it } from "vitest";
import type { Member } from "../../../../functions/core/contract/topology.ts";
import { parameterDrift } from "../../../../functions/core/rules/configuration/parameter-drift.ts";
import { aMember, aTopology } from "../../../support/context-builder.ts";
import { anEvent, type MetricScene, metricView } from "../../../support/metric-scene.ts";

const inGroup = (name: string, status = "in-sync") => ({ parameterGroups: [{ name, status }] });

/** The writer with `orders-17` and a reader with `reports-17`, and what was set in each; null: not read. */
function judge(
  writer: Readonly<Record<string, string>>,
  reader: Readonly<Record<string, string>> | null,
  { other = {}, events = [] }: { other?: Partial<Member>; events?: MetricScene["events"] } = {},
) {
  const values = (set: Readonly<Record<string, string>>) =>
    Object.entries(set).map(([name, value]) => ({ name, value }));
  const topology = aTopology({
    members: [
      aMember(inGroup("orders-17")),
      aMember({ id: "orders-r1", role: "reader", ...inGroup("reports-17"), ...other }),
    ],
    parameters: [
      { group: "orders-17", values: values(writer) },
      ...(reader === null ? [] : [{ group: "reports-17", values: values(reader) }]),
    ],
  });
  return parameterDrift.evaluate(metricView({ context: { topology }, events: events ?? [] }));
}

describe("parameter-drift", () => {
  it("M2 is silent where nothing differs that a failover would show, and where it was not read", () => {
    expect(parameterDrift.evaluate(metricView({ others: [{ id: "orders-r1", role: "reader" }] }))).toEqual(
      [],
    );
    expect(judge({ work_mem: "4096" }, { work_mem: "4096" })).toEqual([]);
    expect(judge({ log_min_duration_statement: "100" }, {})).toEqual([]);
    expect(judge({ work_mem: "4096" }, null)).toEqual([]);
  });

  it("M2 names what differs and what it changes, as a note, and what nobody set as the default", () => {
    const [found] = judge(
      { max_connections: "900", sql_mode: "STRICT_TRANS_TABLES" },
      { max_connections: "200" },
    );
    expect(found).toMatchObject({ severity: "P3", subject: "orders-r1", explains: [] });
    expect(found?.summary).toContain("max_connections 200 instead of 900 (how many can connect)");
    expect(found?.summary).toContain(
      "sql_mode default instead of STRICT_TRANS_TABLES (what a statement means)",
    );
    expect(found?.summary).toContain("made the writer by a failover");
    expect(judge({ work_mem: "1" }, {}, { other: { role: "replica" } })[0]?.summary).toContain("promoted");
  });

  it("A24 shows the call that gives the reader the writer's group, by the reader's name", () => {
    expect(judge({ work_mem: "1" }, {})[0]?.actions[0]?.preview).toBe(
      "aws rds modify-db-instance --db-instance-identifier orders-r1 --db-parameter-group-name orders-17 --apply-immediately --region eu-west-1",
    );
  });

  it("D2 explains full connections after a failover to a writer that takes fewer of them, and else nothing", () => {
    const events = [anEvent(10, "failover", "Completed failover to DB instance: orders-db")];
    const causes = (writer: string, reader: string) =>
      judge({ max_connections: writer }, { max_connections: reader }, { events })[0]?.explains.map(
        ({ cause }) => cause,
      );
    expect(causes("200", "900")).toEqual(["connections-near-limit", "too-many-connections"]);
    expect(causes("900", "200")).toEqual([]);
  });

  it("M2 tells a reader that has not restarted since its group was changed", () => {
    const other = inGroup("orders-17", "pending-reboot");
    expect(judge({}, {}, { other })).toMatchObject([
      {
        subject: "orders-r1 reboot",
        severity: "P3",
        summary: expect.stringContaining("still runs with old values"),
      },
    ]);
  });
});
