import { cpuPressure, cpuQueue, queueing } from "../../facts/cpu-pressure.ts";
import { atTheVolume } from "../../facts/idle-resources.ts";
import { heaviestUser, isWriting, type LoadShare, loadShares, totalLoad } from "../../facts/insights.ts";
import { ioPressure } from "../../facts/io-pressure.ts";
import { lastingFor, type MetricFact, metricFact } from "../../facts/metric-facts.ts";
import { fromOutside, percentText, vcpusOfTarget } from "../../facts/rds-facts.ts";
import { rowWaitsByHandler, wantsRows } from "../../facts/row-waits-by-handler.ts";
import { isAsEver } from "../../facts/usual.ts";
import type { View } from "../../facts/view.ts";
import { loadAt } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { isBuildStatement, isMaintenanceStatement } from "../../text/statement-kind.ts";
import { lasted, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";
import { slowLogDraft } from "./slow-log-draft.ts";

/** Work, rather than a wait for somebody: the CPU, and pages that are not in memory. */
const reading = {
  test: (name: string): boolean => waitNames.page.test(name) || /io\/table\/sql\/handler/i.test(name),
};
const background = /^(autovacuum:|checkpoint\b)/i;

/** Fewer may wait for InnoDB's rows or its own latches: "io/table/sql/handler" is any work of a storage engine. */
const someRead = 0.2;
const mostPercent = 50;
const ofItsLoad = 0.6;
/** Of all vCPUs. */
const halfOf = 0.5;
/** Sessions for each vCPU: what a busy hour has, too. */
const crowded = 2;

/**
 * Without a look inside: one statement makes most of a load that is far above the CPUs, or that keeps them busy to the
 * last, by working and not by waiting.
 */
export function outsideStatement(view: View): readonly FindingDraft[] {
  const vcpus = vcpusOfTarget(view);
  const load = metricFact(view, "DBLoad");
  const [first] = loadShares(view, "statement");
  if (first === undefined) return slowLogDraft(view);
  if (vcpus === null || load === null || isAsEver(load)) return [];
  const far = first.load < vcpus ? null : lastingFor(view, load, (value) => value >= crowded * vcpus);
  const minutes = far ?? takesTheCpus(view, load, first);
  const query = statementText(first.name);
  if (minutes === null || query === null || percentOf(view, first) < mostPercent) return [];
  // Of storage that is short everybody reads slowly: who is to blame, and who suffers, looks alike.
  if (isSpecial(first.name) || (ioPressure(view)?.severity ?? "P3") !== "P3") return [];
  if (rowWaitsByHandler(view) !== null) return [];
  const { read, computes } = workOf(view, first);
  if (read + computes + shareOf(first, waitNames.parallel) < ofItsLoad) return [];
  const readers = read >= someRead ? `${percentText(100 * read)} of them read pages, ` : "";
  const resource = read >= 0.5 ? "pages that are not in memory" : "the CPU";
  const because = "one statement takes it";
  const user = heaviestUser(view);
  return [
    {
      subject: "insights",
      severity: "P2",
      confidence: fromOutside(view, 0.7),
      summary: `One statement makes ${Math.round(percentOf(view, first))} % of a load of ${Math.round(load.latest - connecting(view))} on ${vcpus} vCPUs for ${lasted(minutes)}, by ${resource}${user === null ? "" : ` (${user})`}: ${query}`,
      evidence: [
        {
          source: "Performance Insights",
          says: `${Math.round(first.load)} sessions at a time run it, ${readers}${percentText(100 * computes)} want a CPU; how it is planned could not be seen`,
        },
        {
          source: "engine",
          says: "what would change it: an index that fits its condition, fewer rows, or taking back the release that brought it",
        },
      ],
      explains: [
        { cause: "cpu-saturated", because },
        { cause: "io-saturated", because },
        { cause: "cache-too-small", because },
        { cause: "instance-undersized", because },
        { cause: "connections-near-limit", because: "who runs long keeps its connection" },
      ],
      actions: [],
    },
  ];
}

/** As shares of it. The state of a thread does not tell who computes from who reads: the machine does. */
function workOf(view: View, first: LoadShare): { readonly read: number; readonly computes: number } {
  const read = shareOf(first, reading);
  const step = wantsRows(first.name) ? 0 : Math.max(0, shareOf(first, waitNames.work) - read);
  return {
    read: read + (atTheVolume(view, first.load) ? step : 0),
    computes: shareOf(first, waitNames.cpu) + (cpuPressure(view) === null ? 0 : step),
  };
}

/** Who waits for a connection has no statement yet. */
function connecting(view: View): number {
  return totalLoad(loadShares(view, "wait-event").filter(({ name }) => waitNames.newConnection.test(name)));
}

/** Of what statements do. */
function percentOf(view: View, { load, percent }: LoadShare): number {
  const all = (100 * load) / percent - connecting(view);
  return Math.min(100, (100 * load) / Math.max(load, all));
}

/**
 * For how long the CPUs have all been busy, where this one makes most of what wants them: by the queue of sessions; without
 * one, by the CPU that is far busier than usual, of which it takes half by itself.
 */
function takesTheCpus(view: View, load: MetricFact, first: LoadShare): number | null {
  const queue = cpuQueue(view);
  const pressure = cpuPressure(view);
  if (queue === null || pressure === null || pressure.severity === "P3") return null;
  const wanted = first.load * shareOf(first, waitNames.cpu);
  if (100 * wanted < mostPercent * queue.sessions) return null;
  const vcpus = queue.sessions / queue.perCpu;
  if (queue.perCpu >= queueing) return lastingFor(view, load, (value) => value >= vcpus);
  const cpu = metricFact(view, "CPUUtilization");
  if (cpu === null || pressure.usual || wanted < halfOf * vcpus) return null;
  return lastingFor(view, cpu, (value) => value >= view.thresholds.cpuPercent);
}

/** Other rules tell of what writes, and of the database's own work. */
function isSpecial(name: string): boolean {
  return (
    background.test(name.trim()) || isWriting(name) || isMaintenanceStatement(name) || isBuildStatement(name)
  );
}

function shareOf(statement: LoadShare, names: Pick<RegExp, "test">): number {
  return statement.load <= 0 ? 0 : loadAt(statement, names) / statement.load;
}
