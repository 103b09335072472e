import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

/** Slack's client without the methods of its Web API, and the helpers, that nobody here calls. */
export function trimSlack(words: ReadonlySet<string>): readonly Plugin[] {
  return [
    methods(words),
    ...(words.has("uploadV2") || words.has("filesUploadV2") ? [] : [uploads]),
    ...(words.has("chatStream") ? [] : [streams]),
    values(words),
  ];
}

/** A method is kept where each part of its name is spoken of. */
function methods(words: ReadonlySet<string>): Plugin {
  const spokenOf = (method: string) => method.split(".").every((part) => words.has(part));
  return {
    name: "methods of Slack",
    setup: (build) => {
      build.onLoad({ filter: /@slack[/\\]web-api[/\\]dist[/\\]methods\.js$/ }, ({ path }) => ({
        contents: withoutEmpty(
          readFileSync(path, "utf8")
            .replace(/\/\*\*[\s\S]*?\*\//g, "")
            .replace(/^\s*\w+: bindApiCall\w*\(this, '([\w.]+)'\),$/gm, (line, method: string) =>
              spokenOf(method) ? line : "",
            ),
        ),
      }));
    },
  };
}

/** Groups of methods of which none is left, and groups of such groups. */
function withoutEmpty(source: string): string {
  const rest = source.replace(/^\s*\w+: \{\s*\},$/gm, "").replace(/^ {4}\w+ = \{\s*\};$/gm, "");
  return rest === source ? source : withoutEmpty(rest);
}

/** Sending files, which takes calls of its own. */
const uploads: Plugin = {
  name: "uploads to Slack",
  setup: (build) => {
    build.onLoad({ filter: /@slack[/\\]web-api[/\\]dist[/\\]file-upload\.js$/ }, () => ({ contents: "" }));
  },
};

/** Writing one message bit by bit. */
const streams: Plugin = {
  name: "streams to Slack",
  setup: (build) => {
    build.onLoad({ filter: /@slack[/\\]web-api[/\\]dist[/\\]chat-stream\.js$/ }, () => ({ contents: "" }));
  },
};

/** Its types are 50 files, and few of them hold anything for a program that runs. */
function values(words: ReadonlySet<string>): Plugin {
  return {
    name: "types of Slack",
    setup: (build) => {
      build.onLoad({ filter: /@slack[/\\]types[/\\]dist[/\\]index\.js$/ }, ({ path }) => {
        const exported: object = createRequire(import.meta.url)(path);
        return Object.keys(exported).some((name) => words.has(name)) ? undefined : { contents: "" };
      });
    },
  };
}
