import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { slotRefusals } from "./slot-refusals.ts";
import type { View } from "./view.ts";

/**
 * Whether nobody comes any more: on a server that has started within so many seconds all connections are young, and only
 * the sessions counted meanwhile, and refusals, tell whether more come. False where they were not counted (before 14).
 */
export function hasCalmed(view: View, seconds: number): boolean {
  const uptime = view.server?.uptimeSeconds ?? Number.POSITIVE_INFINITY;
  const rates = view.rows(postgresDatabaseRatesRows);
  if (uptime >= seconds || rates === null || slotRefusals(view) !== null) return false;
  return rates.every(({ sessionsPerSecond }) => sessionsPerSecond === 0);
}
