import { expect, it } from "vitest";
import type { AlarmStateSource } from "../../functions/core/context-ports.ts";

/**
 * Alarms that are there: `cpu: orders` in ALARM, on the average CPUUtilization of orders above 80 over a minute; `math`,
 * never evaluated, on two metrics.
 */
export interface AlarmStatesUnderTest {
  readonly alarmStates: AlarmStateSource;
  /** "arn:aws:cloudwatch:<region>:<account>:alarm:" */
  readonly arnPrefix: string;
}

export function alarmStatesContract(make: () => Promise<AlarmStatesUnderTest>): void {
  it("S12 tells how an alarm stands and by what it decides, by name and by ARN", async () => {
    const { alarmStates, arnPrefix } = await make();
    const expected = {
      arn: `${arnPrefix}cpu: orders`,
      name: "cpu: orders",
      state: "ALARM",
      rule: {
        metric: {
          namespace: "AWS/RDS",
          name: "CPUUtilization",
          statistic: "Average",
          dimensions: { DBInstanceIdentifier: "orders" },
          periodSeconds: 60,
        },
        periodSeconds: 60,
        comparison: "GreaterThanThreshold",
        threshold: 80,
      },
    };
    for (const name of ["cpu: orders", `${arnPrefix}cpu: orders`]) {
      expect(await alarmStates.read([name])).toEqual({ value: [expected], missing: [] });
    }
  });

  it("S12 gives no metric to judge metric math by", async () => {
    const { value } = await (await make()).alarmStates.read(["math"]);
    expect(value?.map(({ name, rule }) => [name, rule])).toEqual([["math", null]]);
  });

  it("S12 leaves out what is not there, and its namesake in another account", async () => {
    const { alarmStates } = await make();
    const elsewhere = "arn:aws:cloudwatch:eu-west-1:999999999999:alarm:cpu: orders";
    expect(await alarmStates.read(["nobody", elsewhere])).toEqual({ value: [], missing: [] });
    expect(await alarmStates.read([])).toEqual({ value: [], missing: [] });
  });
}
