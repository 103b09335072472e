import { fewerClients } from "../../facts/clients-away.ts";
import { abortedSignIns, countedOf, namedCounts } from "../../facts/named-counts.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { percent } from "../../text/wording.ts";
import type { Sight } from "./away-sights-draft.ts";

export const areRefused = "Sign-ins are refused";

/** By the counters of MySQL and MariaDB. */
export function countedSights(view: View): readonly Sight[] {
  return [...fromRates(view), ...fromBroken(view)];
}

/** MySQL counts them by number. */
export function reasonText(view: View): string {
  const most = namedCounts(view).find(({ kind }) => kind?.cause === "auth-failures");
  return most === undefined ? "" : `; ${most.says}`;
}

/**
 * Aborted_connects also counts health checks that open a port and say nothing, and clients refused for want of a
 * slot: the first are left out where they are counted, and else it is only a hint; none where every slot is taken.
 * https://dev.mysql.com/doc/refman/8.4/en/communication-errors.html
 */
function fromRates(view: View): readonly Sight[] {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  const before = rates?.abortedBeforeSignInPerSecond ?? null;
  const aborted = Math.max(0, abortedSignIns(view) - ofLimits(view));
  const attempts = rates?.connectionsPerSecond ?? 0;
  if (rates === undefined || aborted * rates.intervalSeconds < 2 || attempts <= 0) return [];
  const rate = aborted * 60;
  const says = `${Math.round(rate)} connection attempts per minute fail (${percent(aborted, Math.max(aborted, attempts))} of all)${before ? `, not counting ${Math.round(before * 60)} that never tried to sign in, as health checks do` : ""}`;
  const counted = { perMinute: rate, goesOn: false, what: areRefused, says };
  return [{ source: "mysql-innodb-rates", ...counted, confidence: before === null ? 0.6 : 0.8 }];
}

/** More than what checks the port of every load balancer, a second, and most of all attempts. */
const manyBroken = 10;
/** A hundred of those that check every second, where all clients are there. */
const surelyBroken = 100;

function fromBroken(view: View): readonly Sight[] {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  const broken = rates?.abortedBeforeSignInPerSecond ?? 0;
  const least = fewerClients(view) === null ? surelyBroken : manyBroken;
  if (broken < least || 2 * broken < (rates?.connectionsPerSecond ?? 0)) return [];
  const what = "Most connections break off before they sign in";
  const says = `${Math.round(broken * 60)} a minute: clients that refuse its certificate or TLS, or checks of the port`;
  return [
    { source: "mysql-innodb-rates", perMinute: broken * 60, goesOn: false, what, says, confidence: 0.5 },
  ];
}

/**
 * Told by the limit. Who finds no slot is counted as aborted only while the slot kept for administrators is free, as MySQL
 * counts 1040, and not Connection_errors_max_connections: seen on 9.7.
 */
function ofLimits(view: View): number {
  return countedOf(view, 1040, 1129, 1203, 1226);
}
