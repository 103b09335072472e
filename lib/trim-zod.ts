import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";
import { withoutCode } from "./without-code.ts";

/** What zod brings along whether it is asked or not. `words`: all that the sources speak of. */
export function trimZod(words: ReadonlySet<string>): readonly Plugin[] {
  return [classicSchemas(words), ...(words.has("toJSONSchema") ? [] : [jsonSchemas])];
}

/** A schema can describe itself as JSON Schema. */
const jsonSchemas: Plugin = withoutCode(
  "JSON Schema of zod",
  /zod[/\\]v4[/\\]core[/\\](to-json-schema|json-schema-processors)\.js$/,
);

/**
 * Its schemas without what nobody here asks of them. Its helpers by way of an index are one object to the bundler, kept
 * whole; from their own file, each stands alone.
 */
function classicSchemas(words: ReadonlySet<string>): Plugin {
  return {
    name: "schemas of zod",
    setup: (build) => {
      build.onLoad({ filter: /zod[/\\]v4[/\\]classic[/\\]schemas\.js$/ }, ({ path }) => ({
        contents: withoutCompiler(withoutCycles(spokenOf(readFileSync(path, "utf8"), words)))
          .replace('import { util } from "../core/index.js";', 'import * as util from "../core/util.js";')
          .replaceAll("core.util.", "util."),
      }));
    },
  };
}

/** A string can be asked to be 30 formats, each with its pattern; methods that only add a check stay by their names. */
function spokenOf(source: string, words: ReadonlySet<string>): string {
  const method = /^ {4}(\w+)\([\w., ]*\) \{\n {8}return this\.check\(.*\);\n {4}\},\n/gm;
  return source.replace(method, (whole, name: string) => (words.has(name) ? whole : ""));
}

/** Each process runs with `jitless` (bundle-handlers.ts), where this class parses as the one that it derives from. */
function withoutCompiler(source: string): string {
  return source.replace("core.$ZodObjectJIT.init(inst, def);", "core.$ZodObject.init(inst, def);");
}

/** What closes a value that contains itself, which zod/mini leaves out too: events and rows were JSON or tables before. */
function withoutCycles(source: string): string {
  return source.replace("core.config({ memoizer: core.memoizer() });", ";");
}
