import { readFileSync } from "node:fs";
import type { Plugin } from "esbuild";

/** Files whose exports may be called, constructed or passed on, and of which nobody here needs an effect. */
export function withoutCode(name: string, filter: RegExp): Plugin {
  return {
    name,
    setup: (build) => {
      build.onLoad({ filter }, ({ path }) => {
        const exported = /^export (?:async )?(?:function|const|class) (\w+)/gm;
        const names = [...readFileSync(path, "utf8").matchAll(exported)].map(([, one]) => one);
        return { contents: names.map((one) => `export function ${one}() {}`).join("\n") };
      });
    },
  };
}
