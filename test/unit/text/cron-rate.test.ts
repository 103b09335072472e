import { expect, it } from "vitest";
import { runsPerSecond } from "../../../functions/core/text/cron-rate.ts";

it.each<[string, number | null]>([
  ["10 seconds", 1 / 10],
  ["* * * * *", 1 / 60],
  ["*/5 * * * *", 1 / 300],
  ["0,30 9-17 * * *", 18 / 86_400],
  ["@hourly", 1 / 3600],
  ["0 3 1 1 *", 1 / (31 * 12 * 86_400)],
  ["0 0 1 * mon", (1 / 31 + 1 / 7) / 86_400],
  ["0 0 * * mon-fri", 1 / 86_400],
  ["0 0 $ * *", 1 / (31 * 86_400)],
  ["@reboot", null],
  ["whenever", null],
])("A14 a schedule of pg_cron begins so often at the most: %s", (schedule, rate) => {
  const seen = runsPerSecond(schedule);
  if (rate === null) expect(seen).toBeNull();
  else expect(seen).toBeCloseTo(rate, 10);
});
