import { createLambda, type LambdaFunction } from "./lambda-process.ts";
import type { Layout } from "./layout.ts";

export interface Host {
  readonly runtime: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The functions of a layout, none of them started. */
export interface Fleet {
  handle(fn: string, event: unknown): Promise<unknown>;
  /** Resolves when no function is at work. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export function createFleet(layout: Layout, host: Host): Fleet {
  const functions = new Map(layout.bundles.map(({ name }) => [name, lambdaOf(layout, name, host)]));
  const all = (): LambdaFunction[] => [...functions.values()];
  return {
    handle: async (name, event) => {
      const fn = functions.get(name);
      if (fn === undefined) throw new Error(`the ${layout.name} layout has no function ${name}`);
      return fn.handle(event);
    },
    idle: async () => {
      await Promise.all(all().map((fn) => fn.idle()));
    },
    stop: async () => {
      await Promise.all(all().map((fn) => fn.stop()));
    },
  };
}

export function lambdaOf(layout: Layout, name: string, { runtime, env }: Host): LambdaFunction {
  const bundle = layout.bundles.find((one) => one.name === name);
  if (bundle === undefined) throw new Error(`no bundle of ${name}`);
  return createLambda({ name, runtime, env, bundle: bundle.file });
}
