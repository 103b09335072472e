import { mysqlMemoryRows } from "../probes/mysql/memory-rows.ts";
import { describeSession, plural } from "../text/wording.ts";
import { memoryOf } from "./memory.ts";
import { bytesText, percentText } from "./rds-facts.ts";
import type { View } from "./view.ts";

export interface SessionMemory {
  /** To end the summary with: who takes a good part of it; empty where sessions take little, or how much is not known. */
  readonly ending: string;
  readonly evidence: readonly { readonly source: string; readonly says: string }[];
}

/** Of all the memory of the instance. */
const manyPercent = 25;
const onePercent = 10;

/** Nothing where the server does not count it. */
export function sessionMemory(view: View): SessionMemory {
  const row = view.rows(mysqlMemoryRows)?.[0];
  if (row === undefined) return { ending: "", evidence: [] };
  const { sessions, consumers, bufferPoolBytes } = row;
  const source = mysqlMemoryRows.id;
  const parts = (consumers ?? []).slice(0, 3).map(({ name, bytes }) => `${name} ${bytesText(bytes)}`);
  const pool = { source, says: `the buffer pool may take ${bytesText(bufferPoolBytes)}` };
  const most = parts.length === 0 ? [] : [{ source, says: `most is allocated for ${parts.join(", ")}` }];
  if (sessions === null) return { ending: "", evidence: [pool, ...most] };
  const all = memoryOf(view);
  const [largest] = sessions.largest;
  const of = (bytes: number): number => (all === null ? 0 : (100 * bytes) / all);
  const who = largest === undefined ? null : `${nameOf(view, largest.id)} ${bytesText(largest.bytes)}`;
  const total = `${plural(sessions.count, "session takes", "sessions take")} ${bytesText(sessions.bytes)}`;
  const evidence = [
    pool,
    { source, says: `${total}${who === null ? "" : `, the most of them ${who}`}` },
    ...most,
  ];
  if (largest !== undefined && of(largest.bytes) >= onePercent) {
    return { ending: `; one session takes ${percentText(of(largest.bytes))} of all: ${who}`, evidence };
  }
  const many = of(sessions.bytes) >= manyPercent;
  return { ending: many ? `; ${total}, ${percentText(of(sessions.bytes))} of all` : "", evidence };
}

function nameOf(view: View, id: number): string {
  const session = view.sessions?.find((one) => one.id === id);
  return session === undefined ? `connection ${id}` : describeSession(session, view.evidence.target.engine);
}
