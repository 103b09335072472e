import { settingsOf } from "../../functions/core/diagnosis/judged-by.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { type Command, choice, textOption, textOptions, UsageError } from "../cli/command.ts";
import { loadEvidence } from "../cli/evidence-file.ts";
import { judge } from "../cli/judge.ts";
import { present } from "../cli/present.ts";
import { settingsWith } from "../cli/thresholds.ts";

export const replay: Command = {
  summary: "Diagnoses saved evidence again: the same evidence gives the same answer for ever",
  usage: [
    "responder replay FILE [--format text|json] [--set name=value ...]",
    "",
    "  FILE   evidence that diagnose --save kept, or an object of the evidence bucket, unpacked",
    "  --set  in place of what the evidence was judged with",
  ].join("\n"),
  options: {
    file: { type: "string" },
    format: { type: "string" },
    set: { type: "string", multiple: true },
  },
  positional: "file",
  run: async (options, io) => {
    const file = textOption(options, "file");
    if (file === undefined) throw new UsageError("the file is missing");
    const evidence = loadEvidence(file);
    const settings = settingsWith(textOptions(options, "set"), settingsOf(evidence, defaultSettings));
    return present(
      evidence,
      judge(evidence, settings),
      0,
      choice(options, "format", ["text", "json"], "text"),
      io,
    );
  },
};
