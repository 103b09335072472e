import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { OutputFile } from "esbuild";

export interface BundleOptions {
  readonly root: string;
  /** Where the bundle goes, under a name made of its content. */
  readonly folder: string;
  /** Where the list of what went into it goes; its first line is about the bundle. */
  readonly stamp: string;
  /** One line of that list. */
  readonly lineOf: (path: string) => string;
}

/** Files beside the sources that decide what a bundle contains: what tells the bundler how, and the bundler. */
const alsoDecide = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "bin/cli/build-bundle.ts",
  "bin/cli/bundle-cache.mjs",
  "node_modules/esbuild/package.json",
];

/** Somebody may be starting from the one before; older ones go. */
const keptBundles = 2;

/** Some file systems keep time in whole seconds. */
const coarsestMs = 1000;

/**
 * Bundles the command line; resolves with the file. Whoever starts it at the same time finds the old bundle or the new
 * one, never half of one; and when somebody else bundles other sources at the same time, each list names its own bundle.
 * Rejects when esbuild is not installed, a source does not parse, or nothing can be written.
 */
export async function buildBundle({ root, folder, stamp, lineOf }: BundleOptions): Promise<string> {
  const { build } = await import("esbuild");
  const startedMs = Date.now();
  mkdirSync(folder, { recursive: true });
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["bin/responder.ts"],
    outfile: join(folder, "responder.cjs"),
    bundle: true,
    write: false,
    metafile: true,
    logLevel: "silent",
    platform: "node",
    // An ESM bundle of pg or mysql2 fails at load; "module" first, or whole SDK clients are taken in.
    format: "cjs",
    mainFields: ["module", "main"],
    target: "node24",
    charset: "utf8",
    sourcemap: "linked",
    sourcesContent: false,
    // Native bindings that nobody has installed; pg asks for them only when told to.
    external: ["pg-native"],
  });
  const file = writeBundle(outputFiles, folder);
  const inputs = Object.keys(metafile.inputs);
  const lines = [relative(root, file), ...inputs, ...alsoDecide].map(lineOf);
  const savedMs = inputs.map((path) => statSync(resolve(root, path)).mtimeMs);
  // Whatever was saved while the bundler ran may be in the bundle or not: the next start makes a new one.
  if (Math.max(...savedMs) > startedMs - coarsestMs) {
    rmSync(stamp, { force: true });
    return file;
  }
  replace(stamp, lines.join("\n"));
  removeOlder(folder);
  return file;
}

/** Returns the bundle's file; its source map lies beside it. */
function writeBundle(outputs: readonly OutputFile[], folder: string): string {
  const hash = createHash("sha256");
  for (const { contents } of outputs) hash.update(contents);
  const name = `responder-${hash.digest("hex").slice(0, 16)}.cjs`;
  for (const { path, text } of outputs) {
    const isMap = path.endsWith(".map");
    const named = isMap ? text : text.replace(/responder\.cjs\.map\s*$/, `${name}.map\n`);
    replace(join(folder, isMap ? `${name}.map` : name), named);
  }
  return join(folder, name);
}

/** All or nothing, for whoever reads it meanwhile. */
function replace(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}

function removeOlder(folder: string): void {
  const bundles = readdirSync(folder)
    .filter((name) => /^responder.*\.cjs$/.test(name))
    .map((name) => ({ name, savedMs: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((one, other) => other.savedMs - one.savedMs);
  for (const { name } of bundles.slice(keptBundles)) {
    for (const gone of [name, `${name}.map`]) rmSync(join(folder, gone), { force: true });
  }
}
