import { normaliseQuery } from "../text/normalise-query.ts";
import { cut, oneLine, withoutSecrets } from "./line-text.ts";
import { workIn } from "./logged-work.ts";
import type { LoggedEnd } from "./pick-lines.ts";
import type { ReadRecord } from "./read-processes.ts";
import { rowHolders } from "./row-holders.ts";
import { tableQueues } from "./table-queues.ts";

interface Shown {
  readonly queryText: "normalised" | "raw";
  readonly maxLineLength: number;
}

/** A list of a thousand processes. */
const maxDetail = 16_000;

/** Who waits for what by the end of PostgreSQL's log, and what work it tells of. */
export function endOf(parts: readonly ReadRecord[], { queryText, maxLineLength }: Shown): LoggedEnd {
  const records = parts.map(({ text, doubted }) => ({ text: text.slice(0, maxDetail), doubted }));
  const shown = (text: string) => {
    const clean = queryText === "raw" ? oneLine(text) : normaliseQuery(text, "postgres");
    return cut(withoutSecrets(clean), maxLineLength);
  };
  const [queues, holders] = [tableQueues(records, shown), rowHolders(records, shown)];
  return {
    ...(queues.length === 0 ? {} : { queues: [...queues] }),
    ...(holders.length === 0 ? {} : { rowHolders: [...holders] }),
    ...workIn(records, shown),
  };
}
