import type { DatabaseContext, MetricReading } from "../../../functions/core/contract/context.ts";
import type { Signal } from "../../../functions/core/contract/signal.ts";
import type { Member } from "../../../functions/core/contract/topology.ts";
import { aTopology } from "../../support/context-builder.ts";
import { anAlarm } from "../../support/evidence-builder.ts";
import { defineScenario, type Scenario } from "../scenario.ts";
import { context, database, member, minutesAgo, reading, series } from "./rds.ts";

/** One metric as CloudWatch has it, and as it is read. */
interface Measured {
  readonly id: string;
  readonly values: readonly number[];
  readonly unit: MetricReading["unit"];
  readonly day?: number;
  readonly week?: number;
  readonly capacity?: number;
  /** Of another member of the group. */
  readonly of?: string;
}

interface Outside extends Pick<Scenario, "engine" | "title"> {
  readonly look?: "not-tried" | "stopped";
  readonly role?: Scenario["role"];
  readonly measured: () => readonly Measured[];
  readonly rds?: () => Partial<DatabaseContext>;
  readonly self?: Partial<Member>;
  readonly others?: readonly Partial<Member>[];
  readonly alarm?: {
    readonly metric: string;
    readonly comparison: string;
    readonly threshold: number;
    readonly recentDatapoints: number[];
  };
}

/** An incident with no way in: metrics, events, Performance Insights and what RDS describes. */
export function defineOutside(outside: Outside): Scenario {
  const { engine, title, look = "not-tried", role, measured, rds, self, others = [], alarm } = outside;
  const seriesOf = () => measured().map(({ id, values, of }) => series(id, values, of));
  return defineScenario({
    engine,
    title,
    look,
    ...(role === undefined ? {} : { role }),
    make: async () => ({ culprits: [] }),
    metrics: seriesOf,
    context: () => {
      const readings = measured().map(({ id, values, of, unit, ...baseline }) =>
        reading(series(id, values, of), unit, baseline),
      );
      const members = [member(self), ...others.map((other) => member(other))];
      const kind = self?.role === "replica" ? ("read-replica" as const) : ("rds-instance" as const);
      return context({ readings, topology: aTopology({ kind, members }), ...rds?.() });
    },
    ...(alarm === undefined ? {} : { signal: () => signalOf(alarm) }),
  });
}

function signalOf({ metric, ...alarm }: NonNullable<Outside["alarm"]>): Signal {
  const dimensions = { DBInstanceIdentifier: database };
  return anAlarm(metric, {
    ...alarm,
    at: minutesAgo(1),
    oneMetric: true,
    metrics: [{ namespace: "AWS/RDS", name: metric, statistic: "Average", dimensions }],
    databases: [{ kind: "instance", id: database }],
  });
}

/** Fifteen minutes about a value, with the noise that a minute has. */
export function about(value: number, noise = 0.06): number[] {
  return Array.from({ length: 15 }, (_, minute) => value * (1 + noise * (((minute * 7) % 5) / 2 - 1)));
}

/** Fifteen minutes from one value to another, the last part as it is now. */
export function from(before: number, minutes: number, to: number): number[] {
  return Array.from({ length: 15 }, (_, minute) => {
    const share = Math.max(0, minute - (14 - minutes)) / minutes;
    return before + (to - before) * share;
  });
}
