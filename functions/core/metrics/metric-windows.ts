/** A stretch of time to read metrics of; epoch milliseconds, the end is not included. */
export interface MetricWindow {
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

export interface MetricWindows {
  readonly now: MetricWindow;
  /** The hours before it: since when it is so, and what it was before a change. */
  readonly hours: MetricWindow;
  readonly day: MetricWindow;
  readonly week: MetricWindow;
  /** The hour around that time, which is what is read: work that begins every night does so some minutes later or earlier. */
  readonly hourOfDay: MetricWindow;
  readonly hourOfWeek: MetricWindow;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const lengthMs = 15 * minuteMs;

/**
 * The last 15 minutes, the three hours before them, and the same a day and a week before: four calls side by side.
 * GetMetricData has one start and one end for all its queries and metric math has no time shift, so one call would have
 * to span the week: at 60 s that is 10,095 points a metric (100,800 fit a page), to use 45 of them. Four calls cost four
 * times the metrics asked for, $0.01 a thousand whatever their points, which is why only the database's own metrics are
 * compared. Of the past the hour around is read, some 60 points of 60 metrics; what lasted in it, and the mean of the 15 minutes,
 * are kept. One-minute data is kept 15 days, so a week ago is still whole.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function metricWindows(now: number): MetricWindows {
  const to = floorTo(now, minuteMs);
  return {
    now: { from: to - lengthMs, to, periodSeconds: 60 },
    hours: hoursBefore(to - lengthMs),
    day: before(to - dayMs),
    week: before(to - 7 * dayMs),
    hourOfDay: around(to - dayMs),
    hourOfWeek: around(to - 7 * dayMs),
  };
}

/** Up to where the window begins, and into it by less than a step: what lies between would be unseen. */
function hoursBefore(at: number): MetricWindow {
  const to = Math.ceil(at / (5 * minuteMs)) * 5 * minuteMs;
  return { from: to - 180 * minuteMs, to, periodSeconds: 300 };
}

/** Aligned to its period: CloudWatch would otherwise add a part of another one. */
function before(at: number): MetricWindow {
  const to = floorTo(at, 5 * minuteMs);
  return { from: to - lengthMs, to, periodSeconds: 300 };
}

function around(at: number): MetricWindow {
  return { from: at - 30 * minuteMs, to: at + 30 * minuteMs, periodSeconds: 60 };
}

function floorTo(at: number, step: number): number {
  return Math.floor(at / step) * step;
}
