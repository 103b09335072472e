import type { MetricQuery, MetricsAnswer } from "../../ports.ts";
import type { AwsWorld } from "../define-aws.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

/** The worst of each over the last 24 hours, or why it is not known. */
export type DayPeak =
  | { readonly kind: "seen"; readonly worst: ReadonlyMap<string, number> }
  | { readonly kind: "not-seen"; readonly because: string };

/** Of read and write together, under `name`; one metric where there is one alone. */
export interface Wanted {
  readonly name: string;
  readonly metrics: readonly string[];
  readonly extreme: "Maximum" | "Minimum";
}

const periodSeconds = 300;
const dayMs = 86_400_000;
/** A restart, and minutes that CloudWatch has not published yet, leave gaps; less than this is no day. */
const fewestPoints = 0.9 * (dayMs / 1000 / periodSeconds);
/** In a row: into a longer gap a peak fits. */
const mostMissing = 3;

export async function dayPeak(
  { metrics, clock, signal }: AwsWorld,
  ids: readonly string[],
  wanted: readonly Wanted[],
): Promise<DayPeak> {
  if (metrics === null) return { kind: "not-seen", because: "CloudWatch cannot be asked from here" };
  if (ids.length === 0) return { kind: "not-seen", because: "RDS named no instance of it" };
  const to = Math.floor(clock.now() / (periodSeconds * 1000)) * periodSeconds * 1000;
  const from = to - dayMs;
  const queries = ids.flatMap((id) =>
    wanted.flatMap(({ metrics: names, extreme }) =>
      names.map((name) => ({
        ...{ namespace: "AWS/RDS", name, statistic: extreme, periodSeconds },
        dimensions: { DBInstanceIdentifier: id },
      })),
    ),
  );
  const answer = await metrics.read(queries, from, to, signal);
  const notWhole = queries.find((query) => !isWhole(pointsOf(answer, query), from, to));
  if (notWhole !== undefined) return { kind: "not-seen", because: reasonOf(answer, notWhole) };
  const worst = wanted.map(({ name, metrics: names, extreme }) => {
    const ofEach = ids.flatMap((id) => {
      const of = { DBInstanceIdentifier: id };
      return summed(names.map((metric) => pointsOf(answer, { name: metric, dimensions: of })));
    });
    return [name, extreme === "Maximum" ? Math.max(...ofEach) : Math.min(...ofEach)] as const;
  });
  return { kind: "seen", worst: new Map(worst) };
}

type Asked = Pick<MetricQuery, "name" | "dimensions">;

function idOf({ dimensions }: Pick<Asked, "dimensions">): string {
  return dimensions["DBInstanceIdentifier"] ?? "";
}

function pointsOf({ series }: MetricsAnswer, asked: Asked): Points {
  return series.find((one) => one.id === asked.name && idOf(one) === idOf(asked))?.points ?? [];
}

function reasonOf(answer: MetricsAnswer, asked: Asked): string {
  const told = answer.missing.find(
    ({ what }) => what.includes(` ${asked.name} (`) && what.includes(`=${idOf(asked)})`),
  );
  const of = `of ${dayMs / 1000 / periodSeconds} readings of the last 24 hours, or more than ${mostMissing} missing in a row`;
  return `${asked.name} of ${idOf(asked)}: ${told?.reason ?? `${pointsOf(answer, asked).length} ${of}`}`;
}

/** At each moment together. */
function summed(all: readonly Points[]): readonly number[] {
  const sums = new Map<string, number>();
  for (const { at, value } of all.flat()) sums.set(at, (sums.get(at) ?? 0) + value);
  return [...sums.values()];
}

type Points = readonly { readonly at: string; readonly value: number }[];

function isWhole(points: Points, from: number, to: number): boolean {
  return points.length >= fewestPoints && longestGap(points, from, to) <= mostMissing;
}

/** How many readings are missing in a row; the last one is that of the period before `to`. */
function longestGap(points: Points, from: number, to: number): number {
  const periodMs = periodSeconds * 1000;
  const times = [from - periodMs, ...points.map(({ at }) => Date.parse(at)).sort((a, b) => a - b), to];
  const steps = times.slice(1).map((time, at) => time - (times[at] ?? time));
  return Math.max(...steps.map((step) => Math.round(step / periodMs) - 1));
}

/** Not seen is never well: it keeps what it has. */
export function peakUnknown(of: string, because: string): Check {
  return refuse(
    "peak-not-known",
    `What ${of} needed in the last 24 hours could not be seen (${because}): it keeps what it has.`,
    "Lifts by itself when CloudWatch has a whole day of it; or a person looks, and runs the call that is shown.",
  );
}

/** One need against what would be left, of which it may take so much. */
export interface Need {
  readonly says: string;
  readonly peak: number;
  readonly left: number;
  readonly mostPercent: number;
}

/** As SPEC T warns: what would be above that after going back is no way back. */
export const mostPercent = 80;

/** It fits, or it does not; with the numbers either way. */
export function fitting(to: string, needs: readonly Need[]): Check {
  const over = needs.filter(({ peak, left, mostPercent: most }) => !(peak <= (left * most) / 100));
  if (over.length === 0)
    return { kind: "go", says: `The last 24 hours fit ${to}: ${needs.map(({ says }) => says).join("; ")}.` };
  return refuse(
    "below-peak",
    `The last 24 hours do not fit ${to}: ${over.map(({ says }) => says).join("; ")}.`,
    "Lifts by itself when a day has passed that fits; or a person decides, and runs the call that is shown.",
  );
}
