import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { minify } from "@swc/core";
import { poolPhrases } from "./pool-phrases.ts";
import { poolStrings } from "./pool-strings.ts";

/**
 * Bundles that a second minifier goes over, which finds some 3.5 % that esbuild leaves, and whose strings and phrases are
 * pooled, half as much again: all rules have to fit into a MB (SPEC Q1). None that acts is among them: their bytes are not worth the doubt.
 */
const squeezed = ["diagnose"];

/** Rewrites `<name>/index.js` of those that are in `names`. */
export async function squeeze(outdir: string, names: readonly string[]): Promise<void> {
  for (const name of names.filter((one) => squeezed.includes(one))) {
    const file = join(outdir, name, "index.js");
    const { code } = await minify(await readFile(file, "utf8"), {
      ecma: 2022,
      compress: { passes: 4, toplevel: true },
      mangle: { toplevel: true },
    });
    await writeFile(file, poolPhrases(poolStrings(code)));
  }
}
