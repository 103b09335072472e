import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { inspect } from "node:util";

/**
 * An error as Node prints it, with the files and lines of the sources instead of those of the bundle.
 * @param {unknown} error
 * @param {string} bundle
 */
export function inSources(error, bundle) {
  const printed = inspect(error);
  try {
    const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")));
    return printed.replaceAll(/([^\s(]+):(\d+):(\d+)/g, (position, path, line, column) => {
      if (path !== bundle) return position;
      const origin = map.findOrigin(Number(line), Number(column));
      return "fileName" in origin
        ? `${resolve(dirname(bundle), origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`
        : position;
    });
  } catch {
    // Positions in the bundle are better than no error.
    return printed;
  }
}
