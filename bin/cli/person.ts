import { userInfo } from "node:os";
import { type Options, textOption, UsageError } from "./command.ts";

/** By whom it was done, for those who meet it later; nothing is permitted by it: that takes AWS credentials. */
export function personOf(options: Options): string {
  const by = textOption(options, "by") ?? userInfo().username;
  if (!/^[\w .@-]{1,60}$/.test(by)) throw new UsageError("--by is a name of at most 60 letters");
  return `${by} (command line)`;
}
