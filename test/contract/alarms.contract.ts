import { expect, it } from "vitest";
import type { Alarms } from "../../functions/core/ports.ts";

/**
 * Alarms that are there: `cpu: orders` on CPUUtilization of orders, tagged database=orders; `math` on two metrics of
 * payments.
 */
export interface AlarmsUnderTest {
  readonly alarms: Alarms;
  /** "arn:aws:cloudwatch:<region>:<account>:alarm:" */
  readonly arnPrefix: string;
}

export function alarmsContract(make: () => Promise<AlarmsUnderTest>): void {
  it("S10 tells an alarm's metric, dimensions and tags, by name and by ARN", async () => {
    const { alarms, arnPrefix } = await make();
    const expected = {
      arn: `${arnPrefix}cpu: orders`,
      metrics: [
        { namespace: "AWS/RDS", name: "CPUUtilization", dimensions: { DBInstanceIdentifier: "orders" } },
      ],
      tags: { database: "orders" },
    };
    expect(await alarms.describe(["cpu: orders"])).toEqual([expected]);
    expect(await alarms.describe([`${arnPrefix}cpu: orders`])).toEqual([expected]);
  });

  it("S10 tells the metrics inside metric math", async () => {
    const { alarms } = await make();
    const [math] = await alarms.describe(["math"]);
    expect(math?.metrics.map(({ name, dimensions }) => [name, dimensions["DBClusterIdentifier"]])).toEqual([
      ["ReadIOPS", "payments"],
      ["WriteIOPS", "payments"],
    ]);
  });

  it("S10 leaves out an alarm that it does not know", async () => {
    const { alarms, arnPrefix } = await make();
    expect(await alarms.describe(["nobody", `${arnPrefix}nobody`])).toEqual([]);
    expect(await alarms.describe([])).toEqual([]);
  });

  it("S10 does not take an alarm for its namesake in another account", async () => {
    const { alarms } = await make();
    expect(await alarms.describe(["arn:aws:cloudwatch:eu-west-1:999999999999:alarm:cpu: orders"])).toEqual(
      [],
    );
  });
}

/**
 * Alarms that also hold `any`, composite of `cpu: orders` and of the composite `inner`, which is of `math`;
 * `any` is tagged tier=1.
 */
export function compositeAlarmsContract(make: () => Promise<AlarmsUnderTest>): void {
  it("S10 follows a composite alarm to its children, and keeps its own tags", async () => {
    const { alarms, arnPrefix } = await make();
    const found = await alarms.describe(["any"]);
    expect(found.map(({ arn }) => arn.slice(arnPrefix.length)).sort()).toEqual([
      ...["any", "cpu: orders", "inner", "math"],
    ]);
    expect(found.find(({ arn }) => arn.endsWith(":any"))).toMatchObject({ metrics: [], tags: { tier: "1" } });
  });
}
