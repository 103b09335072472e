import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import * as z from "zod";
import { bundling } from "../../lib/node-function.ts";

export interface HandlerBundle {
  /** Name of the file in functions/handlers. */
  readonly name: string;
  readonly bytes: number;
  /** Time that a fresh Node process takes to load the bundle. */
  readonly loadMs: number;
  /** What `typeof handler` says there. */
  readonly handler: string;
  /** Files that went into the bundle, relative to the repository. */
  readonly inputs: readonly string[];
  readonly text: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "functions/handlers");

/** Every handler: files of functions/handlers that export one. */
export async function handlerNames(): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts"));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return files
    .filter((_, index) => texts[index]?.includes("export const handler"))
    .map((file) => basename(file, ".ts"));
}

/** Bundles handlers as the stack does, and loads each in a Node process that knows nothing of this repository. */
export async function bundleHandlers(names?: readonly string[]): Promise<readonly HandlerBundle[]> {
  const directory = await mkdtemp(join(tmpdir(), "rds-responder-bundles-"));
  try {
    const bundles: HandlerBundle[] = [];
    for (const name of names ?? (await handlerNames())) bundles.push(await bundleOne(name, directory));
    return bundles;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Bundles any file as the stack bundles a handler. */
export async function bundleAsDeployed(entry: string, outfile: string): Promise<readonly string[]> {
  const { minify, sourceMap, target, esbuildArgs, mainFields, externalModules } = bundling();
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    metafile: true,
    logLevel: "silent",
    minify,
    sourcemap: sourceMap,
    target,
    charset: esbuildArgs["--charset"],
    alias: {
      "iconv-lite": esbuildArgs["--alias:iconv-lite"],
      "pg-pool": esbuildArgs["--alias:pg-pool"],
    },
    mainFields,
    external: externalModules,
  });
  return Object.keys(metafile.inputs);
}

async function bundleOne(name: string, directory: string): Promise<HandlerBundle> {
  const outfile = join(directory, `${name}.js`);
  const inputs = await bundleAsDeployed(join(folder, `${name}.ts`), outfile);
  const text = await readFile(outfile, "utf8");
  const loaded = await load(outfile, directory);
  return { name, bytes: Buffer.byteLength(text), inputs, text, ...loaded };
}

const loadedSchema = z.object({ handler: z.string(), loadMs: z.number() });

/** A file, because `node -e` has a global require, which hides that a bundle lacks its own. */
const loader = `
const started = process.hrtime.bigint();
const { handler } = require(process.argv[2]);
const loadMs = Number(process.hrtime.bigint() - started) / 1e6;
process.stdout.write(JSON.stringify({ handler: typeof handler, loadMs }));
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
