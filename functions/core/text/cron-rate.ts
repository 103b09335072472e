const macros: Readonly<Record<string, string>> = {
  ...{ "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0" },
  ...{ "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *" },
};

/**
 * How often a schedule begins at the most, per second and on average. Null: it cannot be read.
 * https://github.com/citusdata/pg_cron#what-is-pg_cron
 */
export function runsPerSecond(schedule: string): number | null {
  const text = schedule.trim().toLowerCase();
  const seconds = /^([1-9]\d?) seconds?$/.exec(text)?.[1];
  if (seconds !== undefined) return 1 / Number(seconds);
  const fields = (macros[text] ?? text).split(/\s+/);
  if (fields.length !== 5) return null;
  const [minute = null, hour = null, day = null, month = null, weekday = null] = fields.map((field, index) =>
    share(field, [60, 24, 31, 12, 7][index] ?? 1),
  );
  if (minute === null || hour === null || day === null || month === null || weekday === null) return null;
  // Where both are given, either is enough.
  const days = day < 1 && weekday < 1 ? Math.min(1, day + weekday) : day * weekday;
  return (minute * hour * month * days) / 60;
}

/** Of all values that a field may have, how many it names; "$" is the last day of a month. */
function share(field: string, all: number): number | null {
  let named = 0;
  for (const item of field.split(",")) {
    const parts = /^(?:\*|(\w+|\$)(?:-(\w+))?)(?:\/([1-9]\d*))?$/.exec(item);
    if (parts === null) return null;
    const [, from, to, step = "1"] = parts;
    const width = to === undefined ? 1 : Number(to) - Number(from) + 1;
    // Days and months by name: all of them, at the most.
    const wide = from === undefined || !(width > 0) ? all : width;
    named += Math.ceil(wide / Number(step));
  }
  return Math.min(1, named / all);
}
