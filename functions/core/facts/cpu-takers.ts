import { runsServerless } from "./database-kind.ts";
import { heaviestUser, loadShares } from "./insights.ts";
import { baselineText, type MetricFact, metricFact, usualHigh } from "./metric-facts.ts";
import { bytesText, selfOf } from "./rds-facts.ts";
import { readerRemoved } from "./reader-removed.ts";
import { reconnecting } from "./reconnecting.ts";
import { slowSuspect } from "./slow-log.ts";
import type { View } from "./view.ts";
import { shrunkClass } from "./what-changed.ts";
import { dominantStatement } from "./workload.ts";

/** One that takes most of the time is mended, not fed. */
const mostPercent = 50;
/** More than a busier day than others. */
const grown = 1.5;

/**
 * Why a larger class is no answer yet to a CPU that has no room left: nobody saw what takes it, or one statement takes
 * most of it, or so many more statements come that the next one would be full as well. Null where many share it, where
 * nobody saw what takes it and the clients ask for more than as a rule, where the class was larger, and where more is
 * given without a restart.
 */
export function classTooEarly(view: View): string | null {
  if (runsServerless(view) || shrunkClass(view) !== null) return null;
  const anew = reconnecting(view);
  if (anew !== null)
    return `the writer moved ${anew.minutes} min ago and its clients come back until no slot is left: a larger class restarts it, and all of them come once more; first let fewer of them in (smaller pools, a pause between attempts, a pooler)`;
  const removed = readerRemoved(view);
  if (removed?.seen)
    return `a reader was removed ${removed.minutes} min ago (${removed.id}): one more again, as the smallest number of the autoscaling, has room without a restart of this one, which has its reads as well`;
  const times = fillsTwice(view);
  if (times !== null)
    return `${Math.round(times)} times the statements of this hour come in, and at the CPU of other days twice the vCPUs would be full of them, too: first see what sends them (a cache that is gone, retries, a crawler)`;
  const dominant = dominantStatement(view);
  const suspect = dominant === null ? slowSuspect(view) : null;
  if (suspect !== null) return `${suspect}: first see whether an index serves it`;
  if (dominant === null && asksForMore(view)) return null;
  if (dominant === null)
    return "no statement was seen that takes it, and a larger class restarts everything and may be filled the same way: first look at what runs";
  if (dominant.percent < mostPercent) return null;
  return `one statement takes ${Math.round(dominant.percent)} % of the time (${dominant.query}): first see what changed about it; a larger class restarts everything and may be filled the same way`;
}

/** The next size has twice the vCPUs, at the most. */
const nextSize = 2;

/** How many times as many statements come as a rule, where their CPU would fill the next size as well; null otherwise. */
function fillsTwice(view: View): number | null {
  const [queries, cpu] = [metricFact(view, "Queries"), metricFact(view, "CPUUtilization")];
  const [usual, spent] = [queries, cpu].map((fact) => (fact === null ? null : usualHigh(fact)));
  if (queries === null || !usual || !spent) return null;
  const times = queries.latest / usual;
  return times >= grown && times * spent >= nextSize * view.thresholds.cpuPercent ? times : null;
}

/** What is more than on a busier day than others, and what it is as a rule at this time; null where it is not, or not known. */
function grownOf(view: View, id: string): { readonly fact: MetricFact; readonly usual: number } | null {
  const fact = metricFact(view, id);
  const usual = fact === null ? null : usualHigh(fact);
  return fact === null || usual === null || fact.latest < grown * usual ? null : { fact, usual };
}

/** Statements come in over the network, and their answers go out: of an import only the bytes that come in are more. */
export function asksForMore(view: View): boolean {
  if (grownOf(view, "Queries") !== null) return true;
  return moreAsked(view).length > 0 && grownOf(view, "NetworkTransmitThroughput") !== null;
}

type Line = { readonly source: string; readonly says: string };

/**
 * "2 MiB a second come in from clients, …: they ask for more", and how many they are where that grew, too; empty where
 * they do not, and for a replica, which is sent its source's log as well.
 */
export function moreAsked(view: View): readonly Line[] {
  const asked = (selfOf(view)?.replicaOf ?? null) === null ? grownOf(view, "NetworkReceiveThroughput") : null;
  if (asked === null) return [];
  const { fact, usual } = asked;
  const says = `${bytesText(fact.latest)} a second come in from clients, ${bytesText(usual)} as a rule at this time: they ask for more`;
  return [{ source: fact.id, says }, ...moreClients(view)];
}

function moreClients(view: View): readonly Line[] {
  const clients = grownOf(view, "DatabaseConnections")?.fact;
  // Who came from a reader that is gone was sent by nobody.
  if (clients === undefined || readerRemoved(view)?.seen) return [];
  const count = (value: number): string => String(Math.round(value));
  const says = `${count(clients.latest)} connections${baselineText(clients, count)}: who sent them here (a campaign, a crawler, retries) can send fewer`;
  return [{ source: clients.id, says }];
}

/** "; 24450 statements a second, 4094 as a rule": where it is more work, and not work that takes longer; Aurora MySQL alone counts them. */
export function moreStatements(view: View): string {
  const queries = grownOf(view, "Queries");
  if (queries === null) return "";
  const removed = readerRemoved(view);
  const since =
    removed === null
      ? ""
      : `${removed.seen ? ", since" : ";"} reader ${removed.id} was removed ${removed.minutes} min ago`;
  return `; ${Math.round(queries.fact.latest)} statements a second, ${Math.round(queries.usual)} as a rule${since}`;
}

/** "; 24 of 24 calls in the slow log …": where nothing else tells what takes it. */
export function suspectText(view: View): string {
  const suspect = dominantStatement(view) === null ? slowSuspect(view) : null;
  return suspect === null ? "" : `; ${suspect}`;
}

/** Less is nobody beside whom another stands out. */
const othersPercent = 5;

/** "; user partner_sync makes 73 % of the load, …": where no statement stands out, and one of several accounts does. */
export function busiestUser(view: View): string {
  const accounts = loadShares(view, "user").filter(({ percent }) => percent >= othersPercent);
  if (accounts.length < 2 || (dominantStatement(view)?.percent ?? 0) >= mostPercent) return "";
  const user = heaviestUser(view);
  return user === null ? "" : `; ${user}`;
}
