import { describe, expect, it } from "vitest";
import type { LoadDimension } from "../../../../functions/core/contract/context.ts";
import { hotRowContention } from "../../../../functions/core/rules/locks/hot-row-contention.ts";
import { expensiveStatement } from "../../../../functions/core/rules/queries/expensive-statement.ts";
import { aTarget } from "../../../support/evidence-builder.ts";
import { held, metricView } from "../../../support/metric-scene.ts";

const handler = "wait/io/table/sql/handler";
const update = "UPDATE `seats` SET `taken` = ? WHERE `id` = ?";
const claim = "SELECT * FROM `seats` WHERE `id` = ? FOR UPDATE";

interface Scene {
  readonly name?: string;
  readonly wait?: string;
  readonly cpu?: number;
  readonly requests?: number;
  readonly flavour?: "rds" | "aurora";
  /** Another statement that keeps one session, and what it is in. */
  readonly beside?: readonly [name: string, wait: string];
}

/** Thirty sessions at rows of tables, on four vCPUs. */
function outside({
  name = update,
  wait = handler,
  cpu = 15,
  requests = 1,
  flavour = "rds",
  beside,
}: Scene = {}) {
  const waits = [{ name: wait, load: 30 }];
  const other =
    beside === undefined
      ? []
      : [{ name: beside[0], id: null, load: 1, waits: [{ name: beside[1], load: 1 }] }];
  const load: LoadDimension[] = [
    { by: "wait-event", items: waits.map((one) => ({ ...one, id: null, waits: [] })) },
    { by: "statement", items: [{ name, id: null, load: 30, waits }, ...other] },
  ];
  const values = { CPUUtilization: held(cpu), DiskQueueDepth: held(requests), DBLoad: held(30) };
  const overrides = { target: aTarget({ engine: "mysql", flavour }) };
  const scene = metricView({ self: { vcpus: 4 }, values, context: { load } });
  const view = { ...scene, evidence: { ...scene.evidence, ...overrides } };
  return { ...view, server: null, connections: null, sessions: null, forests: null };
}

describe("rows that are waited for in the handler's wait", () => {
  it("D10 are told where nobody computes and nobody reads, and nobody is ended for it", () => {
    for (const name of [update, claim]) {
      const [finding] = hotRowContention.evaluate(outside({ name }));
      expect(finding).toMatchObject({ severity: "P2", actions: [] });
      expect(finding?.summary).toContain("30 sessions on average wait for rows that others hold, 100 %");
      expect(finding?.summary).toContain("seats");
      expect(finding?.evidence.at(-1)?.says).toContain("CPU 15 % of 4 vCPUs and 1 requests at the volume");
      expect(expensiveStatement.evaluate(outside({ name }))).toEqual([]);
    }
  });

  it("D10 are told by the states of threads, too, where performance_schema is off", () => {
    const said = (scene: Scene) => hotRowContention.evaluate(outside(scene))[0]?.summary;
    expect(said({ wait: "Updating" })).toContain("30 sessions on average wait for rows that others hold");
    expect(said({ wait: "update", name: "INSERT INTO `seats` VALUES ( ... )" })).toContain("seats");
    expect(said({ wait: "Statistics", name: claim })).toContain("seats");
    expect(said({ wait: "Statistics", name: "SELECT * FROM `seats` WHERE `hall` = ?" })).toBeUndefined();
    expect(said({ wait: "Updating", cpu: 92 })).toBeUndefined();
    expect(said({ wait: "Updating", requests: 22 })).toBeUndefined();
    expect(said({ wait: "Sending data" })).toBeUndefined();
  });

  it("D3 name no writer of the table that is in the handler's wait itself: it waits like the others, as far as is seen", () => {
    const saysOf = (wait: string) =>
      (
        hotRowContention.evaluate(outside({ beside: ["UPDATE `seats` SET `held` = ?", wait] }))[0]
          ?.evidence ?? []
      )
        .map(({ says }) => says)
        .join("; ");
    expect(saysOf(handler)).not.toContain("meanwhile");
    expect(saysOf("CPU")).toContain("changes seats meanwhile");
  });

  it("D3 are none where a CPU or the volume is at work for them, they only read, or Aurora has a name for it", () => {
    expect(hotRowContention.evaluate(outside({ cpu: 92 }))).toEqual([]);
    expect(hotRowContention.evaluate(outside({ requests: 22 }))).toEqual([]);
    expect(hotRowContention.evaluate(outside({ name: "SELECT * FROM `seats` WHERE `hall` = ?" }))).toEqual(
      [],
    );
    expect(hotRowContention.evaluate(outside({ flavour: "aurora" }))).toEqual([]);
  });
});
