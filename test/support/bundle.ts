import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { bundleHandlers, handlerNames } from "../../lib/bundle-handlers.ts";

export interface HandlerBundle {
  /** Name of the file in functions/handlers. */
  readonly name: string;
  readonly bytes: number;
  /** Time that a fresh Node process takes to load the bundle. */
  readonly loadMs: number;
  /** What `typeof handler` says there. */
  readonly handler: string;
  /** How often text was compiled as code meanwhile. */
  readonly compiled: number;
  /** Files that went into the bundle, relative to the repository. */
  readonly inputs: readonly string[];
  readonly text: string;
}

/** The bundles as the stack ships them, each loaded in a Node process that knows nothing of this repository. */
export async function loadBundles(): Promise<readonly HandlerBundle[]> {
  const directory = await mkdtemp(join(tmpdir(), "rds-responder-bundles-"));
  try {
    const { outputs } = await bundleHandlers(directory);
    const bundles: HandlerBundle[] = [];
    for (const name of handlerNames()) {
      const output = Object.entries(outputs).find(([file]) => file.endsWith(`/${name}/index.js`))?.[1];
      const file = join(directory, name, "index.js");
      const text = await readFile(file, "utf8");
      const loaded = await load(file, directory);
      const inputs = Object.keys(output?.inputs ?? {});
      bundles.push({ name, bytes: Buffer.byteLength(text), inputs, text, ...loaded });
    }
    return bundles;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const loadedSchema = z.object({ handler: z.string(), loadMs: z.number(), compiled: z.number() });

/** A file, because `node -e` has a global require, which hides that a bundle lacks its own. */
const loader = `
let compiled = 0;
globalThis.Function = new Proxy(Function, {
  construct: (target, args) => {
    compiled += 1;
    return Reflect.construct(target, args);
  },
});
const started = process.hrtime.bigint();
const { handler } = require(process.argv[2]);
const loadMs = Number(process.hrtime.bigint() - started) / 1e6;
process.stdout.write(JSON.stringify({ handler: typeof handler, loadMs, compiled }));
`;

async function load(file: string, cwd: string): Promise<z.infer<typeof loadedSchema>> {
  const main = join(cwd, "loader.cjs");
  await writeFile(main, loader);
  const { stdout } = await promisify(execFile)(process.execPath, [main, file], {
    cwd,
    env: {},
    timeout: 30_000,
  });
  return loadedSchema.parse(JSON.parse(stdout));
}
