import { meanOf } from "./mean.ts";
import { type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { type Sample, samplesOf } from "./metric-levels.ts";
import { noSlotIsLeft } from "./no-slot-left.ts";
import { type Climb, dbLoad, isLittleLoad, movedByWork, steadyClimb, worksAsEver } from "./outside-load.ts";
import type { View } from "./view.ts";

/** Of the latest: what stands at the limit moves by the few who come and go. */
const levelShare = 0.03;
const shortestMinutes = 60;
/** Above this multiple of what is usual no day is; the limit lets it be no more. */
const muchMore = 1.5;
const stillUsual = 1.2;
/** The last steps before the limit may be missing, and a leap to it is none. */
const lastSteps = 2;

/**
 * How the count of connections climbed for an hour or more until every slot was taken, while no work grew along: what has
 * nowhere left to go stands still, and has not stopped for that. Null for a leap, a ramp of work, a level that is usual,
 * and where the hours before were not read.
 */
export function filledClimb(view: View): Climb | null {
  const fact = metricFact(view, "DatabaseConnections");
  const usual = fact === null ? null : usualHigh(fact);
  if (fact === null || fact.earlier === null || usual === null) return null;
  if (fact.day === null || fact.week === null || fact.latest < muchMore * usual) return null;
  if (!noSlotIsLeft(view)) return null;
  const every = fact.earlier.stepSeconds;
  const points = fact.points.filter((_, minute) => minute % (every / 60) === 0);
  const samples = samplesOf({ ...fact, points });
  const isFull = ({ value }: Sample): boolean => Math.abs(value - fact.latest) <= levelShare * fact.latest;
  const before = samples.slice(0, samples.findLastIndex((one) => !isFull(one)) + 1);
  const since = before.findLastIndex(({ value }) => value <= stillUsual * usual);
  const rising = before.slice(Math.max(0, since));
  const climb = steadyClimb(rising);
  const [first, last] = [rising[0], rising.at(-1)];
  if (climb === null || first === undefined || last === undefined || climb.minutes < shortestMinutes)
    return null;
  const left = fact.latest - last.value - levelShare * fact.latest;
  if (left > lastSteps * every * climb.perSecond || !restedMeanwhile(view, fact, first.at, last.at))
    return null;
  return { ...climb, to: fact.latest };
}

/** Of what it was when the climb began. */
const grownAlong = 1.3;
const third = 3;

/** No work grew along, and it was as ever when the last slot was taken: who is refused makes it less since then. */
function restedMeanwhile(view: View, count: MetricFact, from: string, until: string): boolean {
  const [early, late] = [from, until].map((at) => Date.parse(at));
  const growth = (fact: MetricFact): number => {
    const values = valuesWithin(fact, early ?? 0, late ?? 0);
    const part = Math.ceil(values.length / third);
    return meanOf(values.slice(-part)) / (meanOf(values.slice(0, part)) || 1);
  };
  // Of a climb that is no multiple, half as much is along with it.
  const most = Math.min(grownAlong, 1 + (growth(count) - 1) / 2);
  const work = movedByWork.flatMap((id) => metricFact(view, id) ?? []);
  if (work.some((fact) => growth(fact) > most)) return false;
  const load = metricFact(view, "DBLoad");
  if (dbLoad(view) !== null) return load === null || isLittleLoad(view, levelAt(load, late ?? 0));
  return worksAsEver(view, (fact) => ({ ...fact, points: [], latest: levelAt(fact, late ?? 0) }));
}

function valuesWithin(fact: MetricFact, from: number, until: number): readonly number[] {
  return samplesOf(fact)
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= until)
    .map(({ value }) => value);
}

const quarterMs = 15 * 60_000;

/** In the quarter of an hour before; as it is now where that was not read. */
function levelAt(fact: MetricFact, moment: number): number {
  const values = valuesWithin(fact, moment - quarterMs, moment);
  return values.length === 0 ? fact.latest : meanOf(values);
}
