import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";
import { withoutCode } from "./without-code.ts";

/** What zod brings along whether it is asked or not. `words`: all that the sources speak of. */
export function trimZod(words: ReadonlySet<string>): readonly Plugin[] {
  return [namedHelpers, ...(words.has("toJSONSchema") ? [] : [jsonSchemas])];
}

/** A schema can describe itself as JSON Schema. */
const jsonSchemas: Plugin = withoutCode(
  "JSON Schema of zod",
  /zod[/\\]v4[/\\]core[/\\](to-json-schema|json-schema-processors)\.js$/,
);

/** Its helpers by way of an index are one object to the bundler, kept whole; from their own file, each stands alone. */
const namedHelpers: Plugin = {
  name: "helpers of zod",
  setup: (build) => {
    build.onLoad({ filter: /zod[/\\]v4[/\\]classic[/\\]schemas\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replace('import { util } from "../core/index.js";', 'import * as util from "../core/util.js";')
        .replaceAll("core.util.", "util."),
    }));
  },
};
