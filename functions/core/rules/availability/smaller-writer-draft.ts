import {
  formerText,
  isBusySince,
  type SmallerWriter,
  sizeText,
  smallerWriter,
} from "../../facts/smaller-writer.ts";
import type { View } from "../../facts/view.ts";
import { shellWord } from "../../text/aws-call.ts";
import type { FindingDraft } from "../define.ts";

interface SmallerDraft {
  readonly says: string;
  readonly evidence: FindingDraft["evidence"];
  readonly explains: FindingDraft["explains"];
}

/** What a failover to a smaller member adds to its finding; null where it went to no smaller one. */
export function smallerWriterDraft(view: View): SmallerDraft | null {
  const smaller = smallerWriter(view);
  if (smaller === null) return null;
  const because = "the new writer has a smaller class";
  return {
    says: `; the writer is ${sizeText(smaller.to)} now, was ${sizeText(smaller.from)}`,
    evidence: [
      { source: "DescribeDBInstances", says: `as large as the former writer: ${formerText(view, smaller)}` },
      backText(view, smaller),
    ],
    explains: [...(isBusySince(view, smaller) ? cpuCauses : []), ...sizeCauses].map((cause) => ({
      cause,
      because,
    })),
  };
}

const cpuCauses = ["cpu-saturated", "instance-undersized"] as const;
const sizeCauses = [
  "memory-pressure",
  "connections-near-limit",
  "too-many-connections",
  "cache-too-small",
  "io-saturated",
  "instance-limit-reached",
  "burst-balance-exhausted",
] as const;

/**
 * The failover machine holds while a writer answers, and so is not offered; this is a person's.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_FailoverDBCluster.html
 */
function backText(
  { evidence: { target } }: View,
  { former, from }: SmallerWriter,
): FindingDraft["evidence"][number] {
  const region = target.region === null ? "" : ` --region ${shellWord(target.region)}`;
  const call =
    target.clusterId === null
      ? ""
      : `: aws rds failover-db-cluster --db-cluster-identifier ${shellWord(target.clusterId)} --target-db-instance-identifier ${shellWord(former.id)}${region}`;
  return {
    source: "engine",
    says: `where the small one has too little room, the remedy is the writer on ${former.id} (${from}) again, not a larger class here${call}; every connection is cut for up to a minute; first see why it moved, and that ${former.id} is available and not busy with reports. Then a promotion tier of its own keeps the small one from being chosen`,
  };
}
