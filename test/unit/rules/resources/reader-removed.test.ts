import { describe, expect, it } from "vitest";
import type { RdsEvent } from "../../../../functions/core/contract/context.ts";
import type { Member } from "../../../../functions/core/contract/topology.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { aTarget, collectedAt } from "../../../support/evidence-builder.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

const gone = "application-autoscaling-7e1c0f5a";
const usual = (value: number) => ({ latest: null, baselineDay: value, baselineWeek: value });
const ago = (minutes: number): string => new Date(Date.parse(collectedAt) - minutes * 60_000).toISOString();

const hours = (rise: number): number[] => [...held(5000, 36 - rise), ...held(9800, rise)];

interface Seen {
  readonly minutes?: number;
  readonly queries?: number;
  readonly role?: "reader" | "writer";
  readonly message?: string;
  /** The three hours before, by the five minutes. */
  readonly before?: readonly number[];
  readonly others?: readonly Partial<Member>[];
}

function told({ minutes = 47, queries = 9800, role = "reader", message, others = [], ...seen }: Seen = {}) {
  const { before = hours(7) } = seen;
  const said = anEvent(minutes, "notification", message ?? `Removing reader ${gone}`);
  const event: RdsEvent = { ...said, subject: "shop", source: "cluster" };
  const earlier =
    before.length === 0
      ? {}
      : { earlier: { from: ago(10 + 5 * before.length), stepSeconds: 300, values: [...before] } };
  return cpuSaturated.evaluate({
    ...metricView({
      self: { instanceClass: "db.r6g.2xlarge", vcpus: 8 },
      values: {
        CPUUtilization: held(98),
        Queries: held(queries),
        DatabaseConnections: held(408),
        NetworkReceiveThroughput: held(3.7e6),
      },
      readings: {
        CPUUtilization: usual(49),
        Queries: { ...usual(5000), ...earlier },
        DatabaseConnections: usual(210),
        NetworkReceiveThroughput: usual(1.9e6),
      },
      others,
      events: [event],
      overrides: { target: aTarget({ engine: "mysql", flavour: "aurora", clusterId: "shop", role }) },
    }),
    sessions: null,
  })[0];
}

describe("a reader whose CPU is full since another one was removed", () => {
  it("M7 says so beside the statements that came, and sends nobody to look for a campaign", () => {
    expect(told()?.summary).toContain(
      `; 9800 statements a second, 5000 as a rule, since reader ${gone} was removed 47 min ago`,
    );
    expect(
      told()
        ?.evidence.map(({ says }) => says)
        .join("\n"),
    ).not.toContain("a campaign");
  });

  it("A22 one more reader comes before a larger class, which restarts the last one", () => {
    expect(told()?.actions[0]).toMatchObject({ automatic: false });
    expect(told()?.actions[0]?.preview).toContain(`a reader was removed 47 min ago (${gone})`);
  });

  it("M7 is said alone where nobody saw when they came: it refuses nothing", () => {
    expect(told({ before: [] })?.summary).toContain(`as a rule; reader ${gone} was removed 47 min ago`);
    expect(told({ before: [] })?.actions[0]?.preview).not.toContain("was removed");
    expect(
      told({ before: [] })
        ?.evidence.map(({ says }) => says)
        .join("\n"),
    ).toContain("a campaign");
  });

  it("D3 is not the reason where they came before it, long after it, or of a writer, or are no more", () => {
    const others: readonly Seen[] = [
      { before: hours(20) },
      { minutes: 100, before: hours(2) },
      { minutes: 200 },
      { role: "writer" },
      { queries: 5600 },
      { message: "Adding reader application-autoscaling-7e1c0f5a" },
      { message: "Removing reader orders-db" },
      // One of four gone is no reason for twice as many, and the next one is on its way.
      { others: ["a", "b"].map((id) => ({ id, role: "reader", status: "available" })) },
      { others: [{ id: "new", role: "reader", status: "creating" }] },
    ];
    for (const seen of others) {
      expect(told(seen)?.summary).not.toContain("was removed");
      expect(told(seen)?.actions[0]?.preview ?? "").not.toContain("was removed");
    }
    expect(
      told({ role: "writer" })
        ?.evidence.map(({ says }) => says)
        .join("\n"),
    ).toContain("a campaign");
  });
});
