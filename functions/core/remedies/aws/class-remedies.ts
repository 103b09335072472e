import { scaleInstanceClassOffer } from "../../actions/aws/scale-instance-class.ts";
import { type NextClass, nextClass, timesOf } from "../../actions/aws-calls/class-sizes.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { apiEngine, databaseKind, runsServerless } from "../../facts/database-kind.ts";
import { othersOf, selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { type Happened, shrunkClass } from "../../facts/what-changed.ts";
import {
  type Asked,
  type AwsRemedy,
  askTable,
  callOf,
  offerCall,
  pendingText,
  showCalls,
  shownNow,
  withholdCall,
} from "./aws-proposal.ts";
import { raiseServerlessCapacity } from "./capacity-remedies.ts";

/** `first`: what costs nothing and is to be tried before, in a sentence. */
export function scaleInstanceClass(view: View, first: string = ""): readonly ProposedAction[] {
  if (runsServerless(view)) return raiseServerlessCapacity(view, first);
  const asked = askTable(view, "scale-class");
  if (asked.is === "none") return [];
  const now = selfOf(view)?.instanceClass ?? view.evidence.target.instanceClass;
  const shrunk = shrunkClass(view);
  const next = now === null ? null : targetOf(view, now, shrunk?.from ?? null);
  const remedy = remedyOf(view, {
    does: doesText(view, now, next, shrunk?.from ?? null),
    times: next?.is === "next" ? next.times : null,
    price: now !== null && next?.is === "next" ? priceText(view, now, next.name) : "",
    first: shrunk === null ? first : shrunkText(shrunk),
  });
  if (asked.is === "unknown") return [withholdCall(remedy, asked.because)];
  if (now === null || next === null) {
    return [withholdCall(remedy, "its class could not be seen, and the call names the next one")];
  }
  if (next.is !== "next") return [withholdCall(remedy, noNext(view, now, next.is))];
  const refused = refusedNow(view);
  if (refused !== null) return [withholdCall(remedy, refused)];
  return [scaled(view, asked, { from: now, to: next.name }, remedy)];
}

/** The same, where something else comes first: told, without a call. */
export function withheldClass(view: View, because: string): readonly ProposedAction[] {
  return scaleInstanceClass(view).map(({ id, spec, risk, describes, consequence }) =>
    withholdCall({ id, spec, risk, describes, consequence }, because),
  );
}

function scaled(
  view: View,
  asked: Extract<Asked, { is: "call" }>,
  { from, to }: { readonly from: string; readonly to: string },
  remedy: AwsRemedy,
): ProposedAction {
  const name = asked.row.whose === "cluster" ? "DBClusterInstanceClass" : "DBInstanceClass";
  const told = {
    ...remedy,
    consequence: `${remedy.consequence}${optimizing(view)}${pendingText(view, asked)}`,
  };
  const shown = showCalls(view, told, [callOf(asked, { [name]: to, ApplyImmediately: true })]);
  const input = { ...shownNow(view, asked), from, to };
  return offerCall(view, told, { offer: scaleInstanceClassOffer, input, purpose: "scale-class" }, shown);
}

/** What somebody took from it within a day is given back, rather than something in between. */
function targetOf(view: View, now: string, before: string | null): NextClass {
  return before === null
    ? nextClass(now, view.evidence.target.flavour === "aurora")
    : { is: "next", name: before, times: timesOf(before, now) };
}

function doesText(
  { evidence }: View,
  now: string | null,
  next: NextClass | null,
  before: string | null,
): string {
  const { name } = evidence.target;
  if (before !== null) return `back to ${before} from ${now ?? "its class"} for ${name}`;
  return `the next class above ${now ?? "its own"}${next?.is === "next" ? `, ${next.name},` : ""} for ${name}`;
}

function shrunkText({ says, from }: Happened): string {
  return from === null
    ? `Its class was larger before (${says}): the call in CloudTrail tells what it was, and that is what to go back to.`
    : `It undoes ${says}.`;
}

function noNext(view: View, now: string, is: "last" | "unknown"): string {
  const why =
    is === "last" ? `${now} is the largest of its family` : `what comes after ${now} is not known here`;
  const version = view.evidence.target.engineVersion;
  const at = version === null ? "" : ` --engine-version ${version}`;
  return `${why}; aws rds describe-orderable-db-instance-options --engine ${apiEngine(view)}${at} lists the others`;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html */
function refusedNow(view: View): string | null {
  const status = selfOf(view)?.status ?? null;
  const made = othersOf(view).find((one) => one.status === "creating");
  if (made !== undefined) return `${made.id} is being created: first see what it takes over`;
  return status === null || status === "available" || status === "storage-optimization"
    ? null
    : `its status is ${status}, and RDS takes a change of the class only while it is available`;
}

/** No page says whether a class can be changed meanwhile. */
function optimizing(view: View): string {
  return selfOf(view)?.status === "storage-optimization"
    ? " RDS may refuse it while the storage is being optimized."
    : "";
}

interface Told {
  readonly does: string;
  readonly times: number | null;
  readonly price: string;
  readonly first: string;
}

/** By the list that the settings have, with its date: there is none otherwise. */
function priceText({ policy: { prices } }: View, from: string, to: string): string {
  if (prices === null) return "";
  const { asOf, source, currency, perHour } = prices;
  const [before, after] = [perHour[from], perHour[to]];
  const list = `${source}, ${asOf}`;
  if (before === undefined || after === undefined) return ` (by how much is not known: not in ${list})`;
  const more = Math.round((after - before) * 1000) / 1000;
  return ` (${more} ${currency} more an hour for each instance: ${list})`;
}

function remedyOf(view: View, { does, times, price: more, first }: Told): AwsRemedy {
  const price = times === null ? "costs more" : `costs about ${times} times as much`;
  return {
    id: "scale-instance-class",
    spec: ["A20"],
    risk: "disruptive",
    describes: does,
    consequence: `${first === "" ? "" : `${first} `}An outage of ${outage(view)}; ${price}${more}. Its cache is empty afterwards. Refused where the class cannot be ordered in its zone. Not while a large transaction is open: its rollback comes on top.`,
  };
}

function outage(view: View): string {
  if (databaseKind(view) === "multi-az-cluster")
    return "about a minute for each of its instances, with a failover";
  switch (selfOf(view)?.multiAz ?? null) {
    case true:
      return view.evidence.target.flavour === "aurora"
        ? "minutes on this member, while it restarts"
        : "about a minute, for a failover";
    case false:
      return "minutes, while it restarts";
    default:
      return "minutes, or about one where it has a standby, which could not be seen";
  }
}
