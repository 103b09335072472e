import { scaleServerlessCapacityOffer } from "../../actions/aws/scale-serverless-capacity.ts";
import type { ProposedAction } from "../../contract/finding.ts";
import { apiEngine } from "../../facts/database-kind.ts";
import type { View } from "../../facts/view.ts";
import {
  type AwsRemedy,
  askTable,
  callOf,
  offerCall,
  pendingText,
  showCalls,
  shownNow,
  withholdCall,
} from "./aws-proposal.ts";

/** Every version takes this much; which ones take more is asked of RDS (ServerlessV2FeaturesSupport). */
const everyVersionAcu = 128;
const mostAcu = 256;

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html */
export function raiseServerlessCapacity(view: View, first: string = ""): readonly ProposedAction[] {
  const asked = askTable(view, "scale-capacity");
  if (asked.is === "none") return [];
  const range = view.evidence.context?.topology?.cluster?.serverless ?? null;
  const wanted = wantedAcu(range?.maxAcu ?? null);
  const remedy = remedyOf(
    typeof wanted === "number"
      ? `raise the largest capacity of the cluster from ${range?.maxAcu} to ${wanted} ACU`
      : "raise the largest capacity of the cluster",
    first,
  );
  if (asked.is === "unknown") return [withholdCall(remedy, asked.because)];
  if (typeof wanted === "string") return [withholdCall(remedy, `${wanted}${versionQuestion(view, wanted)}`)];
  if (range === null || range.minAcu === null) {
    return [withholdCall(remedy, "its smallest capacity, which has to go along, could not be seen")];
  }
  // With a minimum of 0 it pauses; the seconds until then are part of the range.
  const pause =
    range.minAcu === 0 && range.autoPauseSeconds !== null
      ? { SecondsUntilAutoPause: range.autoPauseSeconds }
      : {};
  const told = { ...remedy, consequence: `${remedy.consequence}${pendingText(view, asked)}` };
  const shown = showCalls(view, told, [
    callOf(asked, {
      ServerlessV2ScalingConfiguration: { MinCapacity: range.minAcu, MaxCapacity: wanted, ...pause },
      ApplyImmediately: true,
    }),
  ]);
  const { minAcu, maxAcu, autoPauseSeconds } = range;
  const input = {
    ...shownNow(view, asked),
    ...{ fromAcu: maxAcu ?? wanted, minAcu, maxAcu: wanted },
    ...(minAcu === 0 && autoPauseSeconds !== null ? { pauseSeconds: autoPauseSeconds } : {}),
  };
  const offering = { offer: scaleServerlessCapacityOffer, input, purpose: "scale-capacity" } as const;
  return [offerCall(view, told, offering, shown)];
}

/** Twice as much, in half steps; a sentence where that cannot be told. */
function wantedAcu(maxAcu: number | null): number | string {
  if (maxAcu === null) return "its largest capacity could not be seen, and the call names the new one";
  if (maxAcu >= mostAcu) return `${maxAcu} ACU is the most that there is`;
  if (maxAcu === everyVersionAcu) return `only some versions take more than ${everyVersionAcu} ACU`;
  return Math.min(maxAcu < everyVersionAcu ? everyVersionAcu : mostAcu, Math.ceil(maxAcu * 4) / 2);
}

function versionQuestion(view: View, because: string): string {
  if (!because.startsWith("only some")) return "";
  const version =
    view.evidence.context?.topology?.cluster?.engineVersion ?? view.evidence.target.engineVersion;
  const at = version === null ? "" : ` --engine-version ${version}`;
  return `; aws rds describe-db-engine-versions --engine ${apiEngine(view)}${at} tells by ServerlessV2FeaturesSupport.MaxCapacity`;
}

function remedyOf(describes: string, first: string): AwsRemedy {
  return {
    id: "scale-serverless-capacity",
    spec: ["A21"],
    risk: "disruptive",
    describes,
    consequence: `${first === "" ? "" : `${first} `}No downtime; every db.serverless member may grow so far, and costs by what it uses. max_connections does not grow before each of them is rebooted; on PostgreSQL it stays at 2,000 while the minimum is 0.5 ACU or less.`,
  };
}
