import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

export interface BundleOptions {
  readonly root: string;
  /** Where the bundle goes. */
  readonly file: string;
  /** Where the list of what went into it goes. */
  readonly stamp: string;
  /** One line of that list. */
  readonly lineOf: (path: string) => string;
}

/** Files beside the sources that decide what a bundle contains. */
const alsoDecide = ["package.json", "package-lock.json", "tsconfig.json"];

/** Some file systems keep time in whole seconds. */
const coarsestMs = 1000;

/**
 * Bundles the command line. Whoever starts it at the same time finds the old bundle or the new one, never half of
 * one. Rejects when esbuild is not installed, a source does not parse, or nothing can be written.
 */
export async function buildBundle({ root, file, stamp, lineOf }: BundleOptions): Promise<void> {
  const { build } = await import("esbuild");
  const startedMs = Date.now();
  const draft = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["bin/responder.ts"],
    outfile: file,
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
  for (const { path, contents } of outputFiles) {
    const written = path.replace(file, draft);
    writeFileSync(written, contents);
    renameSync(written, path);
  }
  const inputs = [...Object.keys(metafile.inputs), ...alsoDecide, relative(root, file)];
  const savedMs = Object.keys(metafile.inputs).map((path) => statSync(resolve(root, path)).mtimeMs);
  // Whatever was saved while the bundler ran may be in the bundle or not: the next start makes a new one.
  if (Math.max(...savedMs) > startedMs - coarsestMs) {
    rmSync(stamp, { force: true });
    return;
  }
  writeFileSync(`${stamp}.${process.pid}`, inputs.map(lineOf).join("\n"));
  renameSync(`${stamp}.${process.pid}`, stamp);
}
