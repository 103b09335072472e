import { metricFact } from "./metric-facts.ts";
import type { View } from "./view.ts";

const metric = "TransactionAgeMaximum";
/** Younger ones come and go. */
const oldSeconds = 300;

interface OldestTransaction {
  /** The instance on which it is open. */
  readonly id: string;
  readonly seconds: number;
}

/**
 * The oldest transaction of an Aurora MySQL cluster by CloudWatch, on whichever member it is open: a long read on a
 * reader holds back the writer's purge, too. Null where none is old, or no member publishes it (before 3.08).
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
export function oldestTransactionOutside(view: View): OldestTransaction | null {
  const { target, context } = view.evidence;
  const ids = new Set([target.name, ...(context?.topology?.members ?? []).map(({ id }) => id)]);
  const found = [...ids].flatMap((id) => {
    const seconds = metricFact(view, metric, id)?.latest ?? 0;
    return seconds < oldSeconds ? [] : [{ id, seconds }];
  });
  return found.toSorted((a, b) => b.seconds - a.seconds)[0] ?? null;
}
