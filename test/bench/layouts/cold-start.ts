import { type Host, lambdaOf } from "./fleet.ts";
import type { Layout } from "./layout.ts";
import { median } from "./median.ts";

/** One function alone, in two fresh processes. */
export interface Start {
  readonly function: string;
  /** Of the bundle alone. */
  readonly loadMs: number;
  /** Process start to an empty event handled: loaded, wired, answered. */
  readonly emptyMs: number;
  /** Processor time of that: the same however busy the machine is. */
  readonly emptyCpuMs: number;
  /** Process start to the function's first event of an incident handled; null for who has none before the first message. */
  readonly firstMs: number | null;
  /** The same event again, in the same process: the work without the start. */
  readonly againMs: number | null;
}

export interface ColdStart extends Start {
  readonly layout: string;
  readonly kB: number;
}

/** Every function answers it once its adapters are wired. */
const wakeUp = { wake: true };

/** One after the other, so that none waits for another one's processor. */
export async function startEach(
  layout: Layout,
  host: Host,
  events: ReadonlyMap<string, unknown>,
  which: (name: string) => boolean,
): Promise<readonly Start[]> {
  const starts: Start[] = [];
  for (const { name } of layout.bundles.filter((bundle) => which(bundle.name))) {
    const { loadMs, cpuMs: emptyCpuMs, firstMs: emptyMs } = await startOnce(layout, name, host, wakeUp);
    const event = events.get(name);
    const { firstMs, againMs } =
      event === undefined ? { firstMs: null, againMs: null } : await startOnce(layout, name, host, event);
    starts.push({ function: name, loadMs, emptyMs, emptyCpuMs, firstMs, againMs });
  }
  return starts;
}

async function startOnce(layout: Layout, name: string, host: Host, event: unknown) {
  const fn = lambdaOf(layout, name, host);
  const took = async (): Promise<number> => {
    const from = performance.now();
    await fn.handle(event);
    return performance.now() - from;
  };
  try {
    const firstMs = await took();
    const { loadMs = 0, cpuMs = 0 } = fn.spent() ?? {};
    return { loadMs, cpuMs, firstMs, againMs: await took() };
  } finally {
    await fn.stop();
  }
}

export function coldStarts(layout: Layout, starts: readonly Start[]): readonly ColdStart[] {
  return layout.bundles.map(({ name, bytes }) => {
    const own = starts.filter((start) => start.function === name);
    const of = (key: "loadMs" | "emptyMs" | "emptyCpuMs" | "firstMs" | "againMs"): number | null => {
      const values = own.map((start) => start[key]).filter((value) => value !== null);
      return values.length === 0 ? null : median(values);
    };
    return {
      layout: layout.name,
      function: name,
      kB: Math.round(bytes / 1000),
      loadMs: of("loadMs") ?? 0,
      emptyMs: of("emptyMs") ?? 0,
      emptyCpuMs: of("emptyCpuMs") ?? 0,
      firstMs: of("firstMs"),
      againMs: of("againMs"),
    };
  });
}
